"""One resident in one plan, laid out for asking: what is had of each need, why, and the shape of the week.

What somebody has is read from the plan's own answer, which the tables of details mirror: so the page takes a fixed
handful of queries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from foyer.cycles.models import Enrolment, Plan
from foyer.cycles.opened import Opened, opened
from foyer.cycles.own_steps import steps_about
from foyer.cycles.pinning import studied
from foyer.cycles.plan_names import names_in
from foyer.cycles.studio import ActLine
from foyer.cycles.week_shape import WeekShape, shape_of
from foyer.cycles.weeks import rotation_words
from foyer.cycles.words.names import HouseNames, whole
from foyer.cycles.words.why import NeedWords, why_words
from foyer.database import db
from foyer.errors import NotFound
from foyer.formatting import clock, weekday_name
from foyer.residents.models import Stay
from foyer.scheduling import explain
from foyer.scheduling.answers.forms import NeedAnswer

PLACED = ("class", "education", "elective", "counsellor", "room", "appointment")  # needs with other places


@dataclass(frozen=True, slots=True)
class Need:
    """One need of the resident. ``targets``: ids of what is had; ``had``: the same in words, a line for each."""

    kind: str
    targets: tuple[str, ...]
    had: tuple[str, ...]
    rank: int  # which choice it was; 0: none, or not a matter of choice
    is_ranked: bool
    words: NeedWords
    pinned: tuple[str, ...]  # the targets that people decided on

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return f"need-{self.kind}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the page of one resident in one plan says. ``needs`` is None where the plan was made without
    this resident."""

    needs: tuple[Need, ...] | None
    times: NeedWords | None = None
    week: WeekShape | None = None
    steps: tuple[ActLine, ...] = ()  # what was done to this resident in the draft by hand


def plan_to_ask(cycle_id: int, plan_id: int) -> Plan:
    """The plan with its files, in one query; raises NotFound."""
    query = select(Plan).where(Plan.id == plan_id, Plan.cycle_id == cycle_id)
    found = db.session.scalar(query.options(joinedload(Plan.cycle), undefer(Plan.problem), undefer(Plan.answer)))
    if found is None:
        raise NotFound("plan")
    return found


def enrolment_to_ask(enrolment_id: int, cycle_id: int) -> Enrolment:
    """The enrolment with its stay and resident; raises NotFound."""
    found = db.session.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.cycle_id == cycle_id)
        .options(joinedload(Enrolment.stay).joinedload(Stay.resident))
    )
    if found is None:
        raise NotFound("enrolment")
    return found


def is_in(plan: Plan, enrolment: Enrolment) -> bool:
    """Whether the plan was made with this resident."""
    return any(resident.id == str(enrolment.id) for resident in opened(plan).problem.residents)


def sheet_of(plan: Plan, enrolment: Enrolment) -> Sheet:
    """The resident's sheet. It names no other resident: it may be read together."""
    if not is_in(plan, enrolment):
        return Sheet(None)
    found, who = studied(plan), str(enrolment.id)
    names = names_in(plan, found.problem, only={who: enrolment.stay.resident.full_name})
    (explanation,) = explain(found.problem, found.answer, who).residents
    told = list(zip(explanation.needs, why_words(explanation, names), strict=True))
    needs = tuple(
        _need(plan, found, who, answer, words, names)
        for answer, words in told
        if answer.need in PLACED and (answer.got or not words.is_quiet)
    )
    times = next((words for answer, words in told if answer.need == "times"), None)
    meetings = [pin["target"] for pin in plan.pins if pin["kind"] == "meeting"]
    week = shape_of(found.problem, found.answer, who, names, meetings)
    return Sheet(needs, times, week, steps_about(plan, who, names))


def _need(plan: Plan, found: Opened, who: str, answer: NeedAnswer, words: NeedWords, names: HouseNames) -> Need:
    targets = tuple(answer.got.split(", ")) if answer.got else ()
    pins = {(pin["kind"], pin["target"]) for pin in plan.pins if pin["resident"] == who}
    return Need(
        answer.need,
        targets,
        tuple(map(whole, _had(answer.need, targets, found, who, names))),
        answer.rank,
        answer.need == "class" and bool(answer.wished),
        words,
        tuple(target for target in targets if (answer.need, target) in pins),
    )


def _had(kind: str, targets: Sequence[str], found: Opened, who: str, names: HouseNames) -> Iterator[str]:
    """A line for each thing that is had."""
    if kind == "room":
        yield from _rooms(found, who, names)
    elif kind == "appointment":
        yield from _appointments(found, who, names)
    elif kind in ("class", "elective"):
        subjects = {group.id: group.subject for group in found.problem.groups}
        for target in targets:
            yield _("%(subject)s (%(group)s)", subject=names.subject(subjects[target]), group=names.group(target))
    else:
        yield from (names.thing(kind, target) for target in targets)


def _rooms(found: Opened, who: str, names: HouseNames) -> Iterator[str]:
    for lodging in sorted(found.answer.lodgings, key=lambda x: x.arrives):
        if lodging.resident == who:
            nights = names.nights(lodging.arrives, lodging.leaves)
            yield _("%(room)s, bed %(bed)s, %(nights)s", room=names.room(lodging.room), bed=lodging.bed, nights=nights)


def _appointments(found: Opened, who: str, names: HouseNames) -> Iterator[str]:
    every = found.problem.appointments.every_weeks
    for item in found.answer.appointments:
        if item.resident == who and item.period in names.periods:
            day = weekday_name(names.periods[item.period].day)
            when = _("%(day)s at %(time)s", day=day, time=clock(item.start))
            counsellor = _("with %(counsellor)s", counsellor=names.counsellor(item.counsellor))
            yield ", ".join(filter(None, (when, rotation_words(item.week, every), counsellor)))
