"""The small counts of the manager's first page, asked as one: each opens its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from foyer.caseload.desk import AnyDesk, Desk
from foyer.caseload.mine import unanswered_resident_ids
from foyer.intake.models import Referral, ReferralState
from foyer.intake.waiting import Wait, waits
from foyer.own.models import CorrectionRequest, CorrectionState
from foyer.residences.models import Staff, StaffKind
from foyer.residents.consent import Consent
from foyer.residents.models import NikState, Resident, Stay, in_sight

_WITH_ACCOUNT = (StaffKind.COUNSELLOR, StaffKind.INSTRUCTOR, StaffKind.TUTOR)


@dataclass(frozen=True)
class Clock:
    """What must be done within the house's hours: how many, and of the one that ends first the resident and when."""

    count: int
    first_of: int
    ends_at: datetime


@dataclass(frozen=True)
class HouseFigures:
    """How many there are of each. ``alone``: residents for whom nobody answers; ``consents``: what was taken back and
    is not written down as stopped; ``requests``: what residents ask about their files; ``waits``: what referrals wait
    for."""

    residents: int
    referrals: int
    no_nik: int
    no_account: int
    staff_without_account: int
    alone: int
    consents: Clock | None
    requests: Clock | None
    waits: Mapping[str, Wait]


def house_figures(desk: Desk) -> HouseFigures:
    """The counts of this house today. One query."""
    waiting, row = waits(desk, _of_house)
    answered_within = timedelta(hours=desk.residence.answer_hours)
    clocks = (_ending(row[6:9]), _ending(row[9:12], answered_within))
    return HouseFigures(*(*row[:6], *clocks, waiting))


def _of_house(desk: AnyDesk) -> list[Any]:
    here = Resident.id.in_(select(Stay.resident_id).where(Stay.leaves_on > desk.today))
    alone = unanswered_resident_ids(desk).subquery()
    return [
        _count(Resident.id),
        _count(Referral.id, Referral.state == ReferralState.RECEIVED),
        _count(Resident.id, here, Resident.nik_state == NikState.NONE_YET),
        _count(Resident.id, here, Resident.user_id.is_(None)),
        _count(Staff.id, Staff.user_id.is_(None), Staff.is_active.is_(True), Staff.kind.in_(_WITH_ACCOUNT)),
        select(func.count(alone.c.id)).scalar_subquery(),
        *_clock(Consent, Consent.stop_by, Consent.withdrawn_at.is_not(None), Consent.stopped_at.is_(None)),
        *_clock(CorrectionRequest, CorrectionRequest.asked_at, CorrectionRequest.state == CorrectionState.OPEN),
    ]


def _clock(model: Any, moment: Any, *conditions: Any) -> tuple[Any, Any, Any]:
    """How many rows about files that can be opened, and of the first of them the resident and the moment."""
    rows = select(model).join(Resident, Resident.id == model.resident_id).where(in_sight(), *conditions)
    first = rows.order_by(moment, model.id).limit(1)
    counted = rows.with_only_columns(func.count(model.id)).scalar_subquery()
    return (
        counted,
        first.with_only_columns(model.resident_id).scalar_subquery(),
        first.with_only_columns(moment).scalar_subquery(),
    )


def _ending(row: Any, hours: timedelta = timedelta()) -> Clock | None:
    count, resident_id, moment = row
    return Clock(count, resident_id, moment + hours) if count else None


def _count(column: Any, *conditions: Any) -> ScalarSelect[int]:
    return select(func.count(column)).where(*conditions).scalar_subquery()
