"""What is written about counselling: read by author and named supervisor, amended and never overwritten, opened to
somebody else only by two people and a clock, and found nowhere else."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload.notices import StaffNotice
from foyer.counselling.models import CounsellingNote, NoteOpening
from foyer.database import Base, db, house_scope
from foyer.logs import log_format
from tests.counselling.house import begin, counselled_house, marks, stand_at

SignIn = Callable[..., FlaskClient]
MARK = "GARIS-RAHASIA-7351"  # planted in a note
STEP = "LANGKAH-RAHASIA-7352"  # planted in a next step
WHY = "ALASAN-RAHASIA-7353"  # planted in the reason of a question to read notes


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """It is the afternoon of the first appointment's day, the session is begun and a note is written."""
    found = counselled_house(app)
    stand_at(monkeypatch, found.on.year, found.on.month, found.on.day, 20, 0)
    return found


@pytest.fixture
def written(house: SimpleNamespace, sign_in: SignIn) -> str:
    """The address of the session, with a note and a next step."""
    browser = sign_in(house.counsellor)
    address = begin(house, browser)
    answer = browser.post(address, data=marks(house, body=f"Ia bercerita. {MARK}", next_step=STEP))
    assert answer.status_code == 302, answer.text
    return address


def test_author_and_named_supervisor_read_a_note_and_nobody_else(
    app: Flask, house: SimpleNamespace, written: str, sign_in: SignIn
) -> None:
    own = f"/residents/{house.resident}/counselling"
    for reader in (house.counsellor, house.supervisor):
        assert MARK in sign_in(reader).get(written).text
        assert MARK in sign_in(reader).get(f"{own}/notes").text
    manager = sign_in(house.users[Role.MANAGER])
    assert manager.get(written).status_code == 200
    assert MARK not in manager.get(written).text
    assert STEP in manager.get(own).text
    assert manager.get(f"{own}/notes").status_code == 403
    assert manager.post(written, data=marks(house, version=2, body="x")).status_code == 404
    assert sign_in(house.colleague).get(written).status_code == 404
    assert sign_in(house.colleague).get(f"{own}/notes").status_code == 404
    with app.app_context(), house_scope(house.id):
        reads = select(AuditEntry.actor_id).where(
            AuditEntry.verb == "read",
            AuditEntry.subject_type == "CounsellingNote",
            AuditEntry.resident_id == house.resident,
        )
        assert set(db.session.scalars(reads)) == {house.counsellor, house.supervisor}


def test_a_supervision_that_ended_today_and_standing_in_open_no_note(
    app: Flask, house: SimpleNamespace, written: str, sign_in: SignIn
) -> None:
    manager = sign_in(house.users[Role.MANAGER])
    supervision = manager.get("/counselling/supervision").text
    end = supervision.split("/counselling/supervision/")[1].split("/end")[0]
    assert manager.post(f"/counselling/supervision/{end}/end").status_code == 303
    assert sign_in(house.supervisor).get(written).status_code == 404
    today = house.on.isoformat()
    data = {"staff_id": house.staff_ids["counsellor"], "covered_by_id": house.staff_ids["colleague"]}
    assert manager.post("/counselling/cover", data={**data, "from_on": today, "until_on": today}).status_code == 302
    colleague = sign_in(house.colleague)
    page = colleague.get(f"/residents/{house.resident}/counselling")
    assert page.status_code == 200
    assert STEP in page.text
    assert MARK not in colleague.get(f"/residents/{house.resident}/counselling/notes").text
    assert colleague.get(written).status_code == 404


