"""What a version changes, in sentences with counts, and person by person. For pages: the words are the reader's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import case, func, literal, select, union_all

from foyer.cycles.differences import Change, Difference
from foyer.cycles.models import Enrolment, TeachingGroup
from foyer.cycles.weeks import rotation_words
from foyer.database import db
from foyer.formatting import clock, weekday_name
from foyer.residences.models import Room, Staff, Trade
from foyer.residents.models import Resident, Stay


@dataclass
class Labels:
    """Names by id. ``residents`` are those who are still here on the day; those ``without_account``, and the
    ``staff_without_account``, are not told in the app."""

    groups: dict[str, str]
    staff: dict[str, str]
    rooms: dict[str, str]
    residents: dict[str, str] = field(default_factory=dict)
    without_account: set[str] = field(default_factory=set)
    staff_without_account: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Line:
    """A sentence with a count, and whom it concerns: name and what changes."""

    text: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """How many are told in the app, and by name those who have no account: somebody has to tell them."""

    residents: int
    staff: int
    residents_in_person: tuple[str, ...]
    staff_in_person: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What changes, for the reader: nothing in it where nothing does."""

    residents: tuple[Line, ...]
    staff: tuple[Line, ...]
    groups: tuple[Line, ...]
    told: Told

    @property
    def is_empty(self) -> bool:
        return not (self.residents or self.staff or self.groups)


def load_labels(cycle_id: int, residence_id: int, first: date | None = None) -> Labels:
    """The names of a cycle's groups and a house's staff and rooms; with ``first`` also of the residents who are still
    here on that day. One query."""
    nothing = literal("")
    queries = [
        select(literal("staff"), Staff.id, Staff.full_name, _no_account(Staff.user_id)).where(
            Staff.residence_id == residence_id
        ),
        select(literal("room"), Room.id, Room.code, nothing).where(Room.residence_id == residence_id),
        select(
            literal("group"), TeachingGroup.id, TeachingGroup.code, func.coalesce(Trade.name, TeachingGroup.programme)
        )
        .outerjoin(TeachingGroup.trade)
        .where(TeachingGroup.cycle_id == cycle_id),
    ]
    if first is not None:
        queries.append(
            select(
                literal("resident"),
                Enrolment.id,
                Resident.full_name,
                _no_account(Resident.user_id),
            )
            .join(Stay, Stay.id == Enrolment.stay_id)
            .join(Resident, Resident.id == Stay.resident_id)
            .where(Enrolment.cycle_id == cycle_id, Stay.leaves_on > first)
        )
    labels = Labels({}, {}, {})
    for kind, id_, name, more in sorted(db.session.execute(union_all(*queries)), key=lambda row: str(row[2])):
        _note(labels, kind, str(id_), name, more)
    return labels


def _no_account(user_id: Any) -> Any:
    return case((user_id.is_(None), literal("no account")), else_=literal(""))


def _note(labels: Labels, kind: str, one: str, name: str, more: str) -> None:
    if kind == "staff":
        labels.staff[one] = name
        if more:
            labels.staff_without_account.add(one)
    elif kind == "room":
        labels.rooms[one] = name
    elif kind == "group":
        labels.groups[one] = f"{more} ({name})"
    else:
        labels.residents[one] = name
        if more:
            labels.without_account.add(one)


def change_words(change: Change, labels: Labels) -> str:
    """One change in one phrase: what somebody has instead of what."""
    if change.kind in ("times", "place", "teacher"):
        group = _named(change.after, labels.groups)
        return {
            "times": _("%(group)s meets at other times", group=group),
            "place": _("%(group)s meets in another place", group=group),
            "teacher": _("%(group)s has another instructor or tutor", group=group),
        }[change.kind]
    if change.kind in ("caseload", "teaches"):
        return _gained_and_lost(change, labels)
    if change.kind == "appointments":
        return _("other times for %(names)s", names=_named(change.after, labels.residents))
    label, name = _WHAT[change.kind]
    before, after = (", ".join(name(one, labels) for one in ids) for ids in (change.before, change.after))
    if before and after:
        return _("%(what)s: %(after)s instead of %(before)s", what=label(), after=after, before=before)
    if after:
        return _("%(what)s: %(after)s", what=label(), after=after)
    return _("%(what)s: no longer %(before)s", what=label(), before=before)


def _gained_and_lost(change: Change, labels: Labels) -> str:
    names = labels.residents if change.kind == "caseload" else labels.groups
    lost, gained = _named(change.before, names), _named(change.after, names)
    parts = [_("new: %(names)s", names=gained)] if gained else []
    parts += [_("no longer: %(names)s", names=lost)] if lost else []
    return "; ".join(parts)


def _named(ids: Iterable[str], names: dict[str, str]) -> str:
    return ", ".join(sorted(names.get(one, "–") for one in ids if one in names))


def _bed(one: str, labels: Labels) -> str:
    room, bed = one.split("-")
    return _("%(room)s, bed %(bed)s", room=labels.rooms.get(room, "–"), bed=bed)


def _time(one: str, labels: Labels) -> str:
    weekday, start, week, every = map(int, one.split("-"))
    rotation = rotation_words(week, every)
    return f"{weekday_name(weekday)} {clock(start)}" + (f" ({rotation})" if rotation else "")


