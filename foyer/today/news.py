"""What new versions of the plan change for somebody, told on the first page until it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from foyer.cycles.notices import changes_of, mark_seen, unseen_notices
from foyer.cycles.releases import PlanNotice
from foyer.cycles.version_words import change_words, load_labels
from foyer.today.services import Person


@dataclass(frozen=True)
class News:
    """What changes for one person from a day on, in phrases."""

    first: date
    phrases: Sequence[str]
    upto: int  # the notice that is seen with it


def news_of(person: Person) -> list[News]:
    """What the person has not seen yet, oldest first. One query where there is nothing."""
    notices = unseen_notices(**_who(person)) if _who(person) else ()
    return [_news(notice, person) for notice in notices]


def seen_news(person: Person, upto: int) -> None:
    """The person has seen everything up to this notice."""
    if _who(person):
        mark_seen(upto, **_who(person))


def _who(person: Person) -> dict[str, int]:
    if person.staff is not None:
        return {"staff_id": person.staff.id}
    return {"enrolment_id": person.enrolment.id} if person.enrolment is not None else {}


def _news(notice: PlanNotice, person: Person) -> News:
    cycle = notice.plan.cycle
    first = notice.plan.from_on or cycle.starts_on
    labels = load_labels(cycle.id, cycle.residence_id, first if person.staff is not None else None)
    return News(first, [words for change in changes_of(notice) if (words := change_words(change, labels))], notice.id)
