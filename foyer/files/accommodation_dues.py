"""What a resident needs to take part is looked at again: a disability changes, and whoever teaches goes by what is
written. The days are ours: as long as a confirmation for the planner holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from foyer.care.dues import FACTS_HOLD
from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Residents, addresses, register_dues
from foyer.questions import Question
from foyer.residents.accommodations import Accommodation
from foyer.residents.models import Stay


def confirmed_longest_ago(today: date, resident_ids: Residents) -> Question:
    """Of whoever lives in the house, the oldest confirmation among what holds."""
    here = select(Stay.resident_id).where(
        Stay.resident_id.in_(resident_ids), Stay.arrives_on <= today, Stay.leaves_on > today, Stay.elsewhere.is_(None)
    )
    return (
        select(Accommodation.resident_id, func.min(Accommodation.confirmed_on).label("confirmed_on"))
        .where(Accommodation.resident_id.in_(here), Accommodation.ended_on.is_(None))
        .group_by(Accommodation.resident_id)
    )


def to_look_again(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    """Said without what it is: the words stand on the page."""
    said, page = gettext("Look again at what is needed to take part"), addresses("residents.accommodations")
    return [
        Due("accommodation", row.resident_id, row.confirmed_on + FACTS_HOLD, said, page(row.resident_id))
        for row in rows
    ]


register_dues("accommodation", _l("What is needed to take part"), confirmed_longest_ago, to_look_again)
