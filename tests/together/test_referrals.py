"""Many referrals at once: those that one may open, as one saw them, and back again, except what changed since."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload import desk as desks
from foyer.caseload.desk import desk_of
from foyer.database import db, house_scope
from foyer.intake.models import AnswerKind, Referral, ReferralAnswer, ReferralState, WaitsFor
from foyer.intake.waiting import to_tell
from foyer.residences.models import Residence
from foyer.together.models import TogetherAct
from tests.factories import make_residence, make_staff, make_user
from tests.intake.house import TODAY, make_referral
from tests.queries import count_queries

NAMES = ("Rizki Pratama", "Sinta Dewi", "Bagus Saputra")
REFUSE = {"decide-state": "refused", "decide-ground": "full", "decide-reason": "Semua kamar terisi"}


class Register(SimpleNamespace):
    """Three referrals of an agency, the first given to counsellor one, the last restricted."""

    def rows(self, *ids: int) -> list[Referral]:
        with self.app.app_context(), house_scope(self.house):
            query = select(Referral).where(Referral.id.in_(ids or self.ids)).order_by(Referral.id)
            return list(db.session.scalars(query))

    def states(self) -> list[str]:
        return [row.state.value for row in self.rows()]

    def form(self, *ids: int, **values: str) -> dict[str, Any]:
        rows = self.rows(*ids)
        seen = [f"{row.id}:{row.version}" for row in rows]
        return {"referral": [row.id for row in rows], "seen": seen, **values}

    def answers(self) -> list[ReferralAnswer]:
        with self.app.app_context(), house_scope(self.house):
            return list(db.session.scalars(select(ReferralAnswer).order_by(ReferralAnswer.referral_id)))

    def untold(self) -> Collection[int]:
        with self.app.app_context(), house_scope(self.house):
            return set(db.session.scalars(select(Referral.id).where(to_tell(TODAY))))

    def act(self) -> TogetherAct:
        with self.app.app_context(), house_scope(self.house):
            return db.session.scalars(select(TogetherAct).order_by(TogetherAct.id.desc())).all()[0]


@pytest.fixture
def register(app: Flask, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.setattr(desks, "today_in", lambda residence: TODAY)
    with app.app_context():
        residence = make_residence()
        users = [make_user(residence), *[make_user(residence, Role.COUNSELLOR) for _ in range(2)]]
        staff = [make_staff(residence) for _ in range(2)]
        for one, user in zip(staff, users[1:], strict=True):
            one.user_id = user.id
        db.session.commit()
        house, user_ids, staff_ids = residence.id, [user.id for user in users], [one.id for one in staff]
    with app.app_context(), house_scope(house):
        desk = desk_of(db.session.merge(users[0]), db.session.get_one(Residence, house).id)
        responsible = (staff_ids[0], None, None)
        ids = [
            make_referral(
                desk, full_name=name, born_on=None, responsible_id=who, is_restricted=number == 2, answer_by=None
            ).id
            for number, (name, who) in enumerate(zip(NAMES, responsible, strict=True))
        ]
        db.session.commit()
    clients = dict(zip(("manager", "one", "other"), map(sign_in, user_ids), strict=True))
    for client in clients.values():
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return Register(app=app, house=house, ids=ids, staff=staff_ids, **clients)


def test_full_house_refuses_many_with_one_reason_and_takes_it_back(register: Register) -> None:
    page = register.manager.get("/referrals/together", query_string={"referral": register.ids})
    assert page.text.count('name="seen"') == 3 * len(register.ids)
    done = register.manager.post("/referrals/together/decide", data=register.form(**REFUSE))
    assert done.status_code == 303
    assert register.states() == ["refused"] * 3
    assert {row.decision_reason for row in register.rows()} == {"Semua kamar terisi"}
    with register.app.app_context():
        stored = db.session.execute(text("SELECT kept FROM together_acts")).scalar_one()
        assert "received" not in stored, "how it was before lies encrypted: decisions have a reason in words"
    assert "Done for 3 referrals" in register.manager.get(done.location).text
    assert register.one.get(done.location).status_code == 404
    back = register.manager.post(f"{done.location}/undo", follow_redirects=True)
    assert "Taken back for 3 referrals." in back.text
    assert register.states() == ["received"] * 3
    assert {(row.decided_on, row.decided_by_id, row.ground, row.decision_reason) for row in register.rows()} == {
        (None, None, None, None)
    }
    with register.app.app_context(), house_scope(register.house):
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "Referral")).all()
        changes = [entry for entry in entries if entry.verb == "changed"]
        assert len(changes) == 2 * len(register.ids), "the decision and its undo stand in the trail of each"
    assert "taken back before" in register.manager.post(f"{done.location}/undo", follow_redirects=True).text


def test_waiting_is_put_back_with_its_reason_and_what_changed_since_stays(register: Register) -> None:
    wait = {"decide-state": "waiting", "decide-waits_for": "bed", "decide-reason": "Tempat kosong bulan depan"}
    register.manager.post(
        "/referrals/together/decide", data=register.form(**wait, **{"decide-expected_on": "2027-02-01"})
    )
    accept = register.form(**{"decide-state": "accepted"})
    done = register.manager.post("/referrals/together/decide", data=accept).location
    assert register.states() == ["accepted"] * 3
    first = register.rows()[0]
    form = {"version": first.version, "state": "withdrawn", "reason": "Keluarga tidak jadi"}
    assert register.manager.post(f"/referrals/{first.id}/decide", data=form).status_code == 303
    back = register.manager.post(f"{done}/undo", follow_redirects=True)
    assert "Taken back for 2 referrals. 1 stays as it is" in back.text
    assert register.states() == ["withdrawn", "waiting", "waiting"]
    assert {(row.waits_for, row.waits_since, row.expected_on, row.decision_reason) for row in register.rows()[1:]} == {
        (WaitsFor.BED, TODAY, date(2027, 2, 1), "Tempat kosong bulan depan")
    }
    again = register.manager.post("/referrals/together/decide", data=register.form(**wait))
    assert (register.act().row_ids, register.act().skipped, again.status_code) == ([], 3, 303)


def test_what_somebody_changed_meanwhile_is_shown_and_nothing_is_done(register: Register) -> None:
    form = register.form(**REFUSE)
    other = register.rows()[1]
    register.manager.post(f"/referrals/{other.id}/decide", data={"version": other.version, "state": "accepted"})
    refused = register.manager.post("/referrals/together/decide", data=form)
    assert refused.status_code == 409
    assert register.states() == ["received", "accepted", "received"]
    assert "Semua kamar terisi" in refused.text, "what was typed is there to be sent again"
    seen = re.findall(r'name="seen" value="(\d+:\d+)"', refused.text)
    assert register.manager.post("/referrals/together/decide", data={**form, "seen": seen}).status_code == 303
    assert register.states() == ["refused"] * 3


def test_counsellors_note_withdrawals_of_what_they_may_open_and_decide_nothing(register: Register) -> None:
    page = register.other.get("/referrals/together", query_string={"referral": register.ids}).text
    assert NAMES[1] in page
    assert NAMES[0] not in page, "given to a colleague"
    assert NAMES[2] not in page, "restricted and nobody's yet"
    assert register.other.post("/referrals/together/decide", data=register.form(**REFUSE)).status_code == 422
    gone = {"decide-state": "withdrawn", "decide-reason": "Pindah ke luar kota"}
    assert register.other.post("/referrals/together/decide", data=register.form(**gone)).status_code == 303
    assert register.states() == ["received", "withdrawn", "received"]
    assert (
        register.other.post("/referrals/together/decide", data={"referral": register.ids[:1], **gone}).status_code
        == 422
    )


def test_senders_were_told_each_in_words_about_their_own_referral(register: Register) -> None:
    register.manager.post("/referrals/together/decide", data=register.form(*register.ids[:2], **REFUSE))
    assert register.untold() == set(register.ids[:2])
    told = {"tell-kind": "decision", "tell-way": "email", "tell-sent_on": TODAY.isoformat()}
    ahead = register.form(**{**told, "tell-sent_on": "2027-01-14"})
    assert register.manager.post("/referrals/together/told", data=ahead).status_code == 422
    done = register.manager.post("/referrals/together/told", data=register.form(**told)).location
    answers = register.answers()
    assert [(row.referral_id, row.kind) for row in answers] == [(id_, AnswerKind.DECISION) for id_ in register.ids[:2]]
    codes = [row.code for row in register.rows()[:2]]
    assert [code in row.body for code, row in zip(codes, answers, strict=True)] == [True, True]
    assert not any(name in row.body for name in NAMES for row in answers)
    assert register.act().skipped == 1
    assert register.untold() == set()
    decided = register.form(*register.ids[:2])
    register.manager.post("/referrals/together/told", data=register.form(**told))
    assert len(register.answers()) == 2, "nobody is told twice"
    register.manager.post(f"{done}/undo")
    assert register.untold() == set(register.ids[:2])
    assert all(row.withdrawn_at and row.withdrawn_by_id for row in register.answers())
    assert "taken back" in register.manager.get(f"/referrals/{register.ids[0]}").text
    assert register.form(*register.ids[:2]) == decided, "the decisions are as they were"


def test_decision_that_a_sender_was_told_is_not_taken_back(register: Register) -> None:
    done = register.manager.post("/referrals/together/decide", data=register.form(**REFUSE)).location
    told = {"tell-kind": "decision", "tell-way": "letter", "tell-sent_on": TODAY.isoformat()}
    register.manager.post("/referrals/together/told", data=register.form(register.ids[0], **told))
    assert "1 stays as it is" in register.manager.post(f"{done}/undo", follow_redirects=True).text
    assert register.states() == ["refused", "received", "received"]


def test_one_counsellor_prepares_many_and_gives_them_back(register: Register) -> None:
    form = {"hand-staff_id": str(register.staff[0])}
    done = register.manager.post("/referrals/together/prepared-by", data=register.form(**form)).location
    assert {row.responsible_id for row in register.rows()} == {register.staff[0]}
    assert (len(register.act().row_ids), register.act().skipped) == (2, 1)
    register.manager.post(f"{done}/undo")
    assert [row.responsible_id for row in register.rows()] == [register.staff[0], None, None]
    handed = register.other.post(
        "/referrals/together/prepared-by", data=register.form(register.ids[1], **form)
    ).location
    assert NAMES[1] not in register.other.get(handed).text, "no longer theirs to open"


def test_register_can_be_ticked_and_no_page_asks_more_for_more(register: Register) -> None:
    for address in ("/referrals", "/referrals/waiting"):
        assert ('form="together"' in register.manager.get(address).text) is (address == "/referrals")
    with count_queries(register.app) as one:
        register.manager.get("/referrals/together", query_string={"referral": register.ids[:1]})
    with count_queries(register.app) as three:
        register.manager.get("/referrals/together", query_string={"referral": register.ids})
    assert len(three) == len(one)
    assert "Nothing is ticked" in register.manager.get("/referrals/together").text
    assert register.states() == [ReferralState.RECEIVED.value] * 3


def test_what_was_done_is_found_again_by_whoever_did_it(register: Register) -> None:
    done = register.manager.post("/referrals/together/decide", data=register.form(**REFUSE)).location
    register.other.post(
        "/referrals/together/prepared-by", data=register.form(register.ids[1], **{"hand-staff_id": register.staff[1]})
    )
    page = register.manager.get("/residents/together/past").text
    assert f'href="{done}"' in page
    assert page.count("/residents/together/") > page.count(done) > 0, "a manager finds those of the whole house"
    assert "One decision about several referrals" in page
    assert "taken back" not in page
    own = register.other.get("/residents/together/past").text
    assert done not in own
    register.manager.post(f"{done}/undo")
    assert "taken back" in register.manager.get("/residents/together/past").text
    for address, place in ((done, "/referrals"), ("/residents/together/past", "/residents")):
        marked = register.manager.get(address).text
        assert marked[: marked.index('aria-current="page"')].endswith(f'<a href="{place}" ')
    for address in ("/referrals", "/residents/together", "/referrals/together", done):
        assert "/residents/together/past" in register.manager.get(address).text
