"""A plan on paper: pages that print, PDF files of the same, and a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.blueprint import house, pages
from foyer.cycles.labels import cycle_name, plan_name
from foyer.cycles.models import Plan, PlanState
from foyer.cycles.prints import MOST_SHEETS, PRINTED, Printed, Sheet, load_printed, sheets_of
from foyer.cycles.queries import get_plan
from foyer.formatting import long_date
from foyer.sheets import MEDIA_TYPE

Page = str | Response | tuple[str, int]
KINDS = f"any({', '.join(PRINTED)}):sheets"


@dataclass(frozen=True)
class Part:
    """Some of a kind's sheets, few enough for one file: which, and from whom to whom."""

    number: int
    first: str
    last: str


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/prints")
@allow(Role.MANAGER)
def prints(cycle_id: int, plan_id: int) -> Page:
    """What can be printed, as pages, PDF and workbook."""
    plan = get_plan(plan_id, cycle_id)
    printed = load_printed(plan)
    kinds = {kind: sheets_of(printed, kind) for kind in PRINTED}
    return render_template(
        "cycles/prints.html",
        cycle=plan.cycle,
        plan=plan,
        kinds=kinds,
        parts={kind: _parts(sheets) for kind, sheets in kinds.items()},
    )


def _parts(sheets: list[Sheet]) -> list[Part]:
    starts = range(0, len(sheets), MOST_SHEETS)
    groups = [sheets[start : start + MOST_SHEETS] for start in starts]
    return [Part(n, group[0].title, group[-1].title) for n, group in enumerate(groups, start=1)]


@pages.get(f"/<int:cycle_id>/plans/<int:plan_id>/prints/<{KINDS}>")
@allow(Role.MANAGER)
def printed_sheets(cycle_id: int, plan_id: int, sheets: str) -> Page:
    """Sheets of a kind as a page that prints: all of one part, or the one that ``of`` names."""
    plan = get_plan(plan_id, cycle_id)
    return render_template(
        "cycles/sheets.html",
        cycle=plan.cycle,
        plan=plan,
        kind=sheets,
        sheets=_chosen(load_printed(plan), sheets),
        head=_heading(plan),
        foot=version_words(plan),
        asked=request.args.to_dict(),
    )


@pages.get(f"/<int:cycle_id>/plans/<int:plan_id>/prints/<{KINDS}>.pdf")
@allow(Role.MANAGER)
def printed_pdf(cycle_id: int, plan_id: int, sheets: str) -> Page:
    """The same sheets as a PDF file."""
    from foyer.cycles.print_pdf import pdf_of  # its library is loaded when the first file is asked for

    plan = get_plan(plan_id, cycle_id)
    chosen = _chosen(load_printed(plan), sheets)
    content = pdf_of(chosen, sheets, heading=_heading(plan), foot=version_words(plan))
    return _file(content, "application/pdf", f"{sheets}-{_tag(plan)}.pdf", "inline")


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/prints/plan.xlsx")
@allow(Role.MANAGER)
def printed_workbook(cycle_id: int, plan_id: int) -> Page:
    """The plan as a workbook."""
    from foyer.cycles.print_xlsx import workbook_of

    plan = get_plan(plan_id, cycle_id)
    return _file(workbook_of(load_printed(plan)), MEDIA_TYPE, f"foyer-{_tag(plan)}.xlsx", "attachment")


def _chosen(printed: Printed, kind: str) -> list[Sheet]:
    """The sheets that the address asks for: one by its key, else a part of bounded size."""
    sheets = sheets_of(printed, kind)
    key = request.args.get("of")
    if key is not None:
        return [sheet for sheet in sheets if sheet.key == key] or abort(404)
    part = request.args.get("part", 1, type=int)
    if part < 1:
        abort(404)
    return sheets[(part - 1) * MOST_SHEETS : part * MOST_SHEETS]


def _heading(plan: Plan) -> str:
    return f"{house().name} · {cycle_name(plan.cycle)}"


def version_words(plan: Plan) -> str:
    """Which version a sheet shows, so that an old one on a wall can be told from the new."""
    if plan.state is PlanState.DRAFT:
        return _("%(plan)s: a draft, not published", plan=plan_name(plan))
    first = long_date(plan.from_on or plan.cycle.starts_on)
    return _("Version %(number)s, holds from %(day)s on", number=plan.release or plan.number, day=first)


def _tag(plan: Plan) -> str:
    return f"{plan.cycle.year}-{plan.cycle.number}-{plan.number}"


def _file(content: bytes, mimetype: str, name: str, disposition: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = mimetype
    answer.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
