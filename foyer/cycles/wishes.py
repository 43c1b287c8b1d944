"""Collecting wishes: opening the days for it, and entering what somebody ranked. Services flush, the edge commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from foyer.accounts.models import Role, User
from foyer.audit.services import record
from foyer.cycles.collecting import OfferedTrade, Window, WishCollection
from foyer.cycles.models import Choice, Cycle, CycleState, Enrolment
from foyer.cycles.wish_queries import TradeOnOffer, offer_to, trades_with_classes
from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.records import flush, touch
from foyer.residences.models import Trade


class NotPreparing(FoyerError):
    """The cycle is published or closed: its wishes are no longer asked."""


class DaysReversed(FoyerError):
    """The last day lies before the first."""


class DayOver(FoyerError):
    """The last day is past already."""


class NothingOffered(FoyerError):
    """At least one trade must be offered."""


class TradeWithoutClass(FoyerError):
    """A trade is offered that has no class in the cycle."""


class ChoiceTwice(FoyerError):
    """The same trade stands at two ranks."""


class ChoiceGap(FoyerError):
    """A rank is empty while a later one is not."""


class TooManyChoices(FoyerError):
    """More trades are ranked than may be."""


class TradeNotOffered(FoyerError):
    """A trade is ranked that this cycle does not offer."""


class TradeNotOpen(FoyerError):
    """A resident ranked a trade none of whose classes takes them."""


class NothingChosen(FoyerError):
    """A resident sent a wish without a trade."""


class WindowClosed(FoyerError):
    """Residents may not choose on this day."""


class ReasonMissing(FoyerError):
    """After the last day a change needs its reason."""


def save_collection(
    cycle: Cycle,
    collection: WishCollection | None,
    *,
    from_on: date,
    to_on: date,
    most_choices: int,
    trade_ids: Sequence[int],
    today: date,
    version: int | None,
) -> WishCollection:
    """Ask for wishes, or change how. Raises NotPreparing, DaysReversed, DayOver, NothingOffered, TradeWithoutClass,
    Stale."""
    if cycle.state is not CycleState.PREPARING:
        raise NotPreparing
    if to_on < from_on:
        raise DaysReversed
    if to_on < today and (collection is None or collection.to_on != to_on):
        raise DayOver
    if not trade_ids:
        raise NothingOffered
    known = collection.trade_ids if collection else set()
    if set(trade_ids) - known - {trade.id for trade in trades_with_classes(cycle.id)}:
        raise TradeWithoutClass
    if collection is None:
        collection = WishCollection(residence_id=cycle.residence_id, cycle_id=cycle.id)
        db.session.add(collection)
    else:
        expect_version(collection, version or 0)  # whoever saw no collection must see this one first
    collection.from_on, collection.to_on, collection.most_choices = from_on, to_on, most_choices
    _offer(collection, set(trade_ids))
    flush()
    return collection


def _offer(collection: WishCollection, wanted: set[int]) -> None:
    known = collection.trade_ids
    if wanted == known:
        return
    touch(collection)
    for offer in [offer for offer in collection.offers if offer.trade_id not in wanted]:
        collection.offers.remove(offer)
    collection.offers += [
        OfferedTrade(residence_id=collection.residence_id, trade_id=trade_id) for trade_id in sorted(wanted - known)
    ]


@dataclass(frozen=True)
class Asking:
    """What a wish is judged by: whose it is, the cycle, what is asked, and the house's clock (aware)."""

    enrolment: Enrolment
    cycle: Cycle
    collection: WishCollection | None
    now: datetime

    @property
    def window(self) -> Window | None:
        return self.collection.window(self.now.date()) if self.collection else None

    @property
    def most(self) -> int | None:
        """How many trades may be ranked; None: nobody said."""
        return self.collection.most_choices if self.collection else None

    @property
    def needs_reason(self) -> bool:
        """Whether a change by staff must say why: after the last day, and once a plan is published."""
        return self.window is Window.OVER or self.cycle.state is not CycleState.PREPARING

    def offers(self) -> list[TradeOnOffer]:
        return offer_to(self.enrolment, self.cycle, self.collection)


