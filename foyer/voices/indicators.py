"""Three figures that say how satisfied residents are without asking them: attendance, early endings, wishes to return
(the field study's proxies of satisfaction). Counts of a house, of nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from foyer.cycles.models import Cycle
from foyer.database import db
from foyer.leaving.models import Exit, ExitReason, ExitState, Reentry
from foyer.residents.models import Stay
from foyer.training.models import HERE, AttendanceMark, ClassRegister

_EARLY = (ExitReason.OWN_WISH, ExitReason.FAMILY_ASKED, ExitReason.WITHOUT_WORD)


@dataclass(frozen=True)
class Indicators:
    """Over the days of a cycle that have passed."""

    marks: int  # places in kept registers
    here: int  # of them taken: present, late, or on an internship
    stays: int  # residents who lived here
    early: int  # who left early by their own or their family's wish, or without a word
    returns: int  # who came back after an earlier stay


def indicators_of(cycle: Cycle, today: date) -> Indicators:
    """The three figures of a cycle."""
    first, after = cycle.starts_on, min(cycle.ends_on, today)
    marks = (
        select(func.count(AttendanceMark.id), func.sum(case((AttendanceMark.presence.in_(HERE), 1), else_=0)))
        .join(ClassRegister, ClassRegister.id == AttendanceMark.register_id)
        .where(ClassRegister.held_on >= first, ClassRegister.held_on <= after)
    )
    total, here = db.session.execute(marks).one()
    stays = select(func.count(Stay.resident_id.distinct())).where(
        Stay.arrives_on <= after, Stay.leaves_on > first, Stay.elsewhere.is_(None)
    )
    early = select(func.count(Exit.id)).where(
        Exit.state == ExitState.APPROVED,
        Exit.reason.in_(_EARLY),
        Exit.leaves_on >= first,
        Exit.leaves_on <= after,
    )
    returns = select(func.count(Reentry.id)).where(Reentry.decided_on >= first, Reentry.decided_on <= after)
    return Indicators(
        total or 0,
        int(here or 0),
        db.session.scalar(stays) or 0,
        db.session.scalar(early) or 0,
        db.session.scalar(returns) or 0,
    )
