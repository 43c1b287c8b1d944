"""What is due because somebody leaves or has left: exits, contacts, warning signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Naming, Residents, addresses, register_dues
from foyer.caseload.mine import STILL_ASKED
from foyer.caseload.rights import Part
from foyer.leaving.aftercare_models import AftercareContact, ContactState, RapidResponse
from foyer.leaving.models import Exit, ExitItem, ExitState, ItemState
from foyer.questions import Question
from foyer.residents.models import Stay

AHEAD = timedelta(days=14)  # contact is shown that long before its day
EXIT_AHEAD = timedelta(days=28)


def open_exits(today: date, resident_ids: Residents) -> Question:
    """Exits that wait for a second person, and checklists with open points in the last four weeks."""
    count = func.count(ExitItem.id).filter(ExitItem.state == ItemState.OPEN).label("points")
    return (
        select(Exit.resident_id, Exit.leaves_on, Exit.state, count)
        .outerjoin(ExitItem, ExitItem.exit_id == Exit.id)
        .where(
            Exit.resident_id.in_(resident_ids),
            Exit.state.in_((ExitState.PREPARING, ExitState.PROPOSED)),
            Exit.leaves_on <= today + EXIT_AHEAD,
        )
        .group_by(Exit.id, Exit.resident_id, Exit.leaves_on, Exit.state)
    )


def stays_ending(today: date, resident_ids: Residents) -> Question:
    """Stays whose last day is near or over while nobody has begun the exit; not where the resident is back."""
    again = aliased(Stay)
    back = select(again.id).where(again.resident_id == Stay.resident_id, again.arrives_on >= Stay.leaves_on)
    begun = select(Exit.id).where(Exit.stay_id == Stay.id, Exit.state != ExitState.WITHDRAWN)
    return select(Stay.resident_id, Stay.leaves_on).where(
        Stay.resident_id.in_(resident_ids),
        Stay.elsewhere.is_(None),
        Stay.arrives_on <= today,
        Stay.leaves_on.between(today - STILL_ASKED, today + AHEAD),
        ~begun.exists(),
        ~back.exists(),
    )


def exits_to_begin(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    said, page = gettext("Begin the exit: the stay ends, and nobody prepares it yet"), addresses("leaving.index")
    return [Due("exit_begin", row.resident_id, row.leaves_on, said, page(row.resident_id)) for row in rows]


def exits_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    page = addresses("leaving.index")
    return [
        Due("exit", row.resident_id, row.leaves_on, _exit_words(row.state, row.points), page(row.resident_id))
        for row in rows
    ]


def _exit_words(state: ExitState, count: int) -> str:
    if state is ExitState.PROPOSED:
        return gettext("Exit waits for a second person's approval")
    if not count:
        return gettext("Exit is ready to be proposed")
    return ngettext("Exit: %(num)s point of the checklist open", "Exit: %(num)s points of the checklist open", count)


def contacts_ahead(today: date, resident_ids: Residents) -> Question:
    """Contact after the exit that is due within two weeks or overdue."""
    return select(AftercareContact.resident_id, AftercareContact.due_on, AftercareContact.months).where(
        AftercareContact.resident_id.in_(resident_ids),
        AftercareContact.state == ContactState.DUE,
        AftercareContact.due_on <= today + AHEAD,
    )


def contacts_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    page = addresses("leaving.aftercare")
    return [
        Due("aftercare", row.resident_id, row.due_on, _contact_words(row.months), page(row.resident_id)) for row in rows
    ]


def _contact_words(months: int | None) -> str:
    return ngettext("Contact %(num)s month after the exit", "Contact %(num)s months after the exit", months or 1)


def open_responses(today: date, resident_ids: Residents) -> Question:
    """Open warning signs."""
    return select(
        RapidResponse.id,
        RapidResponse.resident_id,
        RapidResponse.owner_id,
        RapidResponse.due_at,
        RapidResponse.reached_at,
        RapidResponse.escalated_at,
        RapidResponse.closed_at,
    ).where(RapidResponse.resident_id.in_(resident_ids), RapidResponse.closed_at.is_(None))


def responses_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    """What was not answered in time says that it is with the managers."""
    return [
        Due(
            "response",
            row.resident_id,
            row.due_at.astimezone(desk.now.tzinfo).date(),
            _response_words(row, desk),
            url_for("leaving.response", resident_id=row.resident_id, response_id=row.id),
            owner_id=row.owner_id,
        )
        for row in rows
    ]


def _response_words(row: Any, desk: Desk) -> str:
    if RapidResponse.is_with_managers(row, desk.now):
        return gettext("Warning sign: with the managers now")
    if row.reached_at is not None:
        return gettext("Warning sign: reached, not closed yet")
    time = row.due_at.astimezone(desk.now.tzinfo).strftime("%H.%M")
    return gettext("Warning sign: to be reached by %(time)s", time=time)


register_dues("exit", _l("Exit"), open_exits, exits_due)
register_dues("exit_begin", _l("Exit to be begun"), stays_ending, exits_to_begin, day="leaves_on")
register_dues("aftercare", _l("Aftercare"), contacts_ahead, contacts_due, day="due_on")
register_dues("response", _l("Warning signs"), open_responses, responses_due, naming=Naming("owner_id", Part.AFTERCARE))
