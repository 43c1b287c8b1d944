"""Referrals in: registered, changed, decided, answered. Services flush, the edge commits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from foyer.accounts.models import Role
from foyer.audit.services import record
from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.errors import FoyerError, NotAllowed, expect_version
from foyer.intake.agencies import agency_named
from foyer.intake.finding import Found, Wanted, digest_of, expect_new, search
from foyer.intake.models import (
    CLOSED,
    OPEN,
    AnswerKind,
    AnswerWay,
    Referral,
    ReferralAnswer,
    ReferralState,
    RefusalGround,
    WaitsFor,
)
from foyer.names import name_key
from foyer.records import change_record, flush
from foyer.residences.models import StaffKind
from foyer.residents.models import Resident
from foyer.residents.services import NikMalformed

NEW = "new"  # the answer "none of these: somebody new"


class AlreadyDecided(FoyerError):
    """The person lives here already, or the referral was closed: take it up again first."""


class StillOpen(FoyerError):
    """A referral that is open, or about somebody who has a file, falls under no period of its own."""


class ReasonMissing(FoyerError):
    """Refusing, withdrawing and waiting need a reason."""


class GroundMissing(FoyerError):
    """A refusal needs a ground that can be counted."""


class NothingToWaitFor(FoyerError):
    """The waiting list needs what somebody waits for."""


class WrongPerson(FoyerError):
    """Whoever was chosen is not among those who were shown."""


@dataclass(frozen=True)
class Verdict:
    """What somebody decides about a referral."""

    state: ReferralState  # accepted, waiting, refused, withdrawn, or received: taken up again
    reason: str = ""
    ground: RefusalGround | None = None
    waits_for: WaitsFor | None = None
    expected_on: date | None = None
    is_urgent: bool = False


def wanted_of(values: Mapping[str, Any]) -> Wanted:
    """Whom the values of a form ask for: full_name, born_on, nik."""
    return Wanted(str(values.get("full_name") or ""), values.get("born_on"), digest_of(values.get("nik")))


def look(desk: Desk, wanted: Wanted) -> Found:
    """Search before create, on behalf of the actor: that a file was looked for which the actor may not see enters its
    trail."""
    found = search(desk, wanted)
    for closed in found.closed:
        record("looked_for", closed, resident_id=closed.id if isinstance(closed, Resident) else closed.resident_id)
    return found


def register(desk: Desk, values: Mapping[str, Any], *, seen: Iterable[str], known: str = NEW) -> Referral:
    """Write a referral into the register. ``values``: the fields of the form, ``agency`` by name; ``seen``: keys of
    whom the actor was shown; ``known``: the key of the resident who it is, or NEW. Raises LookFirst, FileClosed,
    WrongPerson, NikMalformed."""
    wanted = wanted_of(values)
    shown = set(seen)
    expect_new(desk, wanted, shown)
    referral = Referral(
        residence_id=desk.residence.id,
        year=values["received_on"].year,
        number=_next_number(desk.residence.id, values["received_on"].year),
        resident_id=known_id(known, shown),
        responsible_id=_responsible(desk, values.get("responsible_id")),
        **_fields(desk.residence.id, values),
    )
    db.session.add(referral)
    flush()
    return referral


def change(desk: Desk, referral: Referral, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change what the register says. The identity number stays unless a new one is given. Raises AlreadyDecided once
    somebody was admitted (the file holds the person from then on), NikMalformed, Stale."""
    expect_version(referral, version)
    if referral.state is ReferralState.ADMITTED:
        raise AlreadyDecided
    fields = _fields(desk.residence.id, values)
    if not values.get("nik"):
        fields = {name: value for name, value in fields.items() if name not in ("nik", "nik_digest")}
    change_record(referral, {**fields, "responsible_id": values.get("responsible_id")}, version=version)


