"""What is due because somebody leaves or has left: exits, contacts, warning signs. One query each."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, register_dues
from foyer.database import db
from foyer.leaving.aftercare_models import AftercareContact, ContactState, RapidResponse
from foyer.leaving.models import Exit, ExitItem, ExitState, ItemState

AHEAD = timedelta(days=14)  # contact is shown that long before its day
EXIT_AHEAD = timedelta(days=28)


def exits_due(desk: Desk, resident_ids: Select[int]) -> list[Due]:
    """Exits that wait for a second person, and checklists with open points in the last four weeks."""
    count = func.count(ExitItem.id).filter(ExitItem.state == ItemState.OPEN)
    rows = db.session.execute(
        select(Exit.resident_id, Exit.leaves_on, Exit.state, count)
        .outerjoin(ExitItem, ExitItem.exit_id == Exit.id)
        .where(
            Exit.resident_id.in_(resident_ids),
            Exit.state.in_((ExitState.PREPARING, ExitState.PROPOSED)),
            Exit.leaves_on <= desk.today + EXIT_AHEAD,
        )
        .group_by(Exit.id, Exit.resident_id, Exit.leaves_on, Exit.state)
    )
    return [
        Due("exit", row[0], row[1], _exit_words(row[2], row[3]), url_for("leaving.index", resident_id=row[0]))
        for row in rows
    ]


def _exit_words(state: ExitState, count: int) -> str:
    if state is ExitState.PROPOSED:
        return gettext("Exit waits for a second person's approval")
    if not count:
        return gettext("Exit is ready to be proposed")
    return ngettext("Exit: %(num)s point of the checklist open", "Exit: %(num)s points of the checklist open", count)


def contacts_due(desk: Desk, resident_ids: Select[int]) -> list[Due]:
    """Contact after the exit that is due within two weeks or overdue."""
    rows = db.session.execute(
        select(AftercareContact.resident_id, AftercareContact.due_on, AftercareContact.months).where(
            AftercareContact.resident_id.in_(resident_ids),
            AftercareContact.state == ContactState.DUE,
            AftercareContact.due_on <= desk.today + AHEAD,
        )
    )
    return [
        Due("aftercare", resident_id, due_on, _contact_words(months), _aftercare(resident_id))
        for resident_id, due_on, months in rows
    ]


def _contact_words(months: int | None) -> str:
    return ngettext("Contact %(num)s month after the exit", "Contact %(num)s months after the exit", months or 1)


def responses_due(desk: Desk, resident_ids: Select[int]) -> list[Due]:
    """Open warning signs; what was not answered in time says that it is with the managers."""
    rows = db.session.scalars(
        select(RapidResponse).where(RapidResponse.resident_id.in_(resident_ids), RapidResponse.closed_at.is_(None))
    )
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


def _response_words(row: RapidResponse, desk: Desk) -> str:
    if row.is_with_managers(desk.now):
        return gettext("Warning sign: with the managers now")
    if row.reached_at is not None:
        return gettext("Warning sign: reached, not closed yet")
    time = row.due_at.astimezone(desk.now.tzinfo).strftime("%H.%M")
    return gettext("Warning sign: to be reached by %(time)s", time=time)


def _aftercare(resident_id: int) -> str:
    return url_for("leaving.aftercare", resident_id=resident_id)


register_dues("exit", _l("Exit"), exits_due)
register_dues("aftercare", _l("Aftercare"), contacts_due)
register_dues("response", _l("Warning signs"), responses_due)
