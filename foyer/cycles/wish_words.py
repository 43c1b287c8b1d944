"""Wishes in whole sentences: who may join, what was chosen, who entered it and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.accounts.models import User
from foyer.cycles.collecting import Window, WishCollection
from foyer.cycles.joining import Hindrance
from foyer.cycles.models import Enrolment
from foyer.cycles.wish_queries import WishCount
from foyer.formatting import clock, long_date
from foyer.residents.models import EducationLevel
from foyer.words import words


def hindrance_words(hindrance: Hindrance) -> str:
    """Whom the classes of a trade take, where that is not everybody."""
    if hindrance.code == "level":
        return _level_words(hindrance.levels)
    if hindrance.code == "gender":
        return _("It is for girls only.") if hindrance.genders == ("female",) else _("It is for boys only.")
    if hindrance.oldest is None:
        return _("One must be at least %(age)s years old when the cycle begins.", age=hindrance.youngest)
    if hindrance.youngest <= 0:
        return _("One may be at most %(age)s years old when the cycle begins.", age=hindrance.oldest)
    return _(
        "One must be %(youngest)s to %(oldest)s years old when the cycle begins.",
        youngest=hindrance.youngest,
        oldest=hindrance.oldest,
    )


def _level_words(levels: Sequence[str]) -> str:
    every = [level.value for level in EducationLevel]
    least = min(every.index(level) for level in levels)
    if set(levels) == set(every[least:]):
        return _("One's last education must be at least: %(level)s.", level=words(EducationLevel(every[least])))
    names = ", ".join(str(words(EducationLevel(level))) for level in sorted(levels, key=every.index))
    return _("One's last education must be one of: %(levels)s.", levels=names)


def order_words(names: Iterable[str]) -> str:
    """ "1. Otomotif, 2. Tata Boga"; a dash for none."""
    return ", ".join(f"{rank}. {name}" for rank, name in enumerate(names, start=1)) or "–"


def chosen_words(enrolment: Enrolment) -> str:
    """What stands in somebody's wish."""
    return order_words(choice.trade.name for choice in enrolment.choices)


def moment_words(moment: datetime, time_zone: str) -> str:
    """Wednesday, 13 January 2027, 14.05: on the house's clock."""
    here = moment.astimezone(ZoneInfo(time_zone))
    return _("%(day)s, %(time)s", day=long_date(here.date()), time=clock(here.hour * 60 + here.minute))


def entered_words(enrolment: Enrolment, by: User | None, time_zone: str) -> str:
    """Who entered a wish and when, in a sentence for staff; empty where there is nothing to say."""
    if enrolment.wished_at is None:
        return _("From the planning workbook.") if enrolment.choices else ""
    moment = moment_words(enrolment.wished_at, time_zone)
    if by is not None and by.id == enrolment.stay.resident.user_id:
        return _("Chosen by the resident on %(moment)s.", moment=moment)
    name = by.display_name if by is not None else "–"
    if enrolment.wish_reason:
        return _(
            "Entered by %(name)s on %(moment)s. Reason: %(reason)s",
            name=name,
            moment=moment,
            reason=enrolment.wish_reason,
        )
    return _("Entered by %(name)s on %(moment)s.", name=name, moment=moment)


def window_words(collection: WishCollection, window: Window) -> str:
    """When wishes are asked, for staff."""
    if window is Window.COMING:
        return _(
            "Residents can choose from %(first)s to %(last)s.",
            first=long_date(collection.from_on),
            last=long_date(collection.to_on),
        )
    if window is Window.OPEN:
        return _("Wishes are open until %(last)s.", last=long_date(collection.to_on))
    return _("Wishes were open until %(last)s.", last=long_date(collection.to_on))


def asked_words(collection: WishCollection | None, count: WishCount, today: date) -> str:
    """When the residents of a cycle are asked, or that they were not; then where the choices that there are came
    from."""
    if collection is not None:
        return window_words(collection, collection.window(today))
    if count.chosen:
        return _("No days for choosing are set: the choices came with the planning workbook or were entered by staff.")
    return _("The residents have not been asked yet.")


def count_words(count: WishCount) -> str:
    """How many have chosen, of how many."""
    return ngettext(
        "%(chosen)s of %(num)s resident has chosen.",
        "%(chosen)s of %(num)s residents have chosen.",
        count.total,
        chosen=count.chosen,
    )
