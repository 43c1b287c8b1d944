"""The pages of incidents: reported by an instructor, seen by a manager, kept from everybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.accounts.services import grant_house
from foyer.caseload.dues import dues_of
from foyer.database import db, house_scope
from foyer.incidents import handling
from foyer.incidents.models import Incident, Seriousness
from tests.factories import make_user
from tests.incidents.house import desk, happened, house_of_incidents
from tests.queries import count_queries

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def house(app: Flask) -> SimpleNamespace:
    """Ids and accounts' ids only: nothing of the test holds the database while pages are asked for."""
    with house_of_incidents(app) as made:
        office = make_user(None, Role.OFFICE)
        grant_house(office, made.residence.id)
        own = make_user(made.residence, Role.RESIDENT)
        made.residents[0].user_id = own.id
        ids = {name: getattr(made, name).id for name in ("head", "deputy", "peksos", "other", "teacher")}
        found = SimpleNamespace(
            ids={**ids, "office": office.id, "own": own.id},
            house_id=made.residence.id,
            resident_ids=[resident.id for resident in made.residents],
            owner_id=made.peksos_staff.id,
            now=desk(made, made.head).now,
        )
        db.session.commit()
    return found


def _typed(house: SimpleNamespace, **values: object) -> dict[str, object]:
    then = house.now - timedelta(hours=1)
    return {
        "kind": "violence",
        "happened_on": then.date().isoformat(),
        "happened_minute": then.strftime("%H:%M"),
        "place": "Lapangan",
        "person_0": house.resident_ids[0],
        "role_0": "affected",
        "person_1": house.resident_ids[2],
        "role_1": "acted",
        "account": "Saling dorong saat bermain bola.",
        "seriousness": "serious",
        **values,
    }


def test_an_instructor_reports_and_reads_it_the_others_only_if_it_concerns_them(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    teacher = sign_in(house.ids["teacher"])
    assert 'href="/incidents/new?kind=missing"' in teacher.get("/incidents/new").text
    form = teacher.get("/incidents/new?kind=missing").text
    assert 'type="hidden" name="kind" value="missing"' in form
    refused = teacher.post("/incidents/new", data=_typed(house, place=""))
    assert refused.status_code == 422
    assert "Saling dorong" in refused.text
    assert teacher.post("/incidents/new", data=_typed(house)).status_code == 303
    with app.app_context(), house_scope(house.house_id):
        page = f"/incidents/{db.session.scalars(select(Incident.id)).one()}"
    assert "Saling dorong" in teacher.get(page).text
    assert sign_in(house.ids["other"]).get(page).status_code == 404
    peksos = sign_in(house.ids["peksos"]).get(page).text
    assert "Bima Satria" in peksos
    assert "Dodi Wijaya" not in peksos
    section = sign_in(house.ids["peksos"]).get(f"/residents/{house.resident_ids[0]}/incidents").text
    assert page in section
    assert "Dodi" not in section
    head = sign_in(house.ids["head"])
    assert "Dodi Wijaya" in head.get(page).text
    assert "/incidents?state=reported" in head.get("/").text
    assert page in head.get("/incidents?state=open&kind=violence&seriousness=serious&sort=oldest").text
    assert page not in head.get("/incidents?kind=data").text
    own = sign_in(house.ids["own"]).get("/my-incidents").text
    assert "Kekerasan" in own
    assert "Dodi" not in own
    assert "dorong" not in own


def test_the_acts_are_forms_of_their_own_and_a_second_manager_closes(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(house.ids["teacher"]).post("/incidents/new", data=_typed(house, seriousness="minor"))
    with app.app_context(), house_scope(house.house_id):
        page = f"/incidents/{db.session.scalars(select(Incident.id)).one()}"
    head, peksos = sign_in(house.ids["head"]), sign_in(house.ids["peksos"])
    assert sign_in(house.ids["teacher"]).get(f"{page}/propose").status_code == 403
    assert peksos.post(f"{page}/assign", data={"owner_id": house.owner_id}).status_code == 403
    assert head.post(f"{page}/assign", data={"owner_id": house.owner_id}).status_code == 303
    stale = peksos.post(
        f"{page}/amend", data={"words": "Baru", "kind": "violence", "seriousness": "minor", "version": 1}
    )
    assert stale.status_code == 409
    assert "Baru" in stale.text
    assert head.post(f"{page}/propose", data={"words": "Berdamai."}).status_code == 303
    refused = head.post(f"{page}/decide", data={"decision": "close"})
    assert refused.status_code == 422
    assert sign_in(house.ids["deputy"]).post(f"{page}/decide", data={"decision": "close"}).status_code == 303
    with app.app_context(), house_scope(house.house_id):
        assert db.session.scalars(select(Incident.state)).one() == "closed"


def test_the_office_reads_figures_and_no_name_each_figure_of_the_manager_opens_its_records(
    house: SimpleNamespace, sign_in: SignIn
) -> None:
    head = sign_in(house.ids["head"])
    assert head.post("/incidents/new", data=_typed(house, kind="missing", seriousness="moderate")).status_code == 303
    overview = sign_in(house.ids["office"]).get("/incidents/overview")
    assert "(1 berat)" in overview.text
    assert "Bima" not in overview.text
    assert sign_in(house.ids["office"]).get("/incidents").status_code == 403
    month = (house.now - timedelta(hours=1)).strftime("%Y-%m")
    assert f"/incidents?kind=missing&amp;month={month}" in head.get("/incidents/figures").text
    assert "Bima Satria" in head.get(f"/incidents?kind=missing&month={month}").text


def test_what_is_due_names_the_clock_and_the_measure(app: Flask) -> None:
    with house_of_incidents(app) as house:
        row = happened(house, house.peksos, seriousness=Seriousness.SERIOUS)
        handling.assign(desk(house, house.head), row, house.peksos_staff, version=None)
        here = desk(house, house.peksos)
        handling.add_measure(here, row, words="Bicara.", owner=house.other_staff, due_on=here.today, version=None)
        found = dues_of(here, [house.residents[0].id])
        kinds = [(due.kind, due.owner_id) for due in found if due.kind in ("incident", "measure")]
        clock = ("incident", house.peksos_staff.id)
        assert sorted(kinds) == [clock, clock, ("measure", house.other_staff.id)]


def test_pages_ask_a_fixed_number_of_queries(app: Flask, house: SimpleNamespace, sign_in: SignIn) -> None:
    head = sign_in(house.ids["head"])
    for _n in range(3):
        answer = head.post("/incidents/new", data=_typed(house))
    for address in ("/incidents", answer.location, "/incidents/new", "/incidents/figures"):
        with count_queries(app) as counted:
            assert head.get(address).status_code == 200
        assert len(counted) <= 12, (address, counted)
