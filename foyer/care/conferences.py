"""Case conferences: who took part, what was decided, who does it until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from foyer.accounts.models import User
from foyer.care.models import CaseConference, ConferenceDecision, ConferenceParticipant
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.records import change_record, flush, touch
from foyer.residences.models import Staff


class NobodyTookPart(FoyerError):
    """A conference has at least two people in it."""


class DayAhead(FoyerError):
    """What took place cannot lie in the future."""


def conferences_of(*, resident_id: int | None = None, referral_id: int | None = None) -> Sequence[CaseConference]:
    """The conferences about a resident, or those that prepared the decision about a referral; newest first, with people
    and decisions."""
    return db.session.scalars(
        _whole()
        .where(_about(resident_id, referral_id))
        .order_by(CaseConference.held_on.desc(), CaseConference.id.desc())
    ).all()


def get_conference(
    conference_id: int, *, resident_id: int | None = None, referral_id: int | None = None
) -> CaseConference:
    """A conference about this resident, or this referral. Raises NotFound."""
    found = db.session.scalar(
        _whole()
        .where(_about(resident_id, referral_id), CaseConference.id == conference_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("conference")
    return found


def _about(resident_id: int | None, referral_id: int | None) -> ColumnElement[bool]:
    if referral_id is not None:
        return CaseConference.referral_id == referral_id
    return CaseConference.resident_id == resident_id


def _whole():  # type: ignore[no-untyped-def]
    return select(CaseConference).options(
        selectinload(CaseConference.participants).joinedload(ConferenceParticipant.staff),
        selectinload(CaseConference.decisions).joinedload(ConferenceDecision.owner),
    )


def add_conference(
    residence_id: int,
    values: Mapping[str, Any],
    *,
    resident_id: int | None,
    stay_id: int | None = None,
    referral_id: int | None = None,
    staff_ids: Iterable[int],
    guests: Iterable[str],
    today: date,
    actor: User,
) -> CaseConference:
    """Write down a conference that took place: about a resident, or to prepare the decision about a referral (with
    ``resident_id`` where there is a file already). Raises NobodyTookPart, DayAhead."""
    _check(values, today)
    conference = CaseConference(
        residence_id=residence_id,
        resident_id=resident_id,
        stay_id=stay_id,
        referral_id=referral_id,
        written_by_id=actor.id,
        **values,
    )
    db.session.add(conference)
    _name_participants(conference, staff_ids, guests)
    flush()
    return conference


def into_file(referral_id: int, resident_id: int, stay_id: int | None) -> None:
    """Whoever was referred has a file now: the conferences that prepared it belong to the file."""
    for conference in conferences_of(referral_id=referral_id):
        conference.resident_id, conference.stay_id = resident_id, stay_id
        own = ConferenceParticipant.conference_id == conference.id
        for row in [*db.session.scalars(select(ConferenceParticipant).where(own)), *conference.decisions]:
            row.resident_id = resident_id
    flush()


def members(also: Collection[int] = ()) -> list[Staff]:
    """The staff at work by name, and whoever took part (``also``, ids) and has left since."""
    everybody = db.session.scalars(select(Staff).order_by(Staff.name_key))
    return [member for member in everybody if member.is_active or member.id in also]


def names_of(conference: CaseConference) -> list[str]:
    """Who took part, the staff first."""
    staff = [row.staff.full_name for row in conference.participants if row.staff]
    return [*staff, *(row.guest for row in conference.participants if row.guest)]


def change_conference(
    conference: CaseConference,
    values: Mapping[str, Any],
    *,
    staff_ids: Iterable[int],
    guests: Iterable[str],
    today: date,
    version: int | None,
) -> None:
    """Correct what was written. Raises NobodyTookPart, DayAhead, Stale."""
    expect_version(conference, version)
    _check(values, today)
    _name_participants(conference, staff_ids, guests)
    touch(conference)
    change_record(conference, values)
    db.session.expire(conference, ["participants"])  # without whoever was removed


def decide(conference: CaseConference, values: Mapping[str, Any]) -> ConferenceDecision:
    """A decision with its owner and day."""
    decision = ConferenceDecision(residence_id=conference.residence_id, resident_id=conference.resident_id, **values)
    conference.decisions.append(decision)
    touch(conference)
    flush()
    return decision


def finish_decision(decision: ConferenceDecision, *, on: date, today: date, outcome: str, version: int | None) -> None:
    """What was decided is done, and what came of it. Raises DayAhead, Stale."""
    if on > today:
        raise DayAhead
    change_record(decision, {"done_on": on, "outcome": outcome.strip() or None}, version=version)


def _check(values: Mapping[str, Any], today: date) -> None:
    if values["held_on"] > today:
        raise DayAhead


def _name_participants(conference: CaseConference, staff_ids: Iterable[int], guests: Iterable[str]) -> None:
    """Who is named now takes part; a row whose person is not named any more is removed, and kept for the trail."""
    wanted_staff, wanted_guests = set(staff_ids), {guest.strip() for guest in guests if guest.strip()}
    if len(wanted_staff) + len(wanted_guests) < 2:
        raise NobodyTookPart
    for row in list(conference.participants):
        if row.staff_id in wanted_staff:
            wanted_staff.discard(row.staff_id)
        elif row.guest in wanted_guests:
            wanted_guests.discard(row.guest)
        else:
            row.removed_at = utc_now()
    own = {"residence_id": conference.residence_id, "resident_id": conference.resident_id}
    conference.participants += [ConferenceParticipant(**own, staff_id=id_) for id_ in sorted(wanted_staff)]
    conference.participants += [ConferenceParticipant(**own, guest=guest) for guest in sorted(wanted_guests)]
