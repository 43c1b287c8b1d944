"""What the pages of an import show, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask_babel import ngettext

from foyer.cycles.models import CycleState
from foyer.workbooks.changes import ORDER, Action, Change
from foyer.workbooks.models import WorkbookUpload
from foyer.workbooks.problems import Severity
from foyer.workbooks.services import DryRun
from foyer.workbooks.showing import change_label, field_name, group_name, value_words

# Of something new, these fields are told; the rest is in the workbook.
_TOLD: dict[str, tuple[str, ...]] = {
    "cycle": ("weeks",),
    "counsellors": ("gender", "skills", "caseload", "unavailable"),
    "instructors": ("trades", "unavailable"),
    "rooms": ("wing", "policy", "beds", "stage", "accessible", "reserve", "outage"),
    "grid": ("is_activity",),
    "classes": ("trade", "minimum", "maximum", "venue", "instructor", "meetings", "minutes", "requirement"),
    "education": ("programme", "levels", "maximum", "instructor", "meetings", "parts"),
    "residents": ("birth_date", "gender", "level", "arrives_on", "leaves_on", "choices", "previous_counsellor", "needs",
                  "outside_school"),
    "pairs": ("in_room", "in_class", "until"),
}  # fmt: skip


@dataclass(frozen=True)
class ShownField:
    name: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownChange:
    label: str
    action: Action
    row: int | None
    fields: tuple[ShownField, ...]


@dataclass(frozen=True)
class Section:
    """One kind of thing: what is new or changed, one by one; what is left alone, by name."""

    title: str
    summary: str
    is_open: bool
    changes: tuple[ShownChange, ...]
    same: tuple[str, ...]


class DryRunPage:
    """Everything that the page of a dry run shows, in words."""

    def __init__(self, run: DryRun) -> None:
        comparison, found = run.comparison, run.found
        self.run = run
        self.starts_on, self.weeks, self.ends_on = run.state.starts_on, run.state.weeks, run.state.ends_on
        self.is_new_cycle = run.state.cycle is None
        self.is_published = run.state.cycle is not None and run.state.cycle.state is CycleState.PUBLISHED
        self.is_closed = run.state.cycle is not None and run.state.cycle.state is CycleState.CLOSED
        self.changes_nothing = comparison.changes_nothing
        totals = Counter(change.action for change in comparison.changes)
        self.created, self.changed = totals[Action.CREATE], totals[Action.CHANGE] + totals[Action.REMOVE]
        self.same, self.waiting = totals[Action.SAME], len(found.waiting)
        order = {severity: index for index, severity in enumerate(Severity)}
        ranked = sorted(comparison.problems, key=lambda problem: order[problem.severity])
        self.problems = [problem for problem in ranked if problem.severity is not Severity.NOTE]
        self.notes = [problem for problem in ranked if problem.severity is Severity.NOTE]
        self.errors = sum(problem.severity is Severity.ERROR for problem in ranked)
        sections = [section_of(kind, comparison.of(kind)) for kind in comparison.kinds]
        self.sections = [section for section in sections if section.changes]
        self.untouched = [section for section in sections if not section.changes]
        self.ignored = found.ignored
        self.not_kept = [(table.sheet.name, ", ".join(table.not_kept)) for table in found.tables if table.not_kept]
        self.left_out = [
            (table.sheet.name, ", ".join(map(str, table.left_out))) for table in found.tables if table.left_out
        ]


class ResultPage:
    """Figures of an import that is done; the rows themselves are no longer kept with it."""

    def __init__(self, upload: WorkbookUpload) -> None:
        counts: dict[str, dict[str, int]] = upload.result.get("counts", {})
        self.rows = [(group_name(kind), counts[kind]) for kind in ORDER if kind in counts]
        self.created = sum(one.get("create", 0) for one in counts.values())
        self.changed = sum(one.get("change", 0) + one.get("remove", 0) for one in counts.values())
        self.same = sum(one.get("same", 0) for one in counts.values())
        self.waiting = sum(upload.result.get("waiting", {}).values())
        self.waiting_by_sheet = upload.result.get("waiting", {})


def section_of(kind: str, changes: list[Change]) -> Section:
    """A kind's changes in words; short ones with something changed stand open."""
    counts = Counter(change.action for change in changes)
    summary = ", ".join(_counted(action, counts[action]) for action in _IN_ORDER if counts[action])
    shown = tuple(_shown_change(change) for change in changes if not change.is_quiet)
    same = tuple(change_label(change) for change in changes if change.is_quiet)
    is_open = 0 < len(shown) <= 12 and counts[Action.CREATE] < len(shown)
    return Section(group_name(kind), summary, is_open, shown, same)


_IN_ORDER = (Action.CREATE, Action.CHANGE, Action.REMOVE, Action.SAME)


def _counted(action: Action, count: int) -> str:
    if action is Action.CREATE:
        return ngettext("%(count)s new", "%(count)s new", count, count=count)
    if action is Action.CHANGE:
        return ngettext("%(count)s changed", "%(count)s changed", count, count=count)
    if action is Action.REMOVE:
        return ngettext("%(count)s removed", "%(count)s removed", count, count=count)
    return ngettext("%(count)s unchanged", "%(count)s unchanged", count, count=count)


def _shown_change(change: Change) -> ShownChange:
    told = _TOLD.get(change.kind, ())
    fields = [one for one in change.fields if change.action is not Action.CREATE or one.field in told]
    shown = tuple(
        ShownField(field_name(one.field), value_words(one.field, one.old), value_words(one.field, one.new))
        for one in fields
        if change.action is not Action.CREATE or one.new is not False
    )
    return ShownChange(change_label(change), change.action, change.source.row if change.source else None, shown)
