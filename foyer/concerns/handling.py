"""What the office does with a concern. Whoever is named in one does not even see that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.accounts.services import hold_account, let_go_account
from foyer.concerns.deadline import is_escalated
from foyer.concerns.models import ConcernEntry, ConcernStep, ConcernVerb, SafeguardingConcern
from foyer.concerns.reporting import key_id, note, readers
from foyer.database import db, house_scope, office_scope
from foyer.errors import FoyerError, NotFound
from foyer.records import change_record
from foyer.residences.models import Staff


class PersonNamed(FoyerError):
    """Somebody whom the concern names takes no part in handling it."""


class NoReader(FoyerError):
    """Only an account of the office that reads this house's concerns can be responsible."""


class Closed(FoyerError):
    """The concern is closed; it can be opened again."""


class ClockRuns(FoyerError):
    """The police reference is missing: a concern with a running clock is not closed without it."""


class ReportedAlready(FoyerError):
    """The police reference is written down; what was reported later belongs into a step."""


class NobodyResponsible(FoyerError):
    """Somebody must be responsible first."""


class NoAccount(FoyerError):
    """This member of staff has no account that could be suspended."""


@dataclass(frozen=True)
class People:
    """Who stands around a concern: pairs of account and name."""

    readers: list[tuple[int, str]]  # the office's accounts that see the house
    house: list[tuple[int, str]]  # the house's staff accounts that are open
    staff: list[tuple[int, str]]  # whose account could be suspended, the person named first
    named: int | None  # the account of the person named, where it is known

    @property
    def owners(self) -> list[tuple[int, str]]:
        """Who can be given a step: never the person named."""
        return [pair for pair in [*self.readers, *self.house] if pair[0] != self.named]


def people_around(concern: SafeguardingConcern) -> People:
    """Who can take part, and who must not."""
    house = select(User.id, User.display_name).where(
        User.residence_id == concern.residence_id, User.role != Role.RESIDENT, User.is_enabled.is_(True), ~User.is_held
    )
    query = select(Staff.id, Staff.user_id, Staff.full_name).where(Staff.user_id.is_not(None)).order_by(Staff.name_key)
    with house_scope(concern.residence_id):
        staff = db.session.execute(query).all()
    named_staff = key_id(concern.about_key, "staff")
    named = next((row.user_id for row in staff if row.id == named_staff), key_id(concern.about_key, "user"))
    return People(
        readers=[(user.id, user.display_name) for user in readers(concern.residence_id)],
        house=[(row.id, row.display_name) for row in db.session.execute(house.order_by(User.display_name, User.id))],
        staff=sorted([(row.user_id, row.full_name) for row in staff], key=lambda pair: pair[0] != named),
        named=named,
    )


def concerns_for(actor: User) -> list[SafeguardingConcern]:
    """Every concern of the office's houses, open ones first, the oldest of them on top; none that names the actor."""
    query = select(SafeguardingConcern).options(joinedload(SafeguardingConcern.handler))
    found = db.session.scalars(query.order_by(SafeguardingConcern.reported_at)).all()
    seen = [concern for concern in found if key_id(concern.about_key, "user") != actor.id]
    return [c for c in seen if c.is_open] + [c for c in reversed(seen) if not c.is_open]


def concern_for(actor: User, concern_id: int) -> SafeguardingConcern:
    """One of them. Raises NotFound, also for the person named."""
    query = select(SafeguardingConcern).where(SafeguardingConcern.id == concern_id)
    found = db.session.scalar(query.options(joinedload(SafeguardingConcern.handler)))
    if actor.role is not Role.OFFICE or found is None or key_id(found.about_key, "user") == actor.id:
        raise NotFound("concern")
    return found


def waiting_for(actor: User, now: datetime) -> tuple[int, int]:
    """How many concerns are open for the actor's office, and how many of them everybody must look at."""
    found = [concern for concern in concerns_for(actor) if concern.is_open]
    return len(found), sum(is_escalated(concern, now) for concern in found)


