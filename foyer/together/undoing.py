"""Taking back as one what was done for many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select

from foyer.accounts.models import Role, User
from foyer.caseload.desk import Desk
from foyer.caseload.models import Assignment
from foyer.counselling.models import ResidentFlag
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound
from foyer.intake.models import Referral, ReferralAnswer
from foyer.paging import Paged, cut_query
from foyer.records import flush
from foyer.together.models import TogetherAct, TogetherKind
from foyer.together.referrals import answers_back, referrals_back
from foyer.together.services import assignments_back, flags_back

_BACK: dict[TogetherKind, tuple[Any, Callable[[Desk, TogetherAct, Any], int]]] = {
    TogetherKind.ASSIGN: (Assignment, assignments_back),
    TogetherKind.FLAG: (ResidentFlag, flags_back),
    TogetherKind.DECIDE: (Referral, referrals_back),
    TogetherKind.TELL: (ReferralAnswer, answers_back),
    TogetherKind.HAND_OVER: (Referral, referrals_back),
}
PAGE_SIZE = 30
ABOUT_REFERRALS = (TogetherKind.DECIDE, TogetherKind.TELL, TogetherKind.HAND_OVER)


class AlreadyUndone(FoyerError):
    """The act was taken back before."""


def list_acts(desk: Desk, page: int) -> Paged[tuple[TogetherAct, str]]:
    """A page of what ``get_act`` finds, the newest first, each with who did it. Two queries."""
    query = _own(desk, select(TogetherAct, User.display_name).join(User, User.id == TogetherAct.made_by_id))
    return cut_query(query.order_by(TogetherAct.id.desc()), page, PAGE_SIZE)


def get_act(desk: Desk, act_id: int) -> TogetherAct:
    """An act of the actor's own; a manager's are all of the house. Raises NotFound."""
    found = db.session.scalar(_own(desk, select(TogetherAct)).where(TogetherAct.id == act_id))
    if found is None:
        raise NotFound("act")
    return found


def _own(desk: Desk, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query if desk.actor.role is Role.MANAGER else query.where(TogetherAct.made_by_id == desk.actor.id)


def undo(desk: Desk, act: TogetherAct) -> int:
    """Take the act back: assignments that it made are over at once, those that it made last longer end when they would
    have, flags that it set end, those that it took down hold again, referrals stand as before, and what senders were
    told counts as not told. What somebody changed meanwhile stays so. Gives how many rows were changed. Raises
    AlreadyUndone."""
    if act.undone_at is not None:
        raise AlreadyUndone
    model, back = _BACK[act.kind]
    rows = db.session.scalars(select(model).where(model.id.in_(act.row_ids))).all()
    count = back(desk, act, rows)
    act.undone_at = utc_now()
    flush()
    return count
