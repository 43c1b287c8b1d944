"""Asking, answering, taking back: what may be done with a resident's data today, and what is to be stopped by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.database import db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residences.models import Residence
from foyer.residents.consent import ADULT, NEEDED, Consent, ConsentWay, GivenBy, Ground, Purpose
from foyer.residents.family import Relative
from foyer.residents.models import Resident


class Standing(StrEnum):
    """What holds for a purpose on a day."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    OTHER_GROUND = "other_ground"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ASK_ANEW = "ask_anew"  # of age now: the guardian's answer no longer counts


ALLOWING = frozenset({Standing.GIVEN, Standing.OTHER_GROUND})


@dataclass(frozen=True)
class Verdict:
    """Where a purpose stands, and the answer that says so."""

    purpose: Purpose
    standing: Standing
    consent: Consent | None

    @property
    def is_allowed(self) -> bool:
        return self.standing in ALLOWING


class GuardianNeeded(FoyerError):
    """A minor's consent is given by a guardian."""


class GuardianNotToBeAsked(FoyerError):
    """This person is no guardian now, or not safe to reach."""


class AdultAnswers(FoyerError):
    """From 18 on the resident alone answers."""


class AssentMissing(FoyerError):
    """A minor is asked as well, and the answer written down."""


class AnswerMissing(FoyerError):
    """An answer is a yes or a no."""


class OnlyByConsent(FoyerError):
    """This purpose is allowed by consent only, never on another ground."""


class GroundReasonMissing(FoyerError):
    """Another ground than consent needs its reason."""


class DayWrong(FoyerError):
    """An answer lies in the past, and ends after it was given."""


class WayMissing(FoyerError):
    """How the answer was given must be said."""


class NothingToWithdraw(FoyerError):
    """Only a consent that holds can be taken back."""


class NotWithdrawn(FoyerError):
    """Nobody took this consent back, or its end is recorded already."""


class StopNoteMissing(FoyerError):
    """What was stopped, and where, must be said."""


def birthday(born_on: date, years: int = ADULT) -> date:
    """The day on which somebody becomes so many years old; born on 29 February: 1 March."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def is_minor(resident: Resident, day: date) -> bool:
    return day < birthday(resident.born_on)


def consents_of(resident_id: int) -> Sequence[Consent]:
    """Every answer of a resident, newest first."""
    return db.session.scalars(
        select(Consent)
        .where(Consent.resident_id == resident_id)
        .order_by(Consent.given_on.desc(), Consent.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def verdicts(resident: Resident, consents: Iterable[Consent], day: date) -> list[Verdict]:
    """Where every purpose stands on a day; ``consents`` newest first."""
    newest: dict[Purpose, Consent] = {}
    for consent in consents:
        newest.setdefault(consent.purpose, consent)
    return [Verdict(purpose, _standing(resident, newest.get(purpose), day), newest.get(purpose)) for purpose in Purpose]


def may_use(resident: Resident, purpose: Purpose, day: date) -> bool:
    """Whether the resident's data may be used for this purpose on this day. One query."""
    return verdict_of(resident, purpose, day).is_allowed


def verdict_of(resident: Resident, purpose: Purpose, day: date) -> Verdict:
    """Where one purpose stands on a day. One query."""
    newest = db.session.scalar(
        select(Consent)
        .where(Consent.resident_id == resident.id, Consent.purpose == purpose)
        .order_by(Consent.given_on.desc(), Consent.id.desc())
        .limit(1)
    )
    return Verdict(purpose, _standing(resident, newest, day), newest)


def _standing(resident: Resident, consent: Consent | None, day: date) -> Standing:
    if consent is None:
        return Standing.NOT_ASKED
    if consent.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if not consent.is_given or consent.assents is False:
        return Standing.REFUSED
    if consent.until_on is not None and day > consent.until_on:
        return Standing.EXPIRED
    if consent.given_by is GivenBy.NOBODY:
        return Standing.OTHER_GROUND
    if consent.given_by is GivenBy.GUARDIAN and not is_minor(resident, day):
        return Standing.ASK_ANEW
    return Standing.GIVEN


