"""Ways out of an impossible run: look for them, read what each would change, take one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import repairs, services, ways
from foyer.cycles.asked import facts_asked, is_repair, problem_asked, problem_to_repair, request_asked
from foyer.cycles.blueprint import pages, polling_ends, today
from foyer.cycles.happened import Happening, facts_between
from foyer.cycles.house import HouseFacts
from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.queries import get_cycle, get_plan
from foyer.cycles.sentences import Line, Names, run_end_words, shortage_lines
from foyer.cycles.way_places import Place, places_of
from foyer.cycles.way_words import edit_words
from foyer.cycles.ways_answer import answer_of
from foyer.cycles.words.names import HouseNames, names_of
from foyer.cycles.words.ways import ImpossibleWords, WayWords, impossible_words, mending_summary
from foyer.database import db
from foyer.errors import NotFound, Stale
from foyer.jobs.services import get_run, request_cancel
from foyer.scheduling.files import problem_hash
from foyer.scheduling.problem import Problem
from foyer.scheduling.relaxing.forms import ImpossibleAnswer, WayOut

Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Way:
    """A way as the page shows it: its words, what it changes in the house, and the pages on which to do it by hand
    where no button can."""

    number: int
    words: WayWords
    changes: tuple[str, ...]
    has_button: bool
    places: tuple[Place, ...]


@pages.post("/<int:cycle_id>/runs/<int:run_id>/ways")
@allow(Role.MANAGER)
def look_for_ways(cycle_id: int, run_id: int) -> Page:
    """Have ways out looked for; a second click leads to the same search."""
    run = ways.look_for_ways(cycle_id=cycle_id, run_id=run_id, actor_id=current_user.id)
    db.session.commit()
    return redirect(url_for("cycles.ways", cycle_id=cycle_id, run_id=run.id), 303)


@pages.get("/<int:cycle_id>/ways/<int:run_id>", endpoint="ways")
@allow(Role.MANAGER)
def ways_page(cycle_id: int, run_id: int) -> Page:
    """The search while it works; then why there is no whole plan, and the ways out."""
    cycle, run = get_cycle(cycle_id), get_run(run_id)
    if run.kind != ways.WAYS_JOB:
        return redirect(url_for("cycles.run", cycle_id=cycle_id, run_id=run_id), 303)
    if run.parameters.get("cycle_id") != cycle_id:
        raise NotFound("run")
    answer = answer_of(run)
    if run.is_live or answer is None:
        ended = "" if run.is_live else run_end_words(run.state.value, run.result, run.error)
        return render_template("cycles/ways.html", cycle=cycle, run=run, answer=None, words=ended)
    asked = run.parameters["asked"]
    facts = facts_asked(asked, cycle)
    published = get_plan(int(asked["plan_id"])) if is_repair(asked) else None
    problem = problem_to_repair(asked, facts, published) if published else problem_asked(asked)
    words = impossible_words(answer, names_of(facts))
    return render_template(
        "cycles/ways.html",
        cycle=cycle,
        run=run,
        answer=answer,
        words=words,
        summary=mending_summary(answer) if published else words.summary,
        happened=_happened(asked, facts, published, problem) if published else [],
        is_repair=published is not None,
        lines=_shortages(answer, facts),
        ways=_ways(answer, words, facts, problem),
        is_stale=run.input_hash != problem_hash(problem),
    )


def _happened(asked: dict[str, Any], facts: HouseFacts, published: Plan, problem: Problem) -> list[Happening]:
    """What the published plan does not know: the cause."""
    night = request_asked(asked, facts.cycle).from_night
    return facts_between(opened(published).problem, problem, names_of(facts), night)


def _shortages(answer: ImpossibleAnswer, facts: HouseFacts) -> list[Line]:
    return list(shortage_lines(answer.shortages, Names(facts)))


def _ways(answer: ImpossibleAnswer, words: ImpossibleWords, facts: HouseFacts, problem: Problem) -> list[Way]:
    names = names_of(facts)
    pairs = zip(answer.ways, words.ways, strict=True)
    return [_way(n, way, said, facts, problem, names) for n, (way, said) in enumerate(pairs, 1)]


def _way(number: int, way: WayOut, words: WayWords, facts: HouseFacts, problem: Problem, names: HouseNames) -> Way:
    edits = ways.edits_of(way, facts, problem)
    changes = tuple(edit_words(edit, names) for edit in edits or ())
    return Way(number, words, changes, edits is not None, places_of(way, facts) if edits is None else ())


@pages.get("/<int:cycle_id>/ways/<int:run_id>/progress")
@allow(Role.MANAGER)
def ways_progress(cycle_id: int, run_id: int) -> Page:
    """Asked for once a second while the search works."""
    get_cycle(cycle_id)  # in the session's houses
    if get_run(run_id).kind != ways.WAYS_JOB:
        return redirect(url_for("cycles.run", cycle_id=cycle_id, run_id=run_id), 303)
    run = ways.get_ways_run(cycle_id, run_id)
    body = render_template("cycles/_ways_progress.html", run=run)
    if run.is_live:
        return body
    return polling_ends(body, HX_Refresh="true")


@pages.post("/<int:cycle_id>/ways/<int:run_id>/cancel")
@allow(Role.MANAGER)
def cancel_ways(cycle_id: int, run_id: int) -> Page:
    """Stop the search; what it found by then is shown."""
    run = ways.get_ways_run(cycle_id, run_id)
    if run.is_live and run.cancel_requested_at is None:
        request_cancel(run)
    db.session.commit()
    return redirect(url_for("cycles.ways", cycle_id=cycle_id, run_id=run_id), 303)


@pages.post("/<int:cycle_id>/ways/<int:run_id>/<int:number>")
@allow(Role.MANAGER)
def take_way(cycle_id: int, run_id: int, number: int) -> Page:
    """Change the house as the way says, and make the draft again."""
    here = redirect(url_for("cycles.ways", cycle_id=cycle_id, run_id=run_id), 303)
    try:
        run = ways.apply_way(cycle_id=cycle_id, run_id=run_id, number=number, actor_id=current_user.id, today=today())
        db.session.commit()
    except (Stale, StaleDataError, repairs.NothingPublished, repairs.DayWrong):
        return _no(here, _("The house has changed since these ways were found. Nothing was done; look for ways again."))
    except ways.NoButton:
        return _no(here, _("A person has to do this in the house; no button can."))
    except services.CycleClosed:
        return _no(here, _("This cycle is closed; nothing more is planned in it."))
    except (services.RunUnderWay, services.NotReady):
        return _no(here, _("Nothing was done: it is being worked out already, or something is missing for it."))
    if run.kind == repairs.REPAIR_JOB:
        flash(_("The house is changed so, and the repair is being worked out again."))
        return redirect(url_for("cycles.repair_run", cycle_id=cycle_id, run_id=run.id), 303)
    flash(_("The house is changed so, and the draft is being made again."))
    return redirect(url_for("cycles.drafts", cycle_id=cycle_id), 303)


def _no(page: Response, sentence: str) -> Response:
    db.session.rollback()
    flash(sentence, "danger")
    return page
