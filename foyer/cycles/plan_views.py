"""Looking a plan over: its summary, its lists, its weeks, its files. Drafts are for managers only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.blueprint import house, pages, today
from foyer.cycles.board_views import may_change
from foyer.cycles.calendars import WITH_CALENDAR, calendar_of_pick
from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.pickers import Pick, matching, picks_of, week_of_pick
from foyer.cycles.pinning import studied
from foyer.cycles.queries import get_plan, published_plan
from foyer.cycles.review import Person, Review, load_review
from foyer.cycles.session_views import door_of
from foyer.scheduling.files import problem_hash, write_plan, write_problem

Page = str | Response | tuple[str, int]
MOST_UNHAPPY = 12


@pages.get("/<int:cycle_id>/plans/<int:plan_id>")
@allow(Role.MANAGER)
def plan(cycle_id: int, plan_id: int) -> Page:
    """The summary of a plan, its unhappy first."""
    found = get_plan(plan_id, cycle_id)
    return render_template(
        "cycles/plan.html",
        cycle=found.cycle,
        plan=found,
        review=load_review(found),
        published=published_plan(cycle_id),
        most_unhappy=MOST_UNHAPPY,
    )


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/residents")
@allow(Role.MANAGER)
def plan_residents(cycle_id: int, plan_id: int) -> Page:
    """Every resident with what they got, or those behind one figure."""
    found = get_plan(plan_id, cycle_id)
    review = load_review(found)
    people, title = _chosen(review)
    return render_template(
        "cycles/plan_residents.html", cycle=found.cycle, plan=found, people=people, title=title, review=review
    )


def _chosen(review: Review) -> tuple[list[Person], str | None]:
    """The residents that the address asks for, and what they have in common."""
    choice, show = request.args.get("choice"), request.args.get("show")
    if choice == "none":
        return review.with_choice(None), _("A class that was none of their choices")
    if choice is not None:
        if not choice.isdigit():
            abort(404)
        return review.with_choice(int(choice)), _("Got choice %(rank)s", rank=choice)
    found: dict[str | None, Callable[[], tuple[list[Person], str]]] = {
        "unplaced": lambda: (review.unplaced, _("Something is missing")),
        "unhappy": lambda: (review.unhappy, _("Unhappy first")),
        "moved": lambda: (_unhappy_first(review.moved), _("Elsewhere than before")),
        "holes": lambda: (_unhappy_first(review.waiting), _("Waiting between sessions")),
        "no_wish": lambda: (review.without_wish, _("Did not choose")),
    }
    return found[show]() if show in found else (review.people, None)


def _unhappy_first(people: list[Person]) -> list[Person]:
    return sorted(people, key=lambda person: tuple(-x for x in person.unhappiness))  # stable: by name among equals


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/week")
@allow(Role.MANAGER)
def plan_week(cycle_id: int, plan_id: int) -> Page:
    """The weekly pattern of a class, resident, member of staff or venue: named in the address, or searched for."""
    found = get_plan(plan_id, cycle_id)
    picks = picks_of(found)
    wanted = request.args.get("find", "").strip()[:80]
    matches = matching(picks, wanted)
    pick = _picked(picks, matches if wanted else None)
    week = week_of_pick(found, pick, lambda slot: door_of(found, slot)) if pick else None
    return render_template(
        "cycles/plan_week.html",
        cycle=found.cycle,
        plan=found,
        picks=picks,
        found=matches,
        find=wanted,
        pick=pick,
        week=week,
        has_calendar=pick is not None and pick.kind in WITH_CALENDAR,
        may_change=may_change(found),
        today=today(),
    )


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/week.ics")
@allow(Role.MANAGER)
def plan_calendar(cycle_id: int, plan_id: int) -> Page:
    """The dated sessions of the class or the place that the address names, as a calendar file; without a name, the page
    on which to choose one."""
    found = get_plan(plan_id, cycle_id)
    if "of" not in request.args:
        return redirect(url_for("cycles.plan_week", cycle_id=cycle_id, plan_id=plan_id))
    pick = _picked(picks_of(found), None)
    if pick is None or pick.kind not in WITH_CALENDAR:
        abort(404)
    answer = make_response(calendar_of_pick(found, pick, house()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="foyer-{pick.key}.ics"'
    return answer


def _picked(picks: dict[str, list[Pick]], matches: dict[str, list[Pick]] | None) -> Pick | None:
    """The one that the address names or the only one found; None: choose among those found."""
    key = request.args.get("of")
    among = picks if matches is None or key is not None else matches
    every = [pick for kind in among.values() for pick in kind]
    if key is not None:
        return next((pick for pick in every if pick.key == key), None) or abort(404)
    if matches is not None:
        return every[0] if len(every) == 1 else None
    return every[0] if every else None


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/<any(problem, answer):part>.json")
@allow(Role.MANAGER)
def plan_file(cycle_id: int, plan_id: int, part: str) -> Page:
    """The engine's own file of what was asked, with the pins as they are now, or answered: ids only, no names."""
    found = get_plan(plan_id, cycle_id)
    asked, answer = studied(found).problem, opened(found).answer
    if part == "problem":
        return _download(found, write_problem(asked), "problem")
    return _download(found, write_plan(replace(answer, problem_hash=problem_hash(asked))), "plan")


def _download(found: Plan, text: str, name: str) -> Response:
    answer = make_response(text)
    cycle = found.cycle
    filename = f"{name}-{cycle.year}-{cycle.number}-{found.number}.json"
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
