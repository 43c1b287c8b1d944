"""Many residents at once: only those one answers for, skipped where there is nothing to do, and taken back as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import User
from foyer.caseload.models import Assignment
from foyer.counselling.models import ResidentFlag
from foyer.database import db
from foyer.residences.models import Residence, Staff
from foyer.residents.models import Resident
from foyer.together.models import TogetherAct
from tests.factories import make_residence, make_resident
from tests.papers.conftest import NAME, Office
from tests.papers.conftest import office as office
from tests.papers.test_documents import pages_of

SignIn = Callable[[User | int], FlaskClient]


def _people(office: Office) -> tuple[list[int], int]:
    """Ids of everybody of the house, and of one of another house."""
    with office.opened():
        make_resident(db.session.get_one(Residence, office.house))  # in nobody's caseload
        ids = list(db.session.scalars(select(Resident.id).order_by(Resident.id)))
        return ids, make_resident(make_residence()).id


def _answers(at: Any, staff_id: int) -> set[int]:
    """Whom this member of staff answers for today by an assignment."""
    rows = db.session.scalars(select(Assignment).where(Assignment.staff_id == staff_id))
    return {row.resident_id for row in rows if row.from_on <= at.desk.today <= (row.until_on or date.max)}


def test_a_counsellor_is_assigned_to_many_and_it_is_taken_back(office: Office, sign_in: SignIn) -> None:
    ids, stranger = _people(office)
    client = sign_in(office.manager)
    page = client.get("/residents/together", query_string={"resident": [*ids, stranger]})
    assert page.text.count('name="resident"') == 3 * len(ids)  # in every form; the stranger is not there
    with office.opened():
        staff = db.session.scalars(select(Staff.id).where(Staff.user_id == office.counsellor)).one()
    form = {"resident": [*ids, stranger], "assign-staff_id": staff}
    done = client.post("/residents/together/assign", data=form).headers["Location"]
    again = client.post("/residents/together/assign", data=form).headers["Location"]
    with office.opened():
        rows = db.session.scalars(select(Assignment)).all()
        assert sorted(row.resident_id for row in rows) == ids
        acts = db.session.scalars(select(TogetherAct).order_by(TogetherAct.id)).all()
        assert [(len(act.row_ids), act.skipped) for act in acts] == [(len(ids), 0), (0, len(ids))]
    assert client.get(again).status_code == 200
    assert sign_in(office.counsellor).post(f"{done}/undo").status_code == 404  # somebody else's act
    assert client.post(f"{done}/undo").status_code == 302
    with office.opened() as at:
        assert {row.until_on for row in db.session.scalars(select(Assignment))} == {at.desk.today - timedelta(1)}
        assert not _answers(at, staff), "a wrong assignment opens no file until midnight"
    again = client.post("/residents/together/assign", data=form).headers["Location"]  # thought better of
    with office.opened() as at:
        assert _answers(at, staff) == set(ids)
    client.post(f"{again}/undo")
    with office.opened() as at:
        assert not _answers(at, staff)
    assert client.post("/residents/together/assign", data={"assign-staff_id": staff}).status_code == 422


def test_many_are_handed_over_for_a_time_and_it_is_taken_back(office: Office, sign_in: SignIn) -> None:
    ids, stranger = _people(office)
    client = sign_in(office.manager)
    with office.opened():
        staff = db.session.scalars(select(Staff.id).where(Staff.user_id == office.counsellor)).one()
    form = {"resident": [*ids, stranger], "assign-staff_id": staff}
    past = client.post("/residents/together/assign", data={**form, "assign-until_on": "2027-01-12"})
    assert past.status_code == 422
    done = client.post("/residents/together/assign", data={**form, "assign-until_on": "2027-01-20"}).headers["Location"]
    again = client.post("/residents/together/assign", data={**form, "assign-until_on": "2027-01-18"}).headers[
        "Location"
    ]
    with office.opened():
        rows = db.session.scalars(select(Assignment)).all()
        assert {(row.resident_id, row.until_on) for row in rows} == {(id_, date(2027, 1, 20)) for id_ in ids}
        act = db.session.get_one(TogetherAct, int(again.rsplit("/", 1)[1]))
        assert (act.row_ids, act.skipped) == ([], len(ids))  # a shorter time changes nothing
    client.post(f"{done}/undo")
    with office.opened() as at:
        assert {row.until_on for row in db.session.scalars(select(Assignment))} == {at.desk.today - timedelta(1)}


def test_weekly_slips_are_printed_for_the_ticked_whom_one_answers_for(office: Office, sign_in: SignIn) -> None:
    ids, stranger = _people(office)
    with office.opened() as at:
        other = next(one for one in db.session.scalars(select(Resident)) if one.id != at.resident.id and one.stays)
        other.full_name = "Orang Lain Sekali"
    chosen = {"resident": [office.resident, stranger]}
    slips = sign_in(office.counsellor).get("/residents/together/slips.pdf", query_string=chosen)
    assert slips.mimetype == "application/pdf"
    said = pages_of(slips.data)
    assert NAME in said
    assert "Orang Lain" not in said
    assert "Orang Lain" in pages_of(
        sign_in(office.manager).get("/residents/together/slips.pdf", query_string={"resident": ids}).data
    )
    nobody = sign_in(office.counsellor).get("/residents/together/slips.pdf", query_string={"resident": [stranger]})
    assert nobody.status_code == 302


def test_a_counsellor_flags_only_the_own_residents(office: Office, sign_in: SignIn) -> None:
    ids, stranger = _people(office)
    client = sign_in(office.counsellor)
    flag = {
        "flag-kind": "papers",
        "flag-priority": "normal",
        "flag-text": "Foto untuk KTP",
        "flag-until_on": "2027-01-20",
    }
    form = {"resident": [*ids, stranger], **flag}
    assert client.post("/residents/together/flag", data={**form, "flag-until_on": "2029-01-01"}).status_code == 422
    done = client.post("/residents/together/flag", data=form).headers["Location"]
    with office.opened():
        flagged = set(db.session.scalars(select(ResidentFlag.resident_id)))
        assert office.resident in flagged
        assert flagged < set(ids)
    client.post(f"{done}/undo")
    with office.opened() as at:
        assert {row.ended_on for row in db.session.scalars(select(ResidentFlag))} == {at.desk.today}


def test_who_was_assigned_before_is_so_again_when_an_extension_is_taken_back(office: Office, sign_in: SignIn) -> None:
    ids, _stranger = _people(office)
    client = sign_in(office.manager)
    with office.opened() as at:
        staff = db.session.scalars(select(Staff.id).where(Staff.user_id == office.counsellor)).one()
        own = {"residence_id": office.house, "staff_id": staff, "from_on": at.desk.today - timedelta(30)}
        last = at.desk.today + timedelta(40)
        db.session.add(Assignment(**own, resident_id=ids[0], until_on=last))
        db.session.add(Assignment(**own, resident_id=ids[1], until_plan=True))
        db.session.commit()
    form = {"resident": ids[:2], "assign-staff_id": staff}
    done = client.post("/residents/together/assign", data=form).headers["Location"]
    with office.opened():
        assert {(row.until_on, row.until_plan) for row in db.session.scalars(select(Assignment))} == {(None, False)}
    client.post(f"{done}/undo")
    with office.opened():
        now = {row.resident_id: (row.until_on, row.until_plan) for row in db.session.scalars(select(Assignment))}
        assert now == {ids[0]: (last, False), ids[1]: (None, True)}


def test_one_kind_of_flag_comes_down_for_many_and_holds_again(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.counsellor)
    flag = {"flag-priority": "low", "flag-text": "Ingatkan", "flag-until_on": "2027-01-20"}
    for kind in ("papers", "health"):
        client.post("/residents/together/flag", data={"resident": [office.resident], "flag-kind": kind, **flag})
    form = {"resident": [office.resident], "end-kind": "papers"}
    done = client.post("/residents/together/flag/end", data=form).headers["Location"]

    def holding() -> set[str]:
        with office.opened():
            query = select(ResidentFlag).where(
                ResidentFlag.ended_on.is_(None), ResidentFlag.resident_id == office.resident
            )
            return {row.kind.value for row in db.session.scalars(query)}

    assert "papers" not in holding()
    assert "health" in holding()
    client.post(f"{done}/undo")
    assert {"papers", "health"} <= holding()