def record_answer(
    resident: Resident,
    purposes: Iterable[Purpose],
    values: Mapping[str, Any],
    *,
    relative: Relative | None,
    today: date,
    actor: User,
) -> list[Consent]:
    """Write down one answer about several purposes. ``values``: is_given, ground, ground_reason, way, given_on,
    until_on, assents, proof_id. Raises GuardianNeeded, GuardianNotToBeAsked, AdultAnswers, AssentMissing,
    OnlyByConsent, GroundReasonMissing, AnswerMissing, WayMissing, DayWrong."""
    given_on, until_on = values["given_on"], values.get("until_on")
    if given_on > today or (until_on is not None and until_on < given_on):
        raise DayWrong
    chosen = list(purposes)
    if values["ground"] is Ground.CONSENT:
        own = _by_consent(resident, values, relative)
    else:
        own = _by_ground(chosen, values)
    rows = [
        Consent(
            residence_id=resident.residence_id,
            resident_id=resident.id,
            purpose=purpose,
            ground=values["ground"],
            given_on=given_on,
            until_on=until_on,
            proof_id=values.get("proof_id"),
            recorded_by_id=actor.id,
            **own,
        )
        for purpose in chosen
    ]
    db.session.add_all(rows)
    flush()
    return rows


def _by_consent(resident: Resident, values: Mapping[str, Any], relative: Relative | None) -> dict[str, Any]:
    way: ConsentWay | None = values.get("way")
    if values.get("is_given") is None:
        raise AnswerMissing
    if way is None:
        raise WayMissing
    own = {"is_given": values["is_given"], "way": way}
    if not is_minor(resident, values["given_on"]):
        if relative is not None:
            raise AdultAnswers
        return {**own, "given_by": GivenBy.RESIDENT}
    if relative is None or relative.resident_id != resident.id:
        raise GuardianNeeded
    if not relative.may_be_asked:
        raise GuardianNotToBeAsked
    if values.get("assents") is None:
        raise AssentMissing
    return {
        **own,
        "given_by": GivenBy.GUARDIAN,
        "relative_id": relative.id,
        "giver_name": relative.full_name,
        "relation": relative.relation,
        "assents": values["assents"],
    }


def _by_ground(purposes: Iterable[Purpose], values: Mapping[str, Any]) -> dict[str, Any]:
    if any(purpose not in NEEDED for purpose in purposes):
        raise OnlyByConsent
    reason = (values.get("ground_reason") or "").strip()
    if not reason:
        raise GroundReasonMissing
    return {"is_given": True, "given_by": GivenBy.NOBODY, "ground_reason": reason}


def withdraw(
    consent: Consent,
    *,
    by: str,
    note: str,
    residence: Residence,
    now: datetime,
    version: int | None,
) -> None:
    """Take a consent back: what it allowed is suspended at once, and must have been stopped everywhere within the
    house's ``withdrawal_hours``. ``by``: who asked; ``now``: the house's clock. Raises NothingToWithdraw, Stale."""
    if consent.withdrawn_at is not None or not consent.is_given or consent.given_by is GivenBy.NOBODY:
        raise NothingToWithdraw
    values = {
        "withdrawn_at": now,
        "stop_by": now + timedelta(hours=residence.withdrawal_hours),
        "withdrawn_by": by.strip() or None,
        "withdraw_note": note.strip() or None,
    }
    change_record(consent, values, version=version)


def record_stop(
    consent: Consent,
    *,
    note: str,
    kept_ground: Ground | None,
    now: datetime,
    actor: User,
    version: int | None,
) -> None:
    """Write down that the use has ended, what was stopped and where. What the law makes the house keep goes on under
    another ground, if ``kept_ground`` names it. Raises NotWithdrawn, StopNoteMissing, OnlyByConsent, Stale."""
    if consent.withdrawn_at is None or consent.stopped_at is not None:
        raise NotWithdrawn
    if not note.strip():
        raise StopNoteMissing
    if kept_ground is not None and (kept_ground is Ground.CONSENT or consent.purpose not in NEEDED):
        raise OnlyByConsent
    values = {"stopped_at": now, "stopped_by_id": actor.id, "stop_note": note.strip()}
    change_record(consent, values, version=version)
    if kept_ground is not None:
        db.session.add(
            Consent(
                residence_id=consent.residence_id,
                resident_id=consent.resident_id,
                purpose=consent.purpose,
                is_given=True,
                ground=kept_ground,
                ground_reason=note.strip(),
                given_by=GivenBy.NOBODY,
                given_on=now.date(),
                recorded_by_id=actor.id,
            )
        )
        flush()