_WHAT: dict[str, tuple[Callable[[], str], Callable[[str, Labels], str]]] = {
    "class": (lambda: _("Class"), lambda one, labels: labels.groups.get(one, "–")),
    "education": (lambda: _("Education group"), lambda one, labels: labels.groups.get(one, "–")),
    "counsellor": (lambda: _("Counsellor"), lambda one, labels: labels.staff.get(one, "–")),
    "room": (lambda: _("Room"), lambda one, labels: labels.rooms.get(one, "–")),
    "bed": (lambda: _("Bed"), _bed),
    "counselling": (lambda: _("Individual counselling"), _time),
}


def _resident_sentences() -> dict[str, Callable[[int], str]]:
    return {
        "class": lambda n: ngettext("%(num)s resident: another class", "%(num)s residents: another class", n),
        "education": lambda n: ngettext(
            "%(num)s resident: another education group", "%(num)s residents: another education group", n
        ),
        "counsellor": lambda n: ngettext(
            "%(num)s resident: another counsellor", "%(num)s residents: another counsellor", n
        ),
        "room": lambda n: ngettext("%(num)s resident: another room", "%(num)s residents: another room", n),
        "bed": lambda n: ngettext(
            "%(num)s resident: another bed in the same room", "%(num)s residents: another bed in the same room", n
        ),
        "counselling": lambda n: ngettext(
            "%(num)s resident: another time for counselling", "%(num)s residents: another time for counselling", n
        ),
        "times": lambda n: ngettext(
            "%(num)s resident: the same class or group at other times",
            "%(num)s residents: the same class or group at other times",
            n,
        ),
        "place": lambda n: ngettext(
            "%(num)s resident: the same class or group in another place",
            "%(num)s residents: the same class or group in another place",
            n,
        ),
        "teacher": lambda n: ngettext(
            "%(num)s resident: another instructor or tutor", "%(num)s residents: another instructor or tutor", n
        ),
    }


def _staff_sentences() -> dict[str, Callable[[int], str]]:
    return {
        "teaches": lambda n: ngettext(
            "%(num)s member of staff: other classes to teach", "%(num)s members of staff: other classes to teach", n
        ),
        "caseload": lambda n: ngettext(
            "%(num)s counsellor: other residents", "%(num)s counsellors: other residents", n
        ),
        "appointments": lambda n: ngettext(
            "%(num)s counsellor: other times for counselling", "%(num)s counsellors: other times for counselling", n
        ),
        "times": lambda n: ngettext(
            "%(num)s member of staff: the same class at other times",
            "%(num)s members of staff: the same class at other times",
            n,
        ),
        "place": lambda n: ngettext(
            "%(num)s member of staff: the same class in another place",
            "%(num)s members of staff: the same class in another place",
            n,
        ),
    }


def _group_sentences() -> dict[str, Callable[[int], str]]:
    return {
        "times": lambda n: ngettext(
            "%(num)s class or group: other times", "%(num)s classes and groups: other times", n
        ),
        "place": lambda n: ngettext(
            "%(num)s class or group: another place", "%(num)s classes and groups: another place", n
        ),
        "teacher": lambda n: ngettext(
            "%(num)s class or group: another instructor or tutor",
            "%(num)s classes and groups: another instructor or tutor",
            n,
        ),
    }


def summary_of(changed: Difference, labels: Labels) -> Summary:
    """A difference in sentences, each with those whom it concerns. Who has left by then is left out."""
    residents = {str(one): changes for one, changes in changed.residents.items() if str(one) in labels.residents}
    staff = {str(one): changes for one, changes in changed.staff.items()}
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for group_id, kinds in changed.groups.items():
        for kind in kinds:
            by_kind.setdefault(kind, []).append((labels.groups.get(str(group_id), "–"), ""))
    return Summary(
        residents=_lines(residents, labels.residents, labels, _resident_sentences()),
        staff=_lines(staff, labels.staff, labels, _staff_sentences()),
        groups=tuple(
            Line(say(len(by_kind[kind])), tuple(sorted(by_kind[kind])))
            for kind, say in _group_sentences().items()
            if kind in by_kind
        ),
        told=told_of(residents, staff, labels),
    )


def told_of(residents: Iterable[str], staff: Iterable[str], labels: Labels) -> Told:
    """Who of these residents (enrolments) and staff is told in the app, and who has to be told in person. Who is no
    longer here, and who is not known in the house, is neither."""
    here, known = labels.residents.keys() & set(residents), labels.staff.keys() & set(staff)
    silent, mute = here & labels.without_account, known & labels.staff_without_account
    return Told(
        residents=len(here - silent),
        staff=len(known - mute),
        residents_in_person=tuple(name for one, name in labels.residents.items() if one in silent),
        staff_in_person=tuple(name for one, name in labels.staff.items() if one in mute),
    )


def _lines(
    changed: dict[str, tuple[Change, ...]],
    names: dict[str, str],
    labels: Labels,
    sentences: dict[str, Callable[[int], str]],
) -> tuple[Line, ...]:
    lines = []
    for kind, say in sentences.items():
        people: dict[str, list[str]] = {}
        for one, changes in changed.items():
            for change in changes:
                if change.kind == kind:
                    people.setdefault(one, []).append(change_words(change, labels))
        if people:
            named = sorted((names.get(one, "–"), "; ".join(words)) for one, words in people.items())
            lines.append(Line(say(len(people)), tuple(named)))
    return tuple(lines)
