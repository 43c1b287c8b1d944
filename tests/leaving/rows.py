"""One record of each kind about leaving, for the walk along all addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from foyer.accounts.models import Role
from foyer.database import db
from foyer.leaving.aftercare_models import (
    AftercareContact,
    AftercareTry,
    ContactKind,
    RapidResponse,
    ResponseStep,
    StepKind,
)
from foyer.leaving.destruction_models import Destruction, DestructionState
from foyer.leaving.models import Exit, ExitItem, ExitItemKind, ExitReason, ExitState, LegalHold, Reentry
from foyer.leaving.transfer_models import TransferArrival, TransferOffer, TransferState
from tests.cycles.house import House
from tests.factories import make_resident

AT = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)


def leaving_ids(house: House, users: dict[Role, int]) -> dict[str, int]:
    """An approved exit with a point and a contact, a warning sign, a hold, a transfer agreed on."""
    stay = house.enrolments[0].stay
    own: dict[str, Any] = {"residence_id": house.residence.id}
    person = {**own, "resident_id": stay.resident_id}
    row = _saved(
        Exit(
            **person,
            stay_id=stay.id,
            leaves_on=stay.leaves_on,
            reason=ExitReason.COMPLETED,
            state=ExitState.APPROVED,
            proposed_at=AT,
            proposed_by_id=users[Role.COUNSELLOR],
            decided_by_id=users[Role.MANAGER],
        )
    )
    point = _saved(ExitItem(**person, exit_id=row.id, kind=ExitItemKind.HOME))
    contact = _saved(AftercareContact(**person, exit_id=row.id, stay_id=stay.id, months=1, due_on=date(2027, 6, 2)))
    sign = _saved(
        RapidResponse(
            **person,
            signs=["street"],
            owner_id=house.counsellors[0].id,
            opened_at=AT,
            due_at=AT + timedelta(hours=24),
        )
    )
    hold = _saved(LegalHold(**person, reason="Perkara", placed_on=date(2027, 1, 12)))
    houses = {"moves_on": date(2027, 2, 1), "state": TransferState.AGREED}
    offer = _saved(
        TransferOffer(
            **person, stay_id=stay.id, to_residence_id=house.residence.id, to_name="Panti lain", offered_at=AT, **houses
        )
    )
    arrival = _saved(
        TransferArrival(
            **own,
            offer_id=offer.id,
            from_residence_id=house.residence.id,
            from_name="Panti lain",
            full_name="Remaja Pindah",
            gender=stay.resident.gender,
            born_on=stay.resident.born_on,
            **houses,
        )
    )
    _saved(AftercareTry(**person, contact_id=contact.id, tried_on=date(2027, 1, 12), kind=ContactKind.CALL))
    _saved(ResponseStep(**person, response_id=sign.id, kind=StepKind.OPENED, at=AT))
    _saved(Reentry(**person, stay_id=stay.id, previous_stay_id=stay.id, decided_on=date(2027, 1, 4)))
    left = make_resident(house.residence)  # of whom only the certificate of the destroyed file is left
    gone = _saved(
        Destruction(
            **own,
            resident_id=left.id,
            due_since=date(2027, 1, 1),
            first_on=date(2020, 1, 1),
            last_on=date(2020, 5, 1),
            rule="5 tahun",
            proposed_on=date(2027, 1, 12),
            proposed_by_id=users[Role.MANAGER],
            state=DestructionState.DONE,
            confirmed_at=AT,
            confirmed_by_id=users[Role.ADMINISTRATOR],
            year=2027,
            sequence=1,
            erased=[["stays", 1]],
        )
    )
    rows = {"destruction": gone, "exit": row, "point": point, "aftercare": contact, "response": sign, "hold": hold}
    return {key: each.id for key, each in (*rows.items(), ("transfer", offer), ("arrival", arrival))}


def _saved(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
