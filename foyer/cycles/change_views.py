"""Changing a draft by hand: what each place would mean, the change, steps back and forth, pins, finishing the rest.

Scripts ask for JSON; plain forms are led on to ``next``, or to a page that says why not. Each form carries the version
of the draft that its page was made from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.accounts.views import local_path
from foyer.cycles import changing
from foyer.cycles.acts import acts_since
from foyer.cycles.blueprint import pages
from foyer.cycles.changing import ChangeForbidden, NothingToDo, StaleDraft
from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.pinning import studied
from foyer.cycles.plan_names import names_in
from foyer.cycles.queries import get_plan, version_of
from foyer.cycles.services import CycleClosed, NotADraft, NotReady, RunUnderWay
from foyer.cycles.studio import act_lines, can_redo, pin_lines, step_lines
from foyer.cycles.targets import targets
from foyer.cycles.unpinning import freed_of
from foyer.cycles.words.levels import points_explained
from foyer.cycles.words.names import HouseNames, whole
from foyer.cycles.words.rules import broken_lines
from foyer.cycles.words.what_if import what_if_words, wish_words
from foyer.database import db
from foyer.errors import FoyerError
from foyer.scheduling import what_if
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.answers.verdict import EDITS
from foyer.scheduling.answers.what_if import UnknownWish

Page = str | Response | tuple[str | Response, int]
KINDS = tuple(EDITS)


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/targets")
@allow(Role.MANAGER)
def plan_targets(cycle_id: int, plan_id: int) -> Page:
    """Every place of ``kind`` for ``enrolment``, as JSON: here, allowed, at a price, or forbidden and why. Nobody
    named: nothing."""
    plan, kind = get_plan(plan_id, cycle_id), request.args.get("kind", "class")
    if "enrolment" not in request.args:
        return jsonify(version=plan.version, targets={})
    if kind not in KINDS:
        abort(404)
    try:
        found = targets(plan, kind, request.args.get("enrolment", 0, type=int))
    except UnknownWish:
        abort(404)
    return jsonify(version=plan.version, targets={target.id: target.told for target in found})


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/change")
@allow(Role.MANAGER)
def plan_change(cycle_id: int, plan_id: int) -> Page:
    """Give ``enrolment`` the ``target`` of a ``kind``; with ``moves`` also everything that has to move for it, with
    ``unpin`` in spite of the pins that it would not keep. ``instead``: which meeting of the group moves there."""
    form = request.form
    wish = Wish(
        _kind(),  # type: ignore[arg-type]
        form.get("enrolment", ""),
        form.get("target", ""),
        form.get("instead", ""),
    )
    act = changing.apply_what_if if form.get("moves") else changing.apply_change
    return answered(
        cycle_id,
        plan_id,
        lambda: act(plan_id=plan_id, version=_version(), wish=wish, actor_id=current_user.id, unpin="unpin" in form),
    )


def _kind() -> str:
    kind = request.form.get("kind", "")
    return kind if kind in KINDS else abort(404)


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/<any(undo, redo):way>")
@allow(Role.MANAGER)
def plan_undo(cycle_id: int, plan_id: int, way: str) -> Page:
    """A step back, or again forward."""
    act = changing.undo if way == "undo" else changing.redo
    return answered(cycle_id, plan_id, lambda: act(plan_id=plan_id, version=_version(), actor_id=current_user.id))


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/history")
@allow(Role.MANAGER)
def plan_go_to(cycle_id: int, plan_id: int) -> Page:
    """Back or forth to how the draft was right after ``step``."""
    step = request.form.get("step", -1, type=int)
    return answered(
        cycle_id,
        plan_id,
        lambda: changing.go_to(plan_id=plan_id, version=_version(), actor_id=current_user.id, step=step),
    )


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/<any(pin, unpin):way>")
@allow(Role.MANAGER)
def plan_pin(cycle_id: int, plan_id: int, way: str) -> Page:
    """Pin what ``enrolment`` has, all or one ``kind`` or ``target``; or let go of pins that fit, none named: all."""
    form = request.form
    act = changing.pin if way == "pin" else changing.unpin
    wanted = {"resident": form.get("enrolment", ""), "kind": form.get("kind", ""), "target": form.get("target", "")}
    return answered(
        cycle_id,
        plan_id,
        lambda: act(plan_id=plan_id, version=_version(), actor_id=current_user.id, **wanted),
    )


@pages.post("/<int:cycle_id>/plans/<int:plan_id>/finish")
@allow(Role.MANAGER)
def plan_finish(cycle_id: int, plan_id: int) -> Page:
    """Plan everything anew around what is pinned, into another draft."""
    get_plan(plan_id, cycle_id)
    try:
        run = changing.finish(plan_id=plan_id, version=_version(), actor_id=current_user.id)
        db.session.commit()
        run_id = run.id
    except StaleDraft:
        return _stale(_again(plan_id))
    except RunUnderWay as error:
        run_id = error.run_id
        db.session.rollback()
    except tuple(FINISH_REFUSALS) as error:
        return _no(FINISH_REFUSALS[type(error)](), 409)
    address = url_for("cycles.run", cycle_id=cycle_id, run_id=run_id)
    return jsonify(run=address) if _wants_json() else redirect(address, 303)


FINISH_REFUSALS: dict[type[FoyerError], Callable[[], str]] = {
    NotADraft: lambda: _("This plan is not a draft any more."),
    CycleClosed: lambda: _("This cycle is closed; nothing more is planned in it."),
    changing.NothingPinned: lambda: _("Nothing is pinned in this draft yet. Pin what is to stay, then finish."),
    NotReady: lambda: _("No plan can be made yet: the cycle's page says what is missing."),
}


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/<any(change, undo, redo, pin, unpin, finish):act>")
@allow(Role.MANAGER)
def plan_acted(cycle_id: int, plan_id: int, act: str) -> Page:
    """Whoever asks for the address of an act, by reloading its answer or by changing the language there, sees the
    plan; nothing is done."""
    get_plan(plan_id, cycle_id)
    return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/history")
@allow(Role.MANAGER)
def plan_history(cycle_id: int, plan_id: int) -> Page:
    """Who changed what in a draft and when, with the way back; and what is pinned."""
    plan = get_plan(plan_id, cycle_id)
    return render_template(
        "cycles/history.html", cycle=plan.cycle, plan=plan, steps=step_lines(plan), pins=pin_lines(plan)
    )


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/since")
@allow(Role.MANAGER)
def plan_since(cycle_id: int, plan_id: int) -> Page:
    """What others did to the draft since ``version``: asked for now and then by open pages. 204 while it is as it was;
    one small query then."""
    seen = request.args.get("version", 0, type=int)
    version = version_of(plan_id, cycle_id)
    if version == seen:
        return "", 204
    plan = get_plan(plan_id, cycle_id)
    lines = act_lines(plan, acts_since(plan, seen))
    if _wants_json():
        return jsonify(version=version, since=[asdict(line) for line in lines])
    return render_template("cycles/_meanwhile.html", plan=plan, lines=lines, page=local_path(request.args.get("page")))


# Answers


def _version() -> int:
    """The draft's version that the page was made from; a form without one is out of date."""
    return request.form.get("version", 0, type=int)