def note_opened(concern: SafeguardingConcern, *, actor: User, now: datetime) -> None:
    """Write down that the actor read the concern; in a transaction of its own, since pages that only read commit
    nothing."""
    values = {"concern_id": concern.id, "residence_id": concern.residence_id, "at": now, "actor_id": actor.id}
    with db.engine.begin() as connection:
        connection.execute(ConcernEntry.__table__.insert().values(**values, verb=ConcernVerb.OPENED))  # type: ignore[attr-defined]


def entries_of(concern: SafeguardingConcern) -> Sequence[ConcernEntry]:
    """The concern's own trail, from the beginning."""
    query = select(ConcernEntry).where(ConcernEntry.concern_id == concern.id).options(joinedload(ConcernEntry.actor))
    return db.session.scalars(query.order_by(ConcernEntry.id)).all()


def steps_of(concern: SafeguardingConcern) -> Sequence[ConcernStep]:
    """What is to be done, by its day."""
    query = select(ConcernStep).where(ConcernStep.concern_id == concern.id).options(joinedload(ConcernStep.owner))
    return db.session.scalars(query.order_by(ConcernStep.due_on, ConcernStep.id)).all()


def step_of(concern: SafeguardingConcern, step_id: int) -> ConcernStep:
    """One of them. Raises NotFound."""
    query = select(ConcernStep).where(ConcernStep.id == step_id, ConcernStep.concern_id == concern.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("step")
    return found


def make_responsible(concern: SafeguardingConcern, user_id: int, *, actor: User, now: datetime) -> None:
    """Name who of the office is responsible: oneself or a colleague. Only that person reads the reporter's name from
    then on. Raises PersonNamed, NoReader, Closed."""
    _expect_open(concern)
    people = people_around(concern)
    if user_id == people.named:
        raise PersonNamed
    if user_id not in dict(people.readers):
        raise NoReader
    if concern.handler_id != user_id:
        change_record(concern, {"handler_id": user_id})
        verb = ConcernVerb.TAKEN if user_id == actor.id else ConcernVerb.HANDED
        note(concern, verb, at=now, actor_id=actor.id, words=dict(people.readers)[user_id])


def start_clock(concern: SafeguardingConcern, *, actor: User, now: datetime) -> None:
    """What was reported turns out to be sexual violence: the clock runs, counted from the report. It starts once."""
    _expect_open(concern)
    if concern.clock_started_at is None:
        change_record(concern, {"clock_started_at": now})
        note(concern, ConcernVerb.CLOCK_STARTED, at=now, actor_id=actor.id)


def report_to_police(concern: SafeguardingConcern, reference: str, *, actor: User, now: datetime) -> None:
    """Write down the police's reference. Raises NobodyResponsible, ReportedAlready."""
    _expect_responsible(concern)
    if concern.police_reported_at is not None:
        raise ReportedAlready
    change_record(concern, {"police_reference": reference.strip(), "police_reported_at": now})
    note(concern, ConcernVerb.POLICE, at=now, actor_id=actor.id, words=reference.strip())


def set_step(
    concern: SafeguardingConcern, *, words: str, owner_id: int, due_on: date, actor: User, now: datetime
) -> ConcernStep:
    """Something to be done, by somebody of the office or a named person of the house's staff, until a day. Raises
    Closed, PersonNamed, NoReader."""
    _expect_open(concern)
    people = people_around(concern)
    if owner_id == people.named:
        raise PersonNamed
    if owner_id not in dict(people.owners):
        raise NoReader
    step = ConcernStep(
        residence_id=concern.residence_id,
        concern_id=concern.id,
        words=words.strip(),
        owner_id=owner_id,
        due_on=due_on,
    )
    db.session.add(step)
    db.session.flush()
    note(concern, ConcernVerb.STEP_SET, at=now, actor_id=actor.id, words=words.strip())
    return step


def finish_step(step: ConcernStep, result: str, *, actor: User, now: datetime, version: int | None = None) -> None:
    """Say what came of a step. Raises Stale."""
    change_record(step, {"done_at": now, "result": result.strip()}, version=version)
    with office_scope(step.residence_id):
        concern = db.session.get_one(SafeguardingConcern, step.concern_id)
        note(concern, ConcernVerb.STEP_DONE, at=now, actor_id=actor.id, words=step.words)


def tell_reporter(concern: SafeguardingConcern, words: str, *, actor: User, now: datetime) -> None:
    """Information back to whoever holds the receipt. The reporter reads "the office", no name."""
    note(concern, ConcernVerb.TOLD, at=now, actor_id=actor.id, words=words.strip())


def suspend(concern: SafeguardingConcern, user_id: int, *, actor: User, now: datetime) -> None:
    """Take the accused's access away while it is looked into (Permensos 30/HUK/2011). The report alone does not: one
    tap of the office does, so that nobody is locked out by a rumour. Raises Closed, NoAccount."""
    _expect_open(concern)
    names = dict(people_around(concern).staff)
    if user_id not in names:
        raise NoAccount
    user = db.session.get_one(User, user_id)
    held = held_user(concern)
    if held is not None and held.id != user_id:
        reinstate(concern, actor=actor, now=now)
    if not user.is_held:
        hold_account(user)
    change_record(concern, {"held_key": f"user-{user_id}"})
    note(concern, ConcernVerb.HELD, at=now, actor_id=actor.id, words=names[user_id])


def reinstate(concern: SafeguardingConcern, *, actor: User, now: datetime) -> None:
    """Give the access back, unless another concern keeps it suspended."""
    user = held_user(concern)
    if user is None:
        return
    key = concern.held_key
    change_record(concern, {"held_key": None})
    others = [c for c in db.session.scalars(select(SafeguardingConcern)) if c.held_key == key]
    if not others:
        let_go_account(user)
    note(concern, ConcernVerb.LET_GO, at=now, actor_id=actor.id, words=user.display_name)


def held_user(concern: SafeguardingConcern) -> User | None:
    """The account that is suspended for this concern's sake."""
    user_id = key_id(concern.held_key, "user")
    return db.session.get(User, user_id) if user_id is not None else None


def close(concern: SafeguardingConcern, outcome: str, *, actor: User, now: datetime, version: int | None) -> None:
    """Say what came of it. It stays readable, and its suspension stays until somebody ends it. Raises Closed,
    NobodyResponsible, ClockRuns, Stale."""
    _expect_responsible(concern)
    if concern.clock_started_at is not None and concern.police_reported_at is None:
        raise ClockRuns
    change_record(concern, {"outcome": outcome.strip(), "closed_at": now}, version=version)
    note(concern, ConcernVerb.CLOSED, at=now, actor_id=actor.id, words=outcome.strip())


def reopen(concern: SafeguardingConcern, *, actor: User, now: datetime) -> None:
    """Take it up again; the outcome written before stays in the concern's trail."""
    if not concern.is_open:
        change_record(concern, {"closed_at": None, "outcome": None})
        note(concern, ConcernVerb.REOPENED, at=now, actor_id=actor.id)


def tasks_of(actor: User) -> Sequence[ConcernStep]:
    """What the office gave the actor, of a house's staff, to do: the tasks' own words and days, nothing of the concern.
    Done ones stay for their owner to see."""
    with office_scope(*((actor.residence_id,) if actor.residence_id else ())):
        query = select(ConcernStep).where(ConcernStep.owner_id == actor.id)
        return db.session.scalars(query.order_by(ConcernStep.done_at.is_not(None), ConcernStep.due_on)).all()


def _expect_open(concern: SafeguardingConcern) -> None:
    if not concern.is_open:
        raise Closed


def _expect_responsible(concern: SafeguardingConcern) -> None:
    _expect_open(concern)
    if concern.handler_id is None:
        raise NobodyResponsible
