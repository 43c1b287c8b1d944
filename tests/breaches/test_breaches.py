"""A breach of personal data: whose files an account opened, and the notices of UU 27/2022 art. 46."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import insert, select

from foyer.accounts.models import User
from foyer.audit.models import AuditEntry
from foyer.breaches import services
from foyer.breaches.models import BreachNotice
from foyer.breaches.services import Wanted
from foyer.database import db, house_scope
from foyer.incidents.models import IncidentKind, InvolvedAs, StepKind
from tests.factories import make_residence, make_resident
from tests.incidents.house import desk, happened, house_of_incidents
from tests.queries import count_queries

SignIn = Callable[[int], FlaskClient]
NOTICE = {
    "which_data": "Nama, tanggal lahir dan kelas.",
    "how": "Telepon genggam hilang di angkot pada Senin siang.",
    "remedy": "Akun ditutup. Ganti kata sandi Anda.",
}


@pytest.fixture
def house(app: Flask) -> Iterator[SimpleNamespace]:
    with house_of_incidents(app) as made:
        yield _breached(app, made)


@pytest.fixture
def saved(app: Flask) -> SimpleNamespace:
    """Ids only: nothing of the test holds the database while pages are asked for."""
    with house_of_incidents(app) as made:
        found = _breached(app, made)
        made.residents[2].born_on = date(2000, 1, 1)
        found.other_id = happened(made, made.teacher).id
        db.session.commit()
        del found.made, found.row
    return found


def _breached(app: Flask, made: SimpleNamespace) -> SimpleNamespace:
    """A breach that the teacher reported, and what the trail knows of the teacher's reading."""
    here = desk(made, made.teacher)
    row = happened(made, made.teacher, kind=IncidentKind.DATA, people={}, place="Angkot")
    first, second, third = (resident.id for resident in made.residents)
    noon = datetime.combine(here.today - timedelta(days=3), time(12), ZoneInfo(made.residence.time_zone))
    _read(made, made.teacher, first, noon)
    _read(made, made.teacher, first, noon + timedelta(hours=1), "exported")
    _read(made, made.teacher, second, noon.replace(hour=23, minute=59))
    _read(made, made.teacher, third, noon + timedelta(days=1))  # another day
    _read(made, made.peksos, third, noon)  # somebody else
    _read(made, made.teacher, third, noon, "changed")  # no reading
    stranger = make_resident(make_residence(name="Panti Melati"), full_name="Orang Lain")
    _read(made, made.teacher, stranger.id, noon)  # another house's
    made.residents[1].is_restricted = True
    db.session.flush()
    return SimpleNamespace(
        app=app,
        made=made,
        row=row,
        row_id=row.id,
        day=noon.date(),
        ids=(first, second, third),
        stranger=stranger.id,
        head=made.head.id,
        teacher=made.teacher.id,
        house_id=made.residence.id,
    )


def _read(made: SimpleNamespace, user: User, resident_id: int, at: datetime, verb: str = "read") -> None:
    values = {"at": at, "residence_id": made.residence.id, "actor_id": user.id, "verb": verb}
    db.session.execute(
        insert(AuditEntry), [{**values, "subject_type": "Resident", "resident_id": resident_id, "changes": {}}]
    )


def test_the_trail_says_whose_files_an_account_opened_on_which_days(house: SimpleNamespace) -> None:
    here = desk(house.made, house.made.head)
    one_day = Wanted(house.teacher, house.day, house.day)
    with count_queries(house.app) as count:
        found = services.touched(here, house.row, one_day)
    assert len(count) <= 2
    assert [(one.resident.id, one.times) for one in found] == [(house.ids[0], 2), (house.ids[1], 1)]
    later = services.touched(here, house.row, Wanted(house.teacher, house.day, house.day + timedelta(days=1)))
    assert {one.resident.id for one in later} == set(house.ids)
    assert services.touched(here, house.row, Wanted(house.head, house.day, house.day)) == []
    everybody = services.touched(here, house.row, Wanted(None, house.day, house.day))
    assert {one.resident.id for one in everybody} == set(house.ids)