def may_staff_enter(asking: Asking, role: Role) -> bool:
    """Counsellors as long as the cycle is in preparation; the manager also afterwards, for the next version of a plan;
    nobody once it is closed."""
    if asking.cycle.state is CycleState.CLOSED:
        return False
    return role is Role.MANAGER or (role is Role.COUNSELLOR and asking.cycle.state is CycleState.PREPARING)


def send_own_wish(asking: Asking, trade_ids: Sequence[int], *, actor: User, version: int | None) -> None:
    """A resident's own wish, best first. Sent twice it is one wish. Raises WindowClosed, NothingChosen, ChoiceTwice,
    TooManyChoices, TradeNotOffered, TradeNotOpen, Stale."""
    enrolment, wanted = asking.enrolment, list(trade_ids)
    if wanted and wanted == ranked(enrolment) and enrolment.wished_by_id == actor.id:
        return
    if asking.window is not Window.OPEN or asking.cycle.state is not CycleState.PREPARING:
        raise WindowClosed
    expect_version(enrolment, version or 0)
    if not wanted:
        raise NothingChosen
    offers = _judge(asking, wanted)
    if any(offers[trade_id].hindrances for trade_id in wanted):
        raise TradeNotOpen
    _write(asking, wanted, actor, "")


def enter_wish(
    asking: Asking, trade_ids: Sequence[int | None], *, actor: User, reason: str, version: int | None
) -> None:
    """What staff enter for a resident; a wish that stands as it is stays whatever it is. Raises NotPreparing,
    ChoiceTwice, ChoiceGap, TooManyChoices, TradeNotOffered, ReasonMissing, Stale."""
    expect_version(asking.enrolment, version or 0)
    wanted = _without_gaps(trade_ids)
    if wanted == ranked(asking.enrolment):
        return
    if not may_staff_enter(asking, actor.role):
        raise NotPreparing
    _judge(asking, wanted)
    if asking.needs_reason and not reason.strip():
        raise ReasonMissing
    _write(asking, wanted, actor, reason.strip())


def ranked(enrolment: Enrolment) -> list[int]:
    """The trades that stand in the wish, best first."""
    return [choice.trade_id for choice in enrolment.choices]


def _without_gaps(trade_ids: Sequence[int | None]) -> list[int]:
    ranks = list(trade_ids)
    while ranks and ranks[-1] is None:
        ranks.pop()
    if None in ranks:
        raise ChoiceGap
    return [trade_id for trade_id in ranks if trade_id is not None]


def _judge(asking: Asking, wanted: list[int]) -> dict[int, TradeOnOffer]:
    if len(set(wanted)) < len(wanted):
        raise ChoiceTwice
    if asking.most is not None and len(wanted) > asking.most:
        raise TooManyChoices
    offers = {offer.trade.id: offer for offer in asking.offers()}
    if any(trade_id not in offers or not offers[trade_id].is_offered for trade_id in wanted):
        raise TradeNotOffered
    return offers


def _write(asking: Asking, wanted: list[int], actor: User, reason: str) -> None:
    enrolment = asking.enrolment
    before = [choice.trade.name for choice in enrolment.choices]
    enrolment.wished_at = asking.now.astimezone(UTC)
    enrolment.wished_by_id = actor.id
    enrolment.wish_reason = reason
    touch(enrolment)
    if wanted != ranked(enrolment):
        enrolment.choices.clear()
        flush()  # the old ranks must be free before the new ones take them
        for rank, trade_id in enumerate(wanted, start=1):
            trade = db.session.get_one(Trade, trade_id)
            enrolment.choices.append(Choice(residence_id=enrolment.residence_id, rank=rank, trade=trade))
    after = [choice.trade.name for choice in enrolment.choices]
    changes: dict[str, list[object]] = {"choices": [before, after]}
    if reason:
        changes["reason"] = [None, reason]
    flush()
    record("wished", enrolment, resident_id=enrolment.stay.resident_id, changes=changes)
    flush()
