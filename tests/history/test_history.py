"""The trail as a page, in people's words, and who read my file."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import foyer
from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.audit.services import LOOKED_OVER, Caseload, LettersRegister
from foyer.audit.trail import _SKIPPED, Audited
from foyer.caseload.models import Assignment
from foyer.caseload.rights import Part
from foyer.copies import services as copies
from foyer.copies.sources import Audience
from foyer.database import Base, db
from foyer.history import services
from foyer.history.fields import FIELDS, SAID_BY_THE_LINE, SILENT, STAFF_FIELDS
from foyer.history.subjects import SUBJECTS, VERBS
from foyer.papers.models import IssuedPaper, PaperKind
from foyer.residences.models import Residence, Staff
from foyer.residents.models import EducationLevel
from tests.factories import make_user
from tests.papers.conftest import Office
from tests.papers.conftest import office as office
from tests.queries import count_queries

SignIn = Callable[[User | int], FlaskClient]


def test_changes_are_told_in_words_and_confidential_ones_only_as_having_changed(
    office: Office, sign_in: SignIn
) -> None:
    with office.opened() as at:
        at.resident.birth_place = "Kota Lama"
        at.resident.religion = "RAHASIA-AGAMA"
        at.stay.education_level = EducationLevel.SMP
        staff = db.session.query(Staff).filter_by(user_id=office.counsellor).one()
        db.session.add(
            Assignment(residence_id=office.house, resident_id=office.resident, staff_id=staff.id, from_on=at.desk.today)
        )
        name = staff.full_name
    client = sign_in(office.manager)
    page = client.get(f"/residents/{office.resident}/trail", headers={"Accept-Language": "id"}).text
    for told in ("Sri Kepala", "Kota Lama", "SMP", name, "13 Jan"):
        assert told in page
    for raw in ("RAHASIA-AGAMA", "birth_place", "education_level", "name_key", "staff_id", "StageStep", "•••"):
        assert raw not in page
    with count_queries(office.app) as seen:
        assert client.get(f"/residents/{office.resident}/trail?what=all").status_code == 200
    assert len(seen) <= 18


def test_a_resident_sees_who_opened_and_who_changed_the_own_file(office: Office, sign_in: SignIn) -> None:
    with office.opened() as at:
        house = db.session.get_one(Residence, office.house)
        resident = make_user(house, Role.RESIDENT)
        at.resident.user_id = resident.id
        id_ = resident.id
        at.resident.birth_place = "KOTA-LAMA"
        reported = AuditEntry(
            verb="created",
            subject_type="IncidentPerson",
            resident_id=office.resident,
            residence_id=house.id,
            actor_id=make_user(house, Role.INSTRUCTOR, display_name="PELAPOR").id,
        )
        db.session.add(reported)
        copies.take_copy(at.desk, at.resident, Audience.RESIDENT, [Part.IDENTITY])
    counsellor = sign_in(office.counsellor)
    for _ in range(2):
        counsellor.get(f"/residents/{office.resident}")
        counsellor.get("/")  # the caseload: one line a day
    counsellor.get(f"/residents/{office.resident}/letters")
    own = sign_in(id_)
    page = own.get("/my-file/readers", headers={"Accept-Language": "en"}).text
    with office.opened():
        assert db.session.get_one(User, office.counsellor).display_name in page
    assert "opened your file 3 times" in page
    assert page.count("saw in a list: Caseload, with flags and needs") == 1
    assert "Sri Kepala" in page
    assert "changed: Identity" in page
    assert "took along: Copy of the file, for the resident (Identity)" in page
    assert "Somebody of the house" in page
    assert "KOTA-LAMA" not in page, "what was changed, not to what"
    assert "PELAPOR" not in page
    assert own.get(f"/residents/{office.resident}/trail").status_code == 403
    assert counsellor.get("/my-file/readers").status_code == 403


def test_who_opened_and_changed_comes_in_pages(office: Office) -> None:
    with office.opened() as at:
        for number in range(5):
            at.resident.birth_place = f"Kota {number}"
            db.session.flush()
        first, total, page, pages = services.visits_of(at.desk, at.resident, size=4)
        assert (total > 4, page, pages) == (True, 1, -(-total // 4))
        assert services.visits_of(at.desk, at.resident, 99, size=4)[2] == pages, "the last page, where there is no 99th"
        assert first


def looks(office: Office) -> list[tuple[str, int | None]]:
    with office.opened():
        found = select(AuditEntry.subject_type, AuditEntry.resident_id).where(AuditEntry.verb == "looked_over")
        return [(kind, resident) for kind, resident in db.session.execute(found.order_by(AuditEntry.id))]


def test_lists_that_say_more_than_names_write_one_line_a_day_for_each_reader(office: Office, sign_in: SignIn) -> None:
    counsellor, manager = sign_in(office.counsellor), sign_in(office.manager)
    counsellor.get("/")
    seen = looks(office)
    assert ("Caseload", office.resident) in seen
    counsellor.get("/")
    assert looks(office) == seen, "not again on the same day"
    with office.opened():
        db.session.add(
            IssuedPaper(
                residence_id=office.house,
                resident_id=office.resident,
                kind=PaperKind.LEAVE,
                year=2027,
                sequence=1,
                number_text="001",
                issued_on=date(2027, 1, 13),
                typed="{}",
                docx=b"",
                pdf=b"",
            )
        )
    for _ in range(2):
        manager.get("/letters")
    assert looks(office) == [*seen, ("LettersRegister", office.resident)]


def test_every_record_about_residents_with_its_fields_and_every_verb_has_its_words(app: Flask) -> None:
    mappers = [each for each in Base.registry.mappers if issubclass(each.class_, Audited)]
    mappers = [each for each in mappers if each.class_.__audit_resident__]
    kinds = {mapper.class_.__name__ for mapper in mappers}
    silent = SILENT | SAID_BY_THE_LINE | _SKIPPED
    fields = {f"{mapper.class_.__name__}.{one.key}": one.key for mapper in mappers for one in mapper.column_attrs}
    fields = {name: key for name, key in fields.items() if key in STAFF_FIELDS or not key.endswith("_id")}
    unnamed = sorted(name for name, key in fields.items() if key not in silent and key not in FIELDS)
    assert unnamed == [], "name these in FIELDS of foyer/history/fields.py"
    verbs = {"created", "changed", "deleted", "read", LOOKED_OVER}
    for file in Path(foyer.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record":
                if any(keyword.arg == "resident_id" for keyword in call.keywords):
                    verbs.add(cast(str, ast.literal_eval(call.args[0])))
    assert {"exported", "looked_for", "wished"} <= verbs
    named = {kind.__name__ for kind in (Caseload, LettersRegister, *copies.KINDS.values())} | {"ClassRegister"}
    assert sorted((kinds | named) - set(SUBJECTS)) == [], "name these in SUBJECTS of foyer/history/subjects.py"
    assert sorted(verbs - set(VERBS)) == [], "name these in VERBS of foyer/history/subjects.py"