def _fields(residence_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    names = ("gender", "born_on", "education_level", "is_restricted", "sender_name", "sender_reference")
    more = ("received_on", "answer_by", "level", "reason", "needs")
    name = " ".join(str(values["full_name"]).split())
    digits = re.sub(r"[\s.-]", "", values.get("nik") or "")
    if digits and not re.fullmatch(r"\d{16}", digits):
        raise NikMalformed
    return {
        **{each: values.get(each) for each in names + more},
        "full_name": name,
        "name_key": name_key(name),
        "contact": values.get("contact") or None,
        "nik": digits or None,
        "nik_digest": digest_of(digits),
        "agency_id": agency_named(residence_id, str(values["agency"])).id,
    }


def _next_number(residence_id: int, year: int) -> int:
    newest = db.session.scalar(
        select(func.max(Referral.number)).where(Referral.residence_id == residence_id, Referral.year == year)
    )
    return (newest or 0) + 1


def known_id(known: str, shown: set[str]) -> int | None:
    """The resident who was chosen among those shown; None for somebody new."""
    if known == NEW:
        return None
    if known not in shown or not re.fullmatch(r"r\d+", known):
        raise WrongPerson
    return int(known[1:])


def _responsible(desk: Desk, chosen: int | None) -> int | None:
    """Who prepares the decision: whom the form names, else the counsellor who registers it."""
    if chosen is not None or desk.staff is None or desk.staff.kind is not StaffKind.COUNSELLOR:
        return chosen
    return desk.staff.id


def decide(desk: Desk, referral: Referral, verdict: Verdict, *, version: int | None) -> None:
    """Accept, put on the waiting list, refuse, note that it was withdrawn, or take it up again. Managers decide; a
    withdrawal anybody may note who may open it. Raises NotAllowed, AlreadyDecided, ReasonMissing, GroundMissing,
    NothingToWaitFor, Stale."""
    expect_version(referral, version)
    _expect_possible(desk, referral, verdict)
    waits = verdict.state is ReferralState.WAITING
    since = (referral.waits_since or desk.today) if waits else None
    change_record(
        referral,
        {
            "state": verdict.state,
            "decided_on": None if verdict.state is ReferralState.RECEIVED else desk.today,
            "decided_by_id": None if verdict.state is ReferralState.RECEIVED else desk.actor.id,
            "decision_reason": verdict.reason.strip() or None,
            "ground": verdict.ground if verdict.state is ReferralState.REFUSED else None,
            "waits_for": verdict.waits_for if waits else None,
            "waits_since": since,
            "expected_on": verdict.expected_on if verdict.state in OPEN else None,
            "is_urgent": verdict.is_urgent if waits else False,
        },
        version=version,
    )


def _expect_possible(desk: Desk, referral: Referral, verdict: Verdict) -> None:
    if desk.actor.role is not Role.MANAGER and verdict.state is not ReferralState.WITHDRAWN:
        raise NotAllowed
    if referral.state is ReferralState.ADMITTED or verdict.state is ReferralState.ADMITTED:
        raise AlreadyDecided
    if referral.state not in OPEN and verdict.state is not ReferralState.RECEIVED:
        raise AlreadyDecided
    if verdict.state is not ReferralState.ACCEPTED and not verdict.reason.strip():
        raise ReasonMissing
    if verdict.state is ReferralState.REFUSED and verdict.ground is None:
        raise GroundMissing
    if verdict.state is ReferralState.WAITING and verdict.waits_for is None:
        raise NothingToWaitFor


def keep_longer(referral: Referral, because: str, *, version: int | None) -> None:
    """Hold a closed referral beyond its period of keeping, for a reason; without one the schedule counts again. Raises
    StillOpen, Stale."""
    expect_version(referral, version)
    if referral.state not in CLOSED or referral.resident_id is not None:
        raise StillOpen
    change_record(referral, {"kept_because": because.strip() or None}, version=version)


def answer(desk: Desk, referral: Referral, kind: AnswerKind, *, way: AnswerWay, body: str, sent_on: date) -> None:
    """Keep what the sender was told, when and how. Kept for good: a correction is another answer."""
    db.session.add(
        ReferralAnswer(
            residence_id=referral.residence_id,
            referral_id=referral.id,
            resident_id=referral.resident_id,
            kind=kind,
            way=way,
            body=body.strip(),
            sent_on=sent_on,
            sent_by_id=desk.actor.id,
        )
    )
    flush()


def answers_of(referral_id: int) -> list[ReferralAnswer]:
    """What the sender was told, the newest first."""
    return list(
        db.session.scalars(
            select(ReferralAnswer).where(ReferralAnswer.referral_id == referral_id).order_by(ReferralAnswer.id.desc())
        )
    )
