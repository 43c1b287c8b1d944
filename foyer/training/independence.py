"""The ladder of independence: what each stage asks and allows, and the reviews by which a resident climbs it.

Attendance and worship decide nothing here: a person looks at the criteria with the resident and says why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from foyer.database import db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residents.models import Stay
from foyer.residents.services import change_stay
from foyer.training.progress_models import StageItem, StageItemKind, StageReview
from foyer.training.starter import LADDER

STAGES = range(1, 5)
REVIEW_AFTER = timedelta(days=30)  # proposed; the reviewer may choose another day


class StageJump(FoyerError):
    """One step up or down at a time."""


class EvidenceMissing(FoyerError):
    """A review says what it stands on."""


class CriteriaOpen(FoyerError):
    """Somebody climbs who does not meet every criterion, and nobody says why all the same."""


class ReviewDateWrong(FoyerError):
    """The next review lies after this one, and this one not in the future."""


class ItemTaken(FoyerError):
    """The stage has this line already."""


class ItemMissing(FoyerError):
    """A line needs words."""


def list_items(*, with_retired: bool = False) -> Sequence[StageItem]:
    """The house's ladder, stage by stage, criteria before privileges."""
    query = select(StageItem)
    if not with_retired:
        query = query.where(StageItem.is_active.is_(True))
    return db.session.scalars(query.order_by(StageItem.stage, StageItem.kind, StageItem.position, StageItem.id)).all()


def criteria_for(items: Sequence[StageItem], stage: int) -> list[StageItem]:
    """What a stage asks of those who climb to it."""
    return [one for one in items if one.stage == stage and one.kind is StageItemKind.CRITERION]


def privileges_up_to(items: Sequence[StageItem], stage: int) -> list[StageItem]:
    """What somebody at a stage may do: privileges grow, lower ones stay."""
    return [one for one in items if one.stage <= stage and one.kind is StageItemKind.PRIVILEGE]


def add_item(residence_id: int, *, stage: int, kind: StageItemKind, title: str) -> StageItem:
    """One more line of the ladder; a retired one with these words is taken up again. Raises ItemMissing, ItemTaken."""
    title = " ".join(title.split())
    if not title:
        raise ItemMissing
    own = (StageItem.stage == stage, StageItem.kind == kind)
    found = db.session.scalar(select(StageItem).where(*own, StageItem.title == title))
    if found is not None and found.is_active:
        raise ItemTaken
    if found is None:
        last = db.session.scalar(select(func.max(StageItem.position)).where(*own))
        found = StageItem(
            residence_id=residence_id, stage=stage, kind=kind, position=(last or 0) + 1, title=title, is_active=True
        )
        db.session.add(found)
    found.is_active = True
    flush()
    return found


def change_item(item: StageItem, *, title: str, is_active: bool, version: int | None) -> None:
    """Change the words or retire the line; reviews keep the words they were held with. Raises ItemMissing, ItemTaken,
    Stale."""
    title = " ".join(title.split())
    if not title:
        raise ItemMissing
    same = select(StageItem.id).where(
        StageItem.stage == item.stage,
        StageItem.kind == item.kind,
        StageItem.title == title,
        StageItem.id != item.id,
    )
    if db.session.scalar(same) is not None:
        raise ItemTaken
    change_record(item, {"title": title, "is_active": is_active}, version=version)


def take_starter_ladder(residence_id: int) -> int:
    """Fill an empty ladder with the suggested one; gives how many lines came."""
    if list_items(with_retired=True):
        return 0
    for stage, kind, title in LADDER:
        add_item(residence_id, stage=stage, kind=kind, title=title)
    return len(LADDER)


def reviews_of(resident_id: int) -> Sequence[StageReview]:
    """A resident's reviews, newest first."""
    return db.session.scalars(
        select(StageReview)
        .where(StageReview.resident_id == resident_id, StageReview.withdrawn_at.is_(None))
        .options(joinedload(StageReview.recorded_by))
        .order_by(StageReview.held_on.desc(), StageReview.id.desc())
    ).all()


def hold_review(
    stay: Stay,
    *,
    to: int,
    met: Collection[int],
    evidence: str,
    own_words: str,
    all_the_same: str,
    held_on: date,
    review_on: date,
    today: date,
    actor_id: int,
    version: int | None,
) -> StageReview:
    """Look at a resident's stage: stay, climb one step or go back one. ``met``: ids of the criteria of the stage looked
    at. Climbing with criteria open needs ``all_the_same``, which joins the evidence. The planner reads the stage from
    the stay. Raises StageJump, EvidenceMissing, CriteriaOpen, ReviewDateWrong, Stale."""
    before = stay.independence_stage
    if abs(to - before) > 1 or to not in STAGES:
        raise StageJump
    if not evidence.strip():
        raise EvidenceMissing
    if held_on > today or review_on <= held_on:
        raise ReviewDateWrong
    asked = criteria_for(list_items(), looked_at(before))
    is_open = any(item.id not in met for item in asked)
    if to > before and is_open and not all_the_same.strip():
        raise CriteriaOpen
    review = StageReview(
        residence_id=stay.residence_id,
        resident_id=stay.resident_id,
        stay_id=stay.id,
        held_on=held_on,
        stage_before=before,
        stage_after=to,
        criteria=[{"title": item.title, "met": item.id in met} for item in asked],
        evidence="\n".join(text.strip() for text in (evidence, all_the_same) if text.strip()),
        own_words=own_words.strip() or None,
        review_on=review_on,
        recorded_by_id=actor_id,
    )
    db.session.add(review)
    change_stay(stay, {"independence_stage": to}, version=version)
    return review


def looked_at(stage: int) -> int:
    """Whose criteria a review goes through: the next stage's, at the top its own."""
    return min(stage + 1, STAGES[-1])