def test_what_is_added_later_stands_below_and_the_database_refuses_to_change_a_note(
    app: Flask, house: SimpleNamespace, written: str, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    browser.post(written, data=marks(house, version=2, body="Ralat: ia datang bersama ibunya."))
    page = browser.get(written).text
    assert page.index(MARK) < page.index("Ralat: ia datang")
    with app.app_context(), house_scope(house.id):
        first, second = db.session.scalars(select(CounsellingNote).order_by(CounsellingNote.id))
        assert second.amends_id == first.id
    for statement in (
        "UPDATE counselling_notes SET body = 'x'",
        "UPDATE counselling_notes SET author_id = author_id",
        "DELETE FROM counselling_notes",
    ):
        with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
            db.session.connection().exec_driver_sql(statement)
    with app.app_context():  # whose file a note lies in may change: files are merged, people move
        db.session.connection().exec_driver_sql("UPDATE counselling_notes SET stay_id = stay_id")


def test_two_people_saving_one_session_lose_nothing(
    app: Flask, house: SimpleNamespace, written: str, sign_in: SignIn
) -> None:
    answer = sign_in(house.counsellor).post(written, data=marks(house, version=1, body="Catatan kedua saya."))
    assert answer.status_code == 409
    assert "Catatan kedua saya." in answer.text
    with app.app_context(), house_scope(house.id):
        assert len(db.session.scalars(select(CounsellingNote)).all()) == 1


def test_notes_open_to_somebody_only_after_a_second_person_agreed_for_some_hours_and_the_author_is_told(
    app: Flask, house: SimpleNamespace, written: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, author = sign_in(house.users[Role.MANAGER]), sign_in(house.counsellor)
    ask = f"/residents/{house.resident}/counselling/ask"
    assert manager.post(ask, data={"reason": "kurang", "hours": 2}).status_code == 422
    answer = manager.post(ask, data={"reason": f"Polisi menunggu di gerbang. {WHY}", "hours": 2})
    opening = answer.headers["Location"]
    assert manager.post(ask, data={"reason": "Sekali lagi, segera", "hours": 2}).status_code == 422
    manager.post(opening, data={"answer": "open", "version": 1})  # not by oneself
    assert MARK not in manager.get(opening).text
    assert sign_in(house.colleague).get(opening).status_code == 404
    second = sign_in(house.second_manager)
    assert WHY in second.get(opening).text
    assert second.post(opening, data={"answer": "open", "version": 1}).status_code == 302
    assert second.post(opening, data={"answer": "refuse", "version": 1}).status_code in (409, 422)
    assert MARK in manager.get(opening).text
    assert MARK not in second.get(opening).text
    assert "/notices/" in author.get("/week").text
    assert WHY in author.get(opening).text
    with app.app_context(), house_scope(house.id):
        told = db.session.scalars(
            select(StaffNotice.kind).where(StaffNotice.user_id == house.counsellor).order_by(StaffNotice.id)
        ).all()
        assert told == ["opening_asked", "notes_opened"]
        with pytest.raises(DBAPIError):
            db.session.execute(text("UPDATE note_openings SET decided_by_id = asked_by_id"))
    stand_at(monkeypatch, house.on.year, house.on.month, house.on.day, 22, 1)
    assert MARK not in manager.get(opening).text


def test_a_notice_is_put_away_and_leads_on(app: Flask, house: SimpleNamespace, written: str, sign_in: SignIn) -> None:
    manager = sign_in(house.users[Role.MANAGER])
    manager.post(f"/residents/{house.resident}/counselling/ask", data={"reason": f"Keselamatan. {WHY}", "hours": 1})
    author = sign_in(house.counsellor)
    page = author.get("/week").text
    assert WHY not in page
    notice = "/notices/" + page.split('action="/notices/')[1].split('"')[0]
    assert manager.post(notice).status_code == 404
    assert author.post(notice).headers["Location"].startswith("/counselling/openings/")
    assert notice not in author.get("/week").text
    with app.app_context(), house_scope(house.id):
        opening = db.session.scalars(select(NoteOpening)).one()
    assert sign_in(house.supervisor).post(
        f"/counselling/openings/{opening.id}", data={"answer": "refuse", "version": 1}
    )
    assert MARK not in manager.get(f"/counselling/openings/{opening.id}").text


def test_planted_words_lie_open_nowhere(
    app: Flask, house: SimpleNamespace, written: str, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the database's columns, not in the trail, not in a log line, not on an error page, nor on any page of
    those without the right."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(log_format())
    manager = sign_in(house.users[Role.MANAGER])
    manager.post(f"/residents/{house.resident}/counselling/ask", data={"reason": f"Keselamatan. {WHY}", "hours": 1})
    author = sign_in(house.counsellor)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with pytest.MonkeyPatch.context() as patch:

        def broken(*_args: object, **_values: object) -> None:
            raise RuntimeError(MARK)

        patch.setattr("foyer.counselling.views.notes.write_note", broken)
        failed = author.post(written, data=marks(house, version=2, body=MARK, next_step=STEP))
    assert failed.status_code == 500
    assert MARK not in failed.text
    pages = ["/", "/residents", f"/residents/{house.resident}", "/counselling/team"]
    pages += [f"/residents/{house.resident}/counselling", f"/residents/{house.resident}/flags", written, "/week"]
    for who in (house.users[Role.MANAGER], house.colleague, *house.users.values()):
        if who != house.counsellor:
            for page in pages:
                assert MARK not in sign_in(who).get(page).text, (who, page)
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.connection().exec_driver_sql(f"SELECT * FROM {table.name}"):
                stored = json.dumps([str(value) for value in row])
                assert not [word for word in (MARK, STEP, WHY) if word in stored], table.name
    assert not [word for word in (MARK, STEP, WHY) if word in caplog.text]