def answered(cycle_id: int, plan_id: int, act: Callable[[], Plan], then: Callable[[Plan], str] | None = None) -> Page:
    """Do it and lead on, to ``next`` or to where ``then`` says, or say why not."""
    get_plan(plan_id, cycle_id)
    try:
        plan = act()
        db.session.commit()
        return redirect(then(plan), 303) if then is not None else _done(plan)
    except UnknownWish:
        abort(404)
    except (StaleDraft, StaleDataError):
        return _stale(_again(plan_id))
    except ChangeForbidden as error:
        return _forbidden(_again(plan_id), error)
    except NothingToDo:
        return _no(_("There is nothing to do: this is so already."), 422)
    except NotADraft:
        return _no(_("This plan is not a draft any more."), 409)
    except CycleClosed:
        return _no(_("This cycle is closed; nothing more is planned in it."), 409)


def _again(plan_id: int) -> Plan:
    """The plan as it is, after something was refused."""
    db.session.rollback()
    return get_plan(plan_id)


def _done(plan: Plan) -> Page:
    if _wants_json():
        lines = act_lines(plan, acts_since(plan, _version()))
        return jsonify(
            version=plan.version,
            words=" ".join(line.words for line in lines),
            undo=plan.step > 0,
            redo=can_redo(plan),
            pins=len(plan.pins),
        )
    return redirect(_next(), 303)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _next() -> str:
    """Where the form wanted to go on to, or the plan."""
    wanted = local_path(request.form.get("next"))
    assert request.view_args is not None
    own = {key: request.view_args[key] for key in ("cycle_id", "plan_id")}
    return wanted if wanted != "/" else url_for("cycles.plan", **own)


def _no(sentence: str, status: int) -> Page:
    db.session.rollback()
    if _wants_json():
        return jsonify(message=sentence), status
    flash(sentence, "danger")
    return redirect(_next(), 303)


def _stale(plan: Plan) -> Page:
    """Somebody was faster: who, and what it was; the same act can be sent again on the draft as it is now."""
    lines = act_lines(plan, acts_since(plan, _version()))
    message = _("This draft has changed since you opened the page. Nothing is lost, and nothing was changed by you.")
    if _wants_json():
        return jsonify(message=message, stale=True, version=plan.version, since=[asdict(line) for line in lines]), 409
    fields = {key: value for key, value in request.form.items() if key not in ("csrf_token", "version")}
    text = render_template(
        "cycles/stale.html", cycle=plan.cycle, plan=plan, lines=lines, message=message, fields=fields, back=_next()
    )
    return text, 409


def _forbidden(plan: Plan, error: ChangeForbidden) -> Page:
    """Which rules it would break; and what would have to move so that it breaks none."""
    names, found = names_in(plan, opened(plan).problem), studied(plan)
    told = error.answer or what_if(found.problem, found.answer, error.wish)
    way = what_if_words(told, names)
    broken = broken_lines(error.verdict.broken, names) if error.verdict else way.obstacles
    message = _("This would break a rule, so nothing was changed.")
    unknown = way.answer if told.outcome == "not_found" else ""
    if unknown and not broken:
        message, broken, unknown = _("Nothing was changed."), (way.answer,), ""
    if _wants_json():
        return jsonify(message=message, broken=list(broken), version=plan.version), 422
    text = render_template(
        "cycles/forbidden.html",
        cycle=plan.cycle,
        plan=plan,
        heading=_cannot(error.wish, names),
        message=message,
        broken=list(broken),
        way=way if told.outcome == "possible" else None,
        unknown=unknown,
        freed=freed_of(plan, error.wish, names),
        points_explained=points_explained(),
        fields={key: value for key, value in request.form.items() if key not in ("csrf_token", "version")},
        back=_next(),
    )
    return text, 422


def _cannot(wish: Wish, names: HouseNames) -> str:
    """What was asked for and is not done."""
    if wish.kind == "meeting":
        group, _sep, periods = wish.target.partition(":")
        hours = names.hours(periods.split(","))
        return whole(_("%(group)s cannot simply meet on %(hours)s", group=names.group(group), hours=hours))
    who, what = names.resident(wish.resident), wish_words(wish, names)
    return _("%(who)s cannot simply have %(what)s", who=who, what=what)
