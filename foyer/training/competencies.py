"""What whoever learns a trade here can do: the house's list, and who was seen doing it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from foyer.database import db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residences.models import Trade
from foyer.residents.models import Resident, Stay
from foyer.training.progress_models import Competency, CompetencyCheck
from foyer.training.starter import competencies_for
from foyer.training.withdrawing import withdraw


class TitleTaken(FoyerError):
    """The trade has a competency with these words."""


class TitleMissing(FoyerError):
    """A competency needs words."""


class ReachedTooLate(FoyerError):
    """Nobody was seen doing something tomorrow."""


@dataclass(frozen=True)
class Skill:
    """A competency and, for one resident, when it was seen."""

    competency: Competency
    check: CompetencyCheck | None


def list_competencies(trade_ids: Collection[int], *, with_retired: bool = False) -> Sequence[Competency]:
    """What the house's trades ask for, in its order."""
    query = select(Competency).where(Competency.trade_id.in_(trade_ids))
    if not with_retired:
        query = query.where(Competency.is_active.is_(True))
    return db.session.scalars(
        query.options(joinedload(Competency.trade)).order_by(Competency.trade_id, Competency.position, Competency.id)
    ).all()


def add_competency(trade: Trade, title: str) -> Competency:
    """One more line at the end of a trade's list; a retired one with these words is taken up again. Raises
    TitleMissing, TitleTaken."""
    title = " ".join(title.split())
    if not title:
        raise TitleMissing
    found = db.session.scalar(select(Competency).where(Competency.trade_id == trade.id, Competency.title == title))
    if found is not None and found.is_active:
        raise TitleTaken
    if found is None:
        last = db.session.scalar(select(func.max(Competency.position)).where(Competency.trade_id == trade.id))
        found = Competency(
            residence_id=trade.residence_id, trade_id=trade.id, position=(last or 0) + 1, title=title, is_active=True
        )
        db.session.add(found)
    found.is_active = True
    flush()
    return found


def change_competency(competency: Competency, *, title: str, is_active: bool, version: int | None) -> None:
    """Change the words, or retire: who was seen doing it keeps it. Raises TitleMissing, TitleTaken, Stale."""
    title = " ".join(title.split())
    if not title:
        raise TitleMissing
    same = select(Competency.id).where(
        Competency.trade_id == competency.trade_id, Competency.title == title, Competency.id != competency.id
    )
    if db.session.scalar(same) is not None:
        raise TitleTaken
    change_record(competency, {"title": title, "is_active": is_active}, version=version)


def take_starter_list(trade: Trade) -> int:
    """Fill an empty list from the suggestions for trades of this name; gives how many lines came."""
    if list_competencies([trade.id], with_retired=True):
        return 0
    titles = competencies_for(trade.name)
    for title in titles:
        add_competency(trade, title)
    return len(titles)


def skills_of(resident_id: int, trade_ids: Collection[int]) -> list[Skill]:
    """A resident's list: what these trades ask for and everything that was ever seen, in order. Two queries."""
    checks = {check.competency_id: check for check in standing_checks([resident_id])}
    wanted = {one.id: one for one in list_competencies(trade_ids)}
    wanted |= {check.competency_id: check.competency for check in checks.values()}
    ordered = sorted(wanted.values(), key=lambda one: (one.trade.name_key, one.position, one.id))
    return [Skill(one, checks.get(one.id)) for one in ordered]


def standing_checks(resident_ids: Collection[int]) -> Sequence[CompetencyCheck]:
    """What these residents were seen doing, withdrawn checks aside."""
    return db.session.scalars(
        select(CompetencyCheck)
        .join(CompetencyCheck.competency)
        .where(CompetencyCheck.resident_id.in_(resident_ids), CompetencyCheck.withdrawn_at.is_(None))
        .options(
            contains_eager(CompetencyCheck.competency).joinedload(Competency.trade),
            joinedload(CompetencyCheck.recorded_by),
        )
    ).all()


def check_off(
    competency: Competency, resident: Resident, stay: Stay, *, on: date, today: date, actor_id: int
) -> CompetencyCheck:
    """Write down that a resident was seen doing it; once is enough. Raises ReachedTooLate."""
    if on > today:
        raise ReachedTooLate
    found = db.session.scalar(
        select(CompetencyCheck).where(
            CompetencyCheck.competency_id == competency.id,
            CompetencyCheck.resident_id == resident.id,
            CompetencyCheck.withdrawn_at.is_(None),
        )
    )
    if found is None:
        found = CompetencyCheck(
            residence_id=competency.residence_id,
            competency_id=competency.id,
            resident_id=resident.id,
            stay_id=stay.id,
            reached_on=on,
            recorded_by_id=actor_id,
        )
        db.session.add(found)
        flush()
    return found


def withdraw_check(check: CompetencyCheck, *, why: str, actor_id: int) -> None:
    """Take back what was checked off by mistake. Raises WithdrawalUnexplained, AlreadyWithdrawn."""
    withdraw(check, why=why, actor_id=actor_id)
