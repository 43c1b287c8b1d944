"""The residents' files: who may open which, that reading is written down, and that the facts can be mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.cycles.models import Enrolment, Plan, PlanCaseload, PlanState
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from foyer.residences.models import Staff
from foyer.residents.models import NikState, Resident, Stay
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import make_house
from tests.factories import make_residence, make_resident, make_stay, make_user
from tests.queries import count_queries

NIK = "3275060305092364"


def planned(residents: int = 8, *, published: bool = True) -> Any:
    """A house with a plan; its first two counsellors have accounts."""
    house = make_house(residents)
    with house_scope(house.residence.id):
        problem = build_problem(house.cycle)
        house.plan = store_plan(house.cycle, problem, plan_by_hand(problem))  # type: ignore[attr-defined]
    if published:
        house.plan.state = PlanState.PUBLISHED  # type: ignore[attr-defined]
    for counsellor in house.counsellors:
        counsellor.user_id = make_user(house.residence, Role.COUNSELLOR, display_name=counsellor.full_name).id
    db.session.flush()
    return house


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient]) -> SimpleNamespace:
    with app.app_context():
        house = planned()
        manager = make_user(house.residence)
        with house_scope(house.residence.id):
            loads = db.session.scalars(select(PlanCaseload).order_by(PlanCaseload.id)).all()
            own = [load.enrolment.stay.resident for load in loads if load.staff_id == house.counsellors[0].id]
            own[0].nik, own[0].nik_state = NIK, NikState.GIVEN
        stranger = make_resident(make_residence(), full_name="Orang Lain")
        free = make_resident(house.residence, full_name="Belum Ditempatkan")
        make_stay(free)
        enrolment = next(e for e in house.enrolments if e.stay.resident_id == own[0].id)
        users = [manager.id, house.counsellors[0].user_id, house.counsellors[1].user_id]
        known = {
            "id": house.residence.id,
            "resident": own[0].id,
            "name": own[0].full_name,
            "stay": enrolment.stay_id,
            "enrolment": enrolment.id,
            "own": {resident.full_name for resident in own},
            "free": free.id,
            "stranger": stranger.id,
            "trades": [trade.id for trade in house.trades],
            "plan": house.plan.id,
        }
        db.session.commit()
    manager, counsellor, other = map(sign_in, users)
    return SimpleNamespace(app=app, manager=manager, counsellor=counsellor, other=other, **known)


def tabs_of(page: str) -> dict[str, list[str]]:
    """The pages of a file by the subject that the list for narrow windows puts them in."""
    menu = page[page.index('<details class="file-menu') : page.index("</details>", page.index('class="file-menu'))]
    parts = re.split(r'<span class="file-menu-subject"[^>]*>([^<]*)</span>', menu)
    return {name: re.findall(r'<a href="([^"]*)"', part) for name, part in zip(parts[1::2], parts[2::2], strict=True)}


def test_the_pages_of_a_file_stand_by_subject_and_each_opens(place: SimpleNamespace) -> None:
    file = f"/residents/{place.resident}"
    page = place.manager.get(f"{file}/family").text
    by_subject = tabs_of(page)
    assert list(by_subject) == ["Pribadi", "Perencanaan", "Pendampingan", "Perkembangan", "Akhir pelayanan", "Arsip"]
    assert f"{file}/family" in by_subject["Pribadi"]
    addresses = [address for tabs in by_subject.values() for address in tabs]
    assert len(addresses) == len(set(addresses)) > 15
    for address in addresses:
        answer = place.manager.get(address)
        assert answer.status_code == 200, address
        assert answer.text.count(f'<a href="{address}" aria-current="page"') == 2, address
        row = answer.text[answer.text.index('class="file-subjects"') :].split("</ul>")[0]
        assert row.count('aria-current="true"') == 1, "its subject is marked"
    assert page.count(f'<a href="{file}"') == 2, "a subject of one page is that page"


def test_who_may_open_few_pages_has_one_row_without_subjects(
    place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foyer.caseload.sections.FEW", 99)
    page = place.counsellor.get(f"/residents/{place.resident}/family").text
    assert 'class="file-menu' not in page
    assert 'class="file-subjects"' not in page
    assert page.count(f'<a href="/residents/{place.resident}/family" aria-current="page"') == 1


def reads(place: SimpleNamespace) -> int:
    with place.app.app_context():
        query = select(AuditEntry).where(AuditEntry.verb == "read", AuditEntry.resident_id == place.resident)
        return len(db.session.scalars(query).all())


def test_a_counsellor_opens_the_own_caseload_and_nobody_else(place: SimpleNamespace) -> None:
    assert place.counsellor.get(f"/residents/{place.resident}").status_code == 200
    assert place.other.get(f"/residents/{place.resident}").status_code == 404
    assert place.counsellor.get(f"/residents/{place.free}").status_code == 404
    assert place.counsellor.get("/residents/999999").status_code == 404
    assert place.manager.get(f"/residents/{place.free}").status_code == 200
    assert place.manager.get(f"/residents/{place.stranger}").status_code == 404


def test_the_list_shows_a_manager_the_house_and_a_counsellor_the_caseload(place: SimpleNamespace) -> None:
    everybody = place.manager.get("/residents").text
    assert "Belum Ditempatkan" in everybody
    assert "Orang Lain" not in everybody
    mine = place.counsellor.get("/residents").text
    assert all(name in mine for name in place.own)
    assert "Belum Ditempatkan" not in mine


def test_before_publication_a_counsellor_sees_nobody(place: SimpleNamespace) -> None:
    with place.app.app_context(), house_scope(place.id):
        db.session.get_one(Plan, place.plan).state = PlanState.DRAFT
        db.session.commit()
    assert not any(name in place.counsellor.get("/residents").text for name in place.own)
    assert place.counsellor.get(f"/residents/{place.resident}").status_code == 404


def test_the_list_is_searched_filtered_and_sorted(place: SimpleNamespace) -> None:
    assert "Belum Ditempatkan" in place.manager.get("/residents?q=belum+DITEMPAT").text
    assert place.name not in place.manager.get("/residents?q=belum").text
    assert "Belum Ditempatkan" not in place.manager.get("/residents?gender=female").text
    for sort in ("name", "class", "room", "counsellor", "stage", "arrives", "leaves"):
        assert place.manager.get(f"/residents?sort={sort}&order=desc&stage=1&presence=all&page=7").status_code == 200


def test_reading_a_file_is_written_down(place: SimpleNamespace) -> None:
    before = reads(place)
    place.counsellor.get(f"/residents/{place.resident}")
    assert reads(place) == before + 1


def test_a_form_that_shows_what_the_file_shows_is_written_down_as_well(place: SimpleNamespace) -> None:
    before = reads(place)
    place.manager.get(f"/residents/{place.resident}/stays/{place.stay}")
    place.manager.get(f"/residents/{place.resident}/identity")
    assert reads(place) == before + 2


def test_a_counsellor_who_no_longer_works_here_sees_nobody(place: SimpleNamespace) -> None:
    assert place.counsellor.get(f"/residents/{place.resident}").status_code == 200
    with place.app.app_context(), house_scope(place.id):
        for member in db.session.scalars(select(Staff).where(Staff.user_id.is_not(None))):
            member.is_active = False
        db.session.commit()
    assert place.counsellor.get(f"/residents/{place.resident}").status_code == 404
    assert not any(name in place.counsellor.get("/residents").text for name in place.own)
    for page in ("/", "/week"):
        answer = place.counsellor.get(page)
        assert answer.status_code == 200
        assert not any(name in answer.text for name in place.own)


def test_the_identity_number_is_masked_until_somebody_asks_and_that_is_written_down(place: SimpleNamespace) -> None:
    url = f"/residents/{place.resident}"
    assert NIK not in place.manager.get(url).text
    before = reads(place)
    assert NIK in place.manager.post(f"{url}/nik/show").text
    assert reads(place) == before + 1
    assert place.other.post(f"{url}/nik/show").status_code == 404


def test_a_new_identity_number_needs_sixteen_digits_and_never_enters_the_trail(place: SimpleNamespace) -> None:
    url = f"/residents/{place.resident}/nik"
    version = _version(place, Resident, place.resident)
    assert NIK not in place.manager.get(url).text
    assert place.manager.post(url, data={"nik": "123", "version": version}).status_code == 422
    assert place.manager.post(url, data={"nik": "3275 0603 0509 9999", "version": version}).status_code == 302
    with place.app.app_context():
        changes = [entry.changes for entry in db.session.scalars(select(AuditEntry))]
    assert "3275060305099999" not in str(changes)


def test_a_manager_mends_the_stay_and_a_counsellor_does_not(place: SimpleNamespace) -> None:
    url = f"/residents/{place.resident}/stays/{place.stay}"
    form = {
        "arrives_on": "2027-01-04",
        "leaves_on": "2027-04-30",
        "independence_stage": "3",  # not a question of this form: a review moves it
        "education_level": "smp",
        "needs": ["abh", "wheelchair"],
        "version": _version(place, Stay, place.stay),
        "outside-0-day": "7",
        "outside-0-start": "07:00",
        "outside-0-end": "12:00",
    }
    assert place.counsellor.post(url, data=form).status_code == 403
    half = {**form, "outside-1-day": "5"}
    assert place.manager.post(url, data=half).status_code == 422
    backwards = place.manager.post(url, data={**form, "leaves_on": "2027-01-04"})
    assert backwards.status_code == 422
    assert 'value="07:00"' in backwards.text
    assert place.manager.post(url, data=form).status_code == 302
    with place.app.app_context():
        with house_scope(place.id):
            stay = db.session.scalars(select(Stay).where(Stay.id == place.stay)).one()
        assert (stay.independence_stage, stay.needs) == (1, ["abh", "wheelchair"])
        trail = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "Stay")).all()
        assert any("needs" in entry.changes for entry in trail)
        assert not any("abh" in str(entry.changes) for entry in trail), "the trail can never forget them"
        assert stay.outside_hours == [[weekday, 420, 720] for weekday in range(5)]
    stale = place.manager.post(url, data={**form, "leaves_on": "2027-04-20"})
    assert stale.status_code == 409
    assert "2027-04-20" in stale.text
    assert f"/residents/{place.resident}/independence" in place.manager.get(f"/residents/{place.resident}").text


def test_wishes_are_ranked_without_gaps_or_repeats(place: SimpleNamespace) -> None:
    url = f"/residents/{place.resident}/wishes/{place.enrolment}"
    one, two = map(str, place.trades)
    version = _version(place, Enrolment, place.enrolment)

    def send(*ranks: str, version: str = version) -> int:
        form = {f"ranks-{n}": rank for n, rank in enumerate(ranks)}
        answer = place.manager.post(url, data={**form, "previous_counsellor_id": "", "version": version})
        return answer.status_code

    assert place.manager.get(url).status_code == 200
    assert send(one, one) == 422
    assert send("", one) == 422
    assert send(one, two, "", "") == 302
    assert send(two, one) == 409  # the version rose with the choices
    with place.app.app_context(), house_scope(place.id):
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.id == place.enrolment)).one()
        assert [choice.trade_id for choice in enrolment.choices] == [int(one), int(two)]


def test_somebody_elses_stay_or_wishes_are_not_found_under_a_residents_address(place: SimpleNamespace) -> None:
    assert place.manager.get(f"/residents/{place.free}/stays/{place.stay}").status_code == 404
    assert place.manager.get(f"/residents/{place.free}/wishes/{place.enrolment}").status_code == 404


@pytest.mark.parametrize("page", ["/residents", "/residents?sort=class", "/residents/{resident}"])
def test_pages_send_as_many_queries_at_two_hundred_residents_as_at_twenty(
    app: Flask, sign_in: Callable[..., FlaskClient], page: str
) -> None:
    counts = []
    for residents in (20, 200):
        with app.app_context():
            house = planned(residents)
            manager = make_user(house.residence)
            user, resident = manager.id, house.enrolments[1].stay.resident_id
            db.session.commit()
        browser = sign_in(user)
        with count_queries(app) as seen:
            assert browser.get(page.format(resident=resident)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 30


def _version(place: SimpleNamespace, kind: Any, record_id: int) -> str:
    with place.app.app_context(), house_scope(place.id):
        return str(db.session.scalars(select(kind.version).where(kind.id == record_id)).one())
