"""One session of a plan's week, laid out for asking: a meeting of a class or an hour of counselling; why it is then,
to which other hours it could move and at what price. Every verdict is the engine's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.pinning import studied
from foyer.cycles.places import Place, Places
from foyer.cycles.targets import Target, targets
from foyer.cycles.weeks import rotation_words
from foyer.cycles.words.names import HouseNames, sentences
from foyer.errors import NotFound
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.problem import Problem


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting (``kind`` "meeting") or an appointment. ``resident``: in whose name the engine is asked, of a meeting
    somebody who takes part; ``target``: what it is now, as wishes and pins name it; ``at``: its day and start, "0-480";
    ``week``: of an appointment, in the rotation; ``size``: how many residents take part."""

    kind: str
    resident: str
    target: str
    at: str
    venue: str = ""
    instructor: str = ""
    week: int = 0
    size: int = 1

    @property
    def meeting(self) -> str:
        """The meeting that moves; "" where it is an appointment."""
        return self.target if self.kind == "meeting" else ""

    @property
    def group(self) -> str:
        return self.meeting.partition(":")[0]

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(self.target.rpartition(":")[2].split(","))

    def wish(self, target: str) -> Wish:
        """That it moves there, and no other."""
        instead = self.meeting.partition(":")[2]
        return Wish(self.kind, self.resident, target, instead)  # type: ignore[arg-type]


def meeting_of(plan: Plan, group_id: int, at: str) -> Session:
    """The group's meeting that begins there; where nothing says at which start, its first one. Raises NotFound."""
    found = opened(plan)
    starts = _starts(found.problem)
    members = [seat.resident for seat in found.answer.seats if seat.group == str(group_id)]
    for meeting in found.answer.meetings:
        start = starts.get(meeting.periods[0], "")
        if meeting.group == str(group_id) and at in ("", start) and members:
            return Session(
                "meeting",
                members[0],
                f"{meeting.group}:{','.join(meeting.periods)}",
                start,
                meeting.venue or "",
                meeting.instructor or "",
                size=len(members),
            )
    raise NotFound("meeting")


def appointment_of(plan: Plan, enrolment_id: int) -> Session:
    """The hour of counselling of a resident of the plan. Raises NotFound."""
    found = opened(plan)
    for one in found.answer.appointments:
        if one.resident == str(enrolment_id):
            at = _starts(found.problem).get(one.period, "")
            return Session("appointment", one.resident, f"{one.week}:{one.period}", at, week=one.week)
    raise NotFound("appointment")


def is_pinned(plan: Plan, session: Session) -> bool:
    """Whether somebody decided on this hour."""
    who = session.resident if session.kind == "appointment" else ""
    return {"kind": session.kind, "resident": who, "target": session.target} in plan.pins


def when_words(plan: Plan, session: Session, names: HouseNames) -> str:
    """When it is."""
    if session.kind == "meeting":
        return names.hours(session.periods)
    return ", ".join(filter(None, (names.hours(session.periods), _weeks(plan, session.week))))


def who_and_where(session: Session, names: HouseNames) -> tuple[str, ...]:
    """Of a meeting, in short lines: where, with whom, how many."""
    lines = [names.venue(session.venue)] if session.venue else []
    lines += [names.instructor(session.instructor)] if session.instructor else []
    return (*lines, ngettext("%(num)s resident", "%(num)s residents", session.size))


def why_lines(listing: Places, *, pinned: bool) -> tuple[str, ...]:
    """Why it is at this hour, by what every other hour would mean: sentences."""
    return tuple(_why(listing, pinned))


def _why(listing: Places, pinned: bool) -> Iterator[str]:
    if pinned:
        yield _("Somebody decided on this hour: it is pinned.")
    if not listing.possible and not listing.forbidden:
        yield _("The rules leave no other hour for it.")
    elif not listing.possible:
        yield _("Every other hour would break a rule, unless something else moves as well.")
    else:
        count = len(listing.possible)
        yield ngettext(
            "As the plan is, %(num)s other hour is possible.",
            "As the plan is, %(num)s other hours are possible.",
            count,
        )
        yield _against(listing.possible)
    if listing.possible and listing.forbidden:
        yield ngettext("%(num)s would break a rule.", "%(num)s would break rules.", len(listing.forbidden))


def _against(possible: Sequence[Place]) -> str:
    best = min(place.points for place in possible)
    if best > 0:
        return _("None of them costs as little as this one.")
    if best < 0:
        return _("With one of them the wishes would even be met better: the first in the list.")
    return _("None of them is better; some are as good.")


# Where in the week it could be: what is said while it is in the hand


def hours_of(plan: Plan, session: Session) -> dict[str, Target]:
    """The blocks of the week at which the session could begin, each by its day and start: what it would mean to let it
    go there, the best that the engine says of any place that begins at the block. Raises UnknownWish."""
    starts = _starts(studied(plan).problem)
    found: dict[str, list[Target]] = {}
    for target in targets(plan, session.kind, int(session.resident), meeting=session.meeting):
        week, _sep, listed = target.id.rpartition(":")
        at = starts.get(listed.split(",")[0])
        if at is not None and week:  # an hour of counselling is chosen with its week
            found.setdefault(at, []).append(target)
    return {at: _best(plan, session, each) for at, each in found.items()}


def _best(plan: Plan, session: Session, places: Sequence[Target]) -> Target:
    """What is there now, else what is possible and cheapest; in the same weeks if it can be."""

    def rank(target: Target) -> tuple[int, float, bool, str]:
        here = 0 if target.state == "here" else 1 + (target.state == "forbidden")
        return here, target.points, _week_of(session, target) != session.week, target.id

    best = min(places, key=rank)
    week = _week_of(session, best)
    moved = _("Then in %(weeks)s.", weeks=_weeks(plan, week)) if week != session.week and _weeks(plan, week) else ""
    return replace(best, words=sentences([best.words, moved]))


def _week_of(session: Session, target: Target) -> int:
    return int(target.id.partition(":")[0]) if session.kind == "appointment" else 0


def _weeks(plan: Plan, week: int) -> str:
    return rotation_words(week, opened(plan).problem.appointments.every_weeks)


def _starts(problem: Problem) -> Mapping[str, str]:
    """By period, its day and start."""
    return {period.id: f"{period.day}-{period.start}" for period in problem.periods}
