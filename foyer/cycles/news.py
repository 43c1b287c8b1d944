"""What a manager started and is told about on every page: drafts that are done, impossible, or went wrong.

One query a page, of the one partial index; nothing is asked for anybody but managers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from foyer.accounts.models import Role
from foyer.cycles.queries import PLAN_JOB
from foyer.cycles.repairs import REPAIR_JOB
from foyer.cycles.ways import WAYS_JOB
from foyer.jobs.models import Run, RunState
from foyer.jobs.services import untold_runs

# These say it themselves.
OWN_PAGES = ("cycles.drafts", "cycles.run", "cycles.repair_run", "cycles.plan_repair", "cycles.ways")


@dataclass(frozen=True, slots=True)
class Told:
    """The end of one run: a sentence, where it leads, and the words of that link."""

    run_id: int
    words: str
    url: str
    act: str


@dataclass(frozen=True, slots=True)
class News:
    """What has ended, and a sentence about what is still under way ("" for nothing), with its page."""

    ended: tuple[Told, ...] = ()
    live: str = ""
    live_url: str = ""


def run_news() -> News:
    """The news of whoever is signed in; asked only where ``shell.houses`` found that there is some. On the pages that
    tell of runs themselves there is none; on a plan's own pages nothing says that it is there."""
    if request.endpoint in OWN_PAGES or current_user.role is not Role.MANAGER:
        return News()
    if g.get("bare") or not g.get("has_untold_runs"):
        return News()
    runs = untold_runs(current_user.id, TELLING)
    live = [run for run in runs if run.is_live]
    here = (request.view_args or {}).get("plan_id", 0)
    ended = (run for run in runs if not run.is_live and run.result.get("plan_id") != here)
    return News(tuple(told_of(run) for run in ended), _live_words(live), _live_url(live))


def told_of(run: Run) -> Told:
    """How a run ended, and where that leads."""
    return TELLING[run.kind](run)


def _live_words(live: Sequence[Run]) -> str:
    if not live:
        return ""
    if live[0].kind == REPAIR_JOB:
        return _("A repair is being worked out.")
    if live[0].kind == WAYS_JOB:
        return _("Ways out are being looked for.")
    return ngettext("%(num)s draft is being made.", "%(num)s drafts are being made.", len(live))


def _live_url(live: Sequence[Run]) -> str:
    if not live:
        return ""
    cycle_id = live[0].parameters["cycle_id"]
    if live[0].kind in (REPAIR_JOB, WAYS_JOB):
        page = "cycles.repair_run" if live[0].kind == REPAIR_JOB else "cycles.ways"
        return url_for(page, cycle_id=cycle_id, run_id=live[0].id)
    return url_for("cycles.drafts", cycle_id=cycle_id)


def _plan_told(run: Run) -> Told:
    cycle_id, name = run.parameters["cycle_id"], run.parameters.get("name") or _("your draft")
    if run.result.get("plan_id"):
        url = url_for("cycles.drafts", cycle_id=cycle_id)
        return Told(run.id, _("Done: %(name)s.", name=name), url, _("Look at the drafts"))
    url = url_for("cycles.run", cycle_id=cycle_id, run_id=run.id)
    if run.state is RunState.DONE and run.result.get("outcome") == "infeasible":
        return Told(run.id, _("No full plan is possible: %(name)s.", name=name), url, _("Read why, and what helps"))
    return Told(run.id, _("No draft came of it: %(name)s.", name=name), url, _("Read why"))


def _repair_told(run: Run) -> Told:
    url = url_for("cycles.repair_run", cycle_id=run.parameters["cycle_id"], run_id=run.id)
    if run.result.get("plan_id"):
        return Told(run.id, _("The repair is worked out."), url, _("Look at the moves"))
    return Told(run.id, _("No repair came of it."), url, _("Read why"))


def _ways_told(run: Run) -> Told:
    url = url_for("cycles.ways", cycle_id=run.parameters["cycle_id"], run_id=run.id)
    return Told(run.id, _("The search for ways out has ended."), url, _("Look at the ways out"))


TELLING: dict[str, Callable[[Run], Told]] = {PLAN_JOB: _plan_told, REPAIR_JOB: _repair_told, WAYS_JOB: _ways_told}
