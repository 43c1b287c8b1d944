"""Compare two plans of a cycle, and take parts of one over into the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import comparing
from foyer.cycles.blueprint import pages
from foyer.cycles.changing import StaleDraft
from foyer.cycles.comparing import Difference, NothingTaken, OtherHouse, Part, TakingBreaks, differences
from foyer.cycles.drafts import Draft, list_drafts
from foyer.cycles.labels import plan_name
from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.plan_names import names_in
from foyer.cycles.queries import get_cycle, get_plan
from foyer.cycles.sentences import unmet_words
from foyer.cycles.services import CycleClosed, NotADraft
from foyer.cycles.words.changes import change_lines
from foyer.cycles.words.names import HouseNames
from foyer.cycles.words.rules import violation_words
from foyer.database import db
from foyer.names import name_key

Page = str | Response | tuple[str, int]
MOST_BROKEN = 4  # sentences of a refusal


@dataclass(frozen=True, slots=True)
class Row:
    """A difference as the page shows it; ``key`` names it in the form."""

    key: str
    kind: str
    who: str
    texts: tuple[str, ...]


def kind_words(kind: str) -> str:
    """What differs."""
    return {
        "class": _("Class"),
        "education": _("Education group"),
        "elective": _("Elective"),
        "counsellor": _("Counsellor"),
        "room": _("Room"),
        "appointment": _("Individual counselling"),
        "time": _("Times of a class"),
    }[kind]


@pages.get("/<int:cycle_id>/compare")
@allow(Role.MANAGER)
def compare(cycle_id: int) -> Page:
    """Two plans side by side: figures, and everything in which they differ."""
    cycle = get_cycle(cycle_id)
    drafts = list_drafts(cycle)
    first, second = _picked(drafts)
    shown, counts = _shown(first, second)
    return render_template(
        "cycles/compare.html",
        cycle=cycle,
        drafts=drafts,
        first=first,
        second=second,
        rows=shown,
        counts=counts,
        kind=request.args.get("kind", ""),
        wanted=request.args.get("q", ""),
        kind_words=kind_words,
    )


def _picked(drafts: Sequence[Draft]) -> tuple[Draft | None, Draft | None]:
    """The two that the address names; else the first two of the list, the published one first."""
    by_id = {draft.plan.id: draft for draft in drafts}
    first, second = (by_id.get(request.args.get(name, 0, type=int)) for name in ("a", "b"))
    first = first or next((draft for draft in drafts if draft is not second), None)
    return first, second or next((draft for draft in drafts if draft is not first), None)


def _shown(first: Draft | None, second: Draft | None) -> tuple[list[Row], Counter[str]]:
    """The differences that the filter asks for, and how many there are of each kind."""
    if first is None or second is None or first is second:
        return [], Counter()
    found = differences(first.plan, second.plan)
    names = names_in(first.plan, opened(first.plan).problem)
    rows = [_row(difference, names) for difference in found]
    kind, wanted = request.args.get("kind", ""), name_key(request.args.get("q", ""))
    shown = [row for row in rows if kind in ("", row.kind) and wanted in name_key(row.who)]
    return sorted(shown, key=lambda row: (comparing.ORDER.index(row.kind), row.who)), Counter(r.kind for r in rows)


def _row(difference: Difference, names: HouseNames) -> Row:
    lines = change_lines(difference.changes, names)
    key = f"{difference.kind}.{difference.who}"
    return Row(key, difference.kind, lines[0].who, tuple(line.text for line in lines))


@pages.post("/<int:cycle_id>/compare/take")
@allow(Role.MANAGER)
def take_parts(cycle_id: int) -> Page:
    """Take the ticked parts over into one of the two, which is a draft."""
    form = request.form
    into, other = form.get("into", 0, type=int), form.get("a", 0, type=int)
    if other == into:
        other = form.get("b", 0, type=int)
    plan = get_plan(into, cycle_id)
    version = form.get(f"version_{into}", type=int)
    parts = _parts(form.getlist("part"))
    try:
        comparing.take_parts(plan_id=into, version=version, other_id=other, parts=parts, actor_id=current_user.id)
        db.session.commit()
        taken = ngettext("%(num)s part was taken", "%(num)s parts were taken", len(parts))
        flash(_("%(taken)s into %(plan)s. It can be undone there.", taken=taken, plan=plan_name(plan)))
    except TakingBreaks as error:
        words = _why_not(plan, error)
        db.session.rollback()
        flash(words, "danger")
    except REFUSED as error:
        db.session.rollback()
        flash(_refused(error), "danger")
    return redirect(_back(cycle_id), 303)


REFUSED = (StaleDraft, StaleDataError, NotADraft, CycleClosed, NothingTaken, OtherHouse)


def _parts(keys: Sequence[str]) -> set[Part]:
    pairs = [key.partition(".") for key in keys]
    return {(kind, who) for kind, _dot, who in pairs if kind in comparing.ORDER}


def _refused(error: Exception) -> str:
    if isinstance(error, NothingTaken):
        return _("Nothing was taken. Tick what you want to have in the draft as well.")
    if isinstance(error, OtherHouse):
        return _("These parts name residents or things that the draft does not know. Make a new draft instead.")
    if isinstance(error, NotADraft):
        return _("This plan is not a draft any more.")
    if isinstance(error, CycleClosed):
        return _("This cycle is closed; nothing more is planned in it.")
    return _("Somebody changed the draft meanwhile, so nothing was taken. Here it is as it is now; please look again.")


def _why_not(plan: Plan, error: TakingBreaks) -> str:
    """The rules that would be broken and the needs that would be open, as far as they fit into a line."""
    names = names_in(plan, opened(plan).problem)
    broken = [violation_words(violation, names) for violation in error.broken]
    open_ = [f"{names.resident(need.resident)}: {unmet_words(need.need, need.subject)}." for need in error.unmet]
    lines = list(dict.fromkeys([*broken, *open_]))
    return _(
        "Nothing was taken, because together it would not work: %(reasons)s", reasons=" ".join(lines[:MOST_BROKEN])
    )


def _back(cycle_id: int) -> str:
    form = request.form
    kept = {name: form[name] for name in ("a", "b", "kind", "q") if form.get(name)}
    return url_for("cycles.compare", cycle_id=cycle_id, **kept)  # type: ignore[arg-type]