def test_those_ticked_are_named_as_affected_with_how_they_were_found(house: SimpleNamespace) -> None:
    here, wanted = desk(house.made, house.made.head), Wanted(house.teacher, house.day, house.day)
    assert services.name_affected(here, house.row, house.ids[:2], wanted, version=house.row.version) == 2
    assert {one.resident_id: one.role for one in house.row.people} == dict.fromkeys(house.ids[:2], InvolvedAs.AFFECTED)
    step = house.row.steps[-1]
    assert step.kind is StepKind.AMENDED
    assert house.made.teacher.display_name in (step.note or "")
    with pytest.raises(services.NobodyChosen):
        services.name_affected(here, house.row, house.ids[:2], wanted, version=house.row.version)


def test_the_notices_are_drafted_for_each_and_for_the_authority(saved: SimpleNamespace, sign_in: SignIn) -> None:
    page = f"/breaches/{saved.row_id}"
    head = sign_in(saved.head)
    assert page in head.get(f"/incidents/{saved.row_id}").text
    assert head.get(f"{page}/authority.docx").status_code == 404  # nothing is written yet
    search = {"who": saved.teacher, "first": saved.day.isoformat(), "last": saved.day.isoformat()}
    assert "Dodi Wijaya" not in head.get(f"{page}/people", query_string=search).text
    wrong = head.get(f"{page}/people", query_string={**search, "last": "2020-01-01"}).text
    assert "error-summary" in wrong
    nobody = head.post(f"{page}/people", data=search)
    assert nobody.status_code == 422
    foreign = head.post(f"{page}/people", data={**search, "residents": [saved.stranger]})
    assert foreign.status_code == 422
    everybody = {**search, "who": "", "residents": list(saved.ids)}
    assert head.post(f"{page}/people", data=everybody).status_code == 303
    short = head.post(f"{page}/notice", data={**NOTICE, "how": ""})
    assert short.status_code == 422
    assert NOTICE["remedy"] in short.text
    first_seen = {**NOTICE, "version": 0}
    assert head.post(f"{page}/notice", data=first_seen).status_code == 303
    second = head.post(f"{page}/notice", data={**first_seen, "how": "Ditulis orang kedua"})
    assert second.status_code == 409  # two began while nothing was written: neither is lost
    assert "Ditulis orang kedua" in second.text
    assert NOTICE["how"] in second.text
    stale = head.post(f"{page}/notice", data={**NOTICE, "how": "Lain", "version": 99})
    assert stale.status_code == 409
    paper = Document(io.BytesIO(head.get(f"{page}/affected.docx").data))
    text = "\n".join(line.text for line in paper.paragraphs)
    assert text.count(NOTICE["which_data"]) == 3
    assert "Bima Satria" in text
    assert "C.L." in text  # restricted: paper lies about
    assert "Citra" not in text
    assert text.count("dan orang tua atau walinya") == 2  # the third is of age
    pages = PdfReader(io.BytesIO(head.get(f"{page}/affected.pdf").data)).pages
    assert len(pages) == 3
    told = "\n".join(line.text for line in Document(io.BytesIO(head.get(f"{page}/authority.docx").data)).paragraphs)
    assert "terdampak: 3." in told
    assert "Bima" not in told
    assert "Pasal 46" in told
    with saved.app.app_context(), house_scope(saved.house_id):
        assert db.session.scalars(select(BreachNotice.how)).one() == NOTICE["how"]


def test_only_managers_and_only_breaches(saved: SimpleNamespace, sign_in: SignIn) -> None:
    assert sign_in(saved.head).get(f"/breaches/{saved.other_id}").status_code == 404
    assert sign_in(saved.teacher).get(f"/breaches/{saved.row_id}").status_code == 403
    assert "/breaches/" not in sign_in(saved.teacher).get(f"/incidents/{saved.row_id}").text
