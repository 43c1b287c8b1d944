"""From one house to another: the sender offers, the receiver accepts; each keeps a file of its own. Services flush.

The only place of the product where one act touches two houses: it opens both scopes for itself and for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import User
from foyer.accounts.services import end_sessions
from foyer.audit.services import record
from foyer.caseload.models import ServiceStage
from foyer.caseload.returns import Back
from foyer.caseload.stages import reach
from foyer.cycles.decisions import Destination
from foyer.database import db, house_scope, utc_now
from foyer.errors import FoyerError, expect_version
from foyer.leaving.aftercare import drop_due_contacts
from foyer.leaving.exits import standing_exit
from foyer.leaving.handing import announce_things
from foyer.leaving.models import Exit, ExitReason, ExitState
from foyer.leaving.returning import assign_until_plan, note_return
from foyer.leaving.telling import add_matched, add_sheets
from foyer.leaving.transfer_models import TransferArrival, TransferOffer, TransferState
from foyer.leaving.travelling import copy_person, copy_records, copy_stays
from foyer.records import flush
from foyer.residences.models import Residence, Staff
from foyer.residents.models import Resident, Stay
from foyer.residents.restriction import name_account
from foyer.residents.services import change_stay


class SameHouse(FoyerError):
    """A transfer leads to another house."""


class OfferStands(FoyerError):
    """This stay is offered to a house already, or was taken over."""


class ExitStands(FoyerError):
    """An exit of this stay is under way; it is withdrawn first, or it stands."""


class DayOutsideStay(FoyerError):
    """The day of the move lies within the stay, after the arrival."""


class LetterMissing(FoyerError):
    """The receiving house is told why."""


class NotOffered(FoyerError):
    """The offer was answered or withdrawn."""


class NotAgreed(FoyerError):
    """Only whom the house agreed to take arrives."""


class ArrivalAhead(FoyerError):
    """An arrival is written down when it has happened."""


class ReasonMissing(FoyerError):
    """A refusal has a reason."""


class PersonKnown(FoyerError):
    """The receiving house has a file of this person, or of somebody with the same identity number: a manager says
    which."""


class LivesHere(FoyerError):
    """The known person has a stay in this house on that day."""


@dataclass(frozen=True)
class Offer:
    """To which house, on which day, and what its manager must know to decide."""

    to: Residence
    moves_on: date
    letter: str


def other_houses(residence_id: int) -> list[Residence]:
    """The other houses of this installation, by name."""
    return list(db.session.scalars(select(Residence).where(Residence.id != residence_id).order_by(Residence.name)))


def list_offers() -> list[TransferOffer]:
    """What this house offered, the newest first. One query."""
    return list(
        db.session.scalars(
            select(TransferOffer).options(joinedload(TransferOffer.resident)).order_by(TransferOffer.id.desc())
        )
    )


def list_arrivals() -> list[TransferArrival]:
    """What was offered to this house, the newest first. One query."""
    return list(
        db.session.scalars(
            select(TransferArrival).options(joinedload(TransferArrival.resident)).order_by(TransferArrival.id.desc())
        )
    )


def offer_transfer(resident: Resident, stay: Stay, offer: Offer, *, actor: User) -> TransferOffer:
    """Offer a resident to another house. Raises SameHouse, OfferStands, ExitStands, DayOutsideStay, LetterMissing."""
    if offer.to.id == resident.residence_id:
        raise SameHouse
    if not stay.arrives_on < offer.moves_on <= stay.leaves_on:
        raise DayOutsideStay
    if not offer.letter.strip():
        raise LetterMissing
    _expect_free(stay)
    sender = db.session.get_one(Residence, resident.residence_id)
    row = TransferOffer(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        stay_id=stay.id,
        to_residence_id=offer.to.id,
        to_name=offer.to.name,
        moves_on=offer.moves_on,
        letter=offer.letter.strip(),
        offered_at=utc_now(),
        offered_by_id=actor.id,
    )
    db.session.add(row)
    flush()
    db.session.add(
        TransferArrival(
            residence_id=offer.to.id,
            offer_id=row.id,
            from_residence_id=sender.id,
            from_name=sender.name,
            full_name=resident.full_name,
            gender=resident.gender,
            born_on=resident.born_on,
            moves_on=offer.moves_on,
            letter=offer.letter.strip(),
        )
    )
    flush()
    return row


def _expect_free(stay: Stay) -> None:
    standing = select(TransferOffer.id).where(
        TransferOffer.stay_id == stay.id,
        TransferOffer.state.in_((TransferState.OFFERED, TransferState.AGREED, TransferState.ACCEPTED)),
    )
    if db.session.scalar(standing) is not None:
        raise OfferStands
    if standing_exit(stay.id) is not None:
        raise ExitStands


def withdraw_offer(row: TransferOffer, *, version: int | None) -> None:
    """Take an offer back; the other house is told by its state. Raises NotOffered, Stale."""
    expect_version(row, version)
    if row.state not in (TransferState.OFFERED, TransferState.AGREED):
        raise NotOffered
    with _both(row.residence_id, row.to_residence_id):
        arrival = db.session.scalars(select(TransferArrival).where(TransferArrival.offer_id == row.id)).one()
        row.state = arrival.state = TransferState.WITHDRAWN
        row.answered_at = arrival.answered_at = utc_now()
        arrival.letter = None  # what the other house was told to decide is nothing to it any more
        flush()


def refuse_arrival(row: TransferArrival, *, answer: str, actor: User, version: int | None) -> None:
    """The receiving house does not take the resident. Raises NotOffered, ReasonMissing, Stale."""
    expect_version(row, version)
    if not answer.strip():
        raise ReasonMissing
    with _both(row.residence_id, row.from_residence_id):
        offer = _offer_of(row)
        _expect(TransferState.OFFERED, offer, row)
        offer.state = row.state = TransferState.REFUSED
        offer.answered_at = row.answered_at = utc_now()
        offer.answer = row.answer = answer.strip()
        row.answered_by_id, row.letter = actor.id, None
        flush()


def agree_arrival(row: TransferArrival, *, answer: str, actor: User, version: int | None) -> None:
    """The receiving house says yes; until the arrival nothing moves. Raises NotOffered, Stale."""
    expect_version(row, version)
    with _both(row.residence_id, row.from_residence_id):
        offer = _offer_of(row)
        _expect(TransferState.OFFERED, offer, row)
        offer.state = row.state = TransferState.AGREED
        offer.answered_at = row.answered_at = utc_now()
        offer.answer = row.answer = answer.strip() or None
        row.answered_by_id = actor.id
        flush()


def known_here(row: TransferArrival) -> Resident | None:
    """The file that this house has of the person already: of somebody who was offered from here once and comes back by
    the same way, else one with the same identity number. At most four queries."""
    with _both(row.residence_id, row.from_residence_id):
        old = _offer_of(row).resident
        left_from = (
            select(TransferOffer.resident_id)
            .join(TransferArrival, TransferArrival.offer_id == TransferOffer.id)
            .where(TransferArrival.resident_id == old.id, TransferOffer.residence_id == row.residence_id)
        )
        found = db.session.scalar(select(Resident).where(Resident.id.in_(left_from)).order_by(Resident.id.desc()))
        if found is not None and found.merged_into_id is not None:
            found = db.session.get_one(Resident, found.merged_into_id)
        if found is None and old.nik_digest is not None:
            found = db.session.scalar(
                select(Resident).where(Resident.residence_id == row.residence_id, Resident.nik_digest == old.nik_digest)
            )
    return found if found is not None and found.is_in_sight else None


def take_over(
    row: TransferArrival,
    *,
    arrived_on: date,
    leaves_on: date,
    counsellor: Staff,
    today: date,
    actor: User,
    version: int | None,
    is_known: bool | None = None,
) -> Resident:
    """The resident has arrived: a file here with the stays elsewhere and all that travels, and a new stay until
    ``leaves_on``, for which ``counsellor`` answers until a plan says who does; in the sending house the stay ends with
    an exit that says where to. The account moves along and is signed out. Where ``known_here`` finds a file, a manager
    says whether it is the same person (``is_known``): then that file goes on, as of anybody who comes back; else a new
    one begins, without the identity number that the other has. Raises NotAgreed, ArrivalAhead, DayOutsideStay,
    PersonKnown (nobody said), LivesHere, StayOrderWrong, Stale."""
    expect_version(row, version)
    if arrived_on > today:
        raise ArrivalAhead
    with _both(row.residence_id, row.from_residence_id):
        offer = _offer_of(row)
        if offer.state is not TransferState.AGREED:
            raise NotAgreed
        if arrived_on <= offer.stay.arrives_on:
            raise DayOutsideStay
        old, known = offer.resident, known_here(row)
        if known is not None and is_known is None:
            raise PersonKnown
        before = _last_here(known) if known is not None and is_known else None
        if before is not None and before.leaves_on > arrived_on:
            raise LivesHere
        _end_there(offer, old, arrived_on, actor)
        new = known if known is not None and is_known else copy_person(old, row.residence_id, with_number=known is None)
        stays = copy_stays(old, new, row.from_name)
        offer.travelled = copy_records(old, new, stays, sender=row.from_name, on=arrived_on)
        announce_things(old, new, sender=row.from_name, receiver=offer.to_name, actor=actor)
        add_matched(old, new, stays)
        add_sheets(old, new, row.from_name, on=arrived_on, actor=actor)
        stay = _arrive(offer.stay, new, arrived_on, leaves_on)
        if before is not None:
            back = Back(new, stay, before=before, reason=row.from_name, actor=actor, today=today, counsellor=counsellor)
            note_return(back)
        assign_until_plan(new, counsellor, arrived_on)
        _move_account(old, new)
        if old.is_restricted:
            new.is_restricted = True
            name_account(new)
        offer.state = row.state = TransferState.ACCEPTED
        row.resident_id = new.id
        for each in (old, new):
            record("transferred", each, resident_id=each.id, changes={"house": [row.from_name, offer.to_name]})
        flush()
    return new


@contextmanager
def _both(own: int, other: int) -> Iterator[None]:
    with house_scope(own, other):
        yield


def _offer_of(row: TransferArrival) -> TransferOffer:
    return db.session.scalars(
        select(TransferOffer)
        .where(TransferOffer.id == row.offer_id)
        .options(
            joinedload(TransferOffer.resident).selectinload(Resident.stays),
            joinedload(TransferOffer.stay),
        )
    ).one()


def _expect(state: TransferState, offer: TransferOffer, arrival: TransferArrival) -> None:
    if offer.state is not state or arrival.state is not state:
        raise NotOffered


def _last_here(resident: Resident) -> Stay | None:
    """The last stay in this house of somebody who comes back; None for a new file."""
    own = select(Stay).where(Stay.resident_id == resident.id, Stay.elsewhere.is_(None))
    return db.session.scalar(own.order_by(Stay.arrives_on.desc()).limit(1))


def _end_there(offer: TransferOffer, old: Resident, arrived_on: date, actor: User) -> None:
    """The sending house's own end of the stay: proposed by who offered, approved by who takes over."""
    stay, left_on = offer.stay, min(offer.stay.leaves_on, arrived_on)
    if stay.leaves_on != left_on:
        change_stay(stay, {"leaves_on": left_on}, version=None)
    db.session.add(
        Exit(
            residence_id=offer.residence_id,
            resident_id=old.id,
            stay_id=stay.id,
            leaves_on=left_on,
            reason=ExitReason.TRANSFER,
            destination=Destination.OTHER_HOUSE,
            destination_words=offer.to_name,
            account=offer.letter,
            state=ExitState.APPROVED,
            proposed_at=offer.offered_at,
            proposed_by_id=offer.offered_by_id,
            decided_at=utc_now(),
            decided_by_id=actor.id,
        )
    )
    drop_due_contacts(old.id, reason=offer.to_name)
    reach(old, ServiceStage.AFTER, on=left_on, stay=stay)
    flush()


def _arrive(last: Stay, new: Resident, arrived_on: date, leaves_on: date) -> Stay:
    stay = Stay(
        residence_id=new.residence_id,
        resident_id=new.id,
        arrives_on=arrived_on,
        leaves_on=leaves_on,
        independence_stage=last.independence_stage,
        education_level=last.education_level,
        needs=list(last.needs),
    )
    with db.session.no_autoflush:
        change_stay(stay, {}, version=None)
    db.session.add(stay)
    flush()
    reach(new, ServiceStage.APPROACH, on=arrived_on, stay=stay)
    return stay


def _move_account(old: Resident, new: Resident) -> None:
    """One person, one account: it goes along, and every open session of it ends. Who has one here keeps that."""
    if old.user_id is None:
        return
    user = db.session.get_one(User, old.user_id)
    if new.user_id is not None:
        user.is_enabled = False
        end_sessions(user)
        return
    old.user_id = None
    flush()
    new.user_id, user.residence_id = user.id, new.residence_id
    end_sessions(user)
    flush()
