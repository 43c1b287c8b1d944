"""/my-file/rights: what a resident may ask of the house about the own file, in plain words and with the way to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flask import g, render_template
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from foyer.accounts.access import allow
from foyer.accounts.models import OfficeResidence, Role, User
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import RIGHTS, Act, Part, Who
from foyer.database import db
from foyer.own.views import own

# Who of the staff is named to a resident, and how; the order of the page.
_READERS = {
    Who.OWN_COUNSELLOR: _l("your counsellor"),
    Who.SUPERVISOR: _l("the colleague who guides your counsellor"),
    Who.MANAGER: _l("the head of the house"),
    Who.INSTRUCTOR: _l("your instructors"),
}


@own.get("/my-file/rights")
@allow(Role.RESIDENT)
def rights() -> str:
    """My rights: who reads what, by the same table that every page of a file asks."""
    return render_template(
        "own/rights.html",
        readings=_readings(),
        readers=_READERS,
        offices=_offices(g.residence_id),
        hours=desk_here().residence.withdrawal_hours,
        answer_hours=desk_here().residence.answer_hours,
    )


def _readings() -> list[tuple[Sequence[Who], list[Part]]]:
    """Parts of the file by who reads them; what most people read comes first."""
    found: dict[tuple[Who, ...], list[Part]] = defaultdict(list)
    for part in Part:
        found[tuple(who for who in _READERS if Act.READ in RIGHTS[part][who])].append(part)
    return sorted(found.items(), key=lambda group: -len(group[0]))


def _offices(residence_id: int) -> Sequence[str]:
    """The accounts of the office above this house."""
    query = select(User.display_name).join(OfficeResidence, OfficeResidence.user_id == User.id)
    query = query.where(OfficeResidence.residence_id == residence_id, User.is_enabled.is_(True))
    return db.session.scalars(query.order_by(User.display_name)).all()
