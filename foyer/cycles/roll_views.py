"""The end of a cycle: one list of what each resident does next, and the next cycle that begins from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import rolling
from foyer.cycles.blueprint import pages, today
from foyer.cycles.decisions import STAYING, Decision, Destination, NextStep
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle, CycleState
from foyer.cycles.queries import get_cycle
from foyer.cycles.readiness import from_above
from foyer.cycles.roll_words import decision_words, suggestion_words
from foyer.cycles.sentences import readiness_lines
from foyer.cycles.services import CyclesOverlap, NotAMonday
from foyer.cycles.wish_queries import trades_with_classes
from foyer.database import db
from foyer.editing import Refusals, form_page, submitted
from foyer.errors import NotFound
from foyer.forms import VersionedForm
from foyer.residences.forms import optional_id, optional_member
from foyer.residents.services import StayOrderWrong, StaysOverlap
from foyer.words import choices, words

Page = str | Response | tuple[str, int]
BULK = (NextStep.CONTINUES, NextStep.CHANGES_TRADE, NextStep.GRADUATES)  # need no day of their own


class DecisionForm(VersionedForm):
    """What one resident does next."""

    next_step = RadioField(_l("What comes next"), [InputRequired()], coerce=optional_member(NextStep))
    trade_id = SelectField(
        _l("New trade"),
        [Optional()],
        coerce=optional_id,
        description=_l("For a change of trade. Empty: the resident is asked again."),
    )
    leaves_on = DateField(
        _l("Day of leaving"),
        [Optional()],
        description=_l("For whoever stays longer or leaves; the day itself is no night."),
    )
    destination = SelectField(_l("Where to"), [Optional()], coerce=optional_member(Destination))

    def __init__(self, *args: Any, trades: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.next_step.choices = choices(NextStep)
        self.trade_id.choices = [("", _l("not known yet")), *trades]
        self.destination.choices = choices(Destination, empty=_l("not stated"))


REFUSALS: Refusals = {
    rolling.DayMissing: ("leaves_on", _l("Please say the day: the stay would end too early without it.")),
    rolling.DayTooEarly: (
        "leaves_on",
        _l("Who stays leaves after the next cycle has begun; who leaves, after the arrival."),
    ),
    rolling.DayTooLate: (
        "leaves_on",
        _l("This day lies in the next cycle. Choose “Stays longer” for it, or an earlier day."),
    ),
}


@pages.get("/<int:cycle_id>/roll-over")
@allow(Role.MANAGER)
def roll_over(cycle_id: int) -> str:
    """The list: everybody, the undecided, or those with one decision."""
    cycle = get_cycle(cycle_id)
    rows = rolling.list_asked(cycle, today())
    show = request.args.get("show", "")
    counts = Counter(row.decision.next_step for row in rows if row.decision is not None)
    return render_template(
        "cycles/roll_over.html",
        cycle=cycle,
        rows=[row for row in rows if _is_shown(row, show)],
        total=len(rows),
        undecided=len(rows) - counts.total(),
        counts=[(step, counts[step]) for step in NextStep],
        show=show,
        bulk=BULK,
        target=rolling.next_cycle_of(cycle),
        waiting=readiness_lines([item for item in from_above(cycle) if item.code == "waiting_list"], cycle),
        may_close=today() >= cycle.ends_on and cycle.state is not CycleState.CLOSED,
        suggestion_words=suggestion_words,
        decision_words=decision_words,
    )


def _is_shown(row: rolling.Asked, show: str) -> bool:
    if show == "undecided":
        return row.decision is None
    return not show or (row.decision is not None and row.decision.next_step == show)


@pages.post("/<int:cycle_id>/roll-over")
@allow(Role.MANAGER)
def decide_many(cycle_id: int) -> Page:
    """As suggested for one or for those ticked, or the same for those ticked."""
    cycle = get_cycle(cycle_id)
    one, act = request.form.get("one", type=int), request.form.get("act", "suggested")
    wanted = [one] if one is not None else request.form.getlist("who", type=int)
    rows = [row for row in rolling.list_asked(cycle, today()) if row.enrolment.id in wanted]
    back = redirect(_list_url(cycle_id, one), 303)
    if not rows:
        flash(_("Please tick somebody first."), "info")
        return back
    seen = {row.enrolment.id: request.form.get(f"version-{row.enrolment.id}", type=int) for row in rows}
    try:
        if act in set(BULK):
            step = rolling.Wanted(NextStep(act))
            done, left = rolling.decide_all(cycle, rows, step, seen, actor_id=current_user.id)
        else:
            done, left = rolling.as_suggested(cycle, rows, seen, actor_id=current_user.id)
        db.session.commit()
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        done, left = 0, len(rows)
    _tell(done, left)
    return back


def _list_url(cycle_id: int, one: int | None) -> str:
    show = request.form.get("show") or None
    return url_for("cycles.roll_over", cycle_id=cycle_id, show=show, _anchor=f"row-{one}" if one else None)


def _tell(done: int, left: int) -> None:
    if done:
        flash(ngettext("%(num)s decision is saved.", "%(num)s decisions are saved.", done))
    if left:
        text = ngettext(
            "%(num)s resident stays as before: somebody else decided meanwhile, or a day is needed. Please look again.",
            "%(num)s residents stay as before: somebody else decided meanwhile, or a day is needed. Please look again.",
            left,
        )
        flash(text, "attention")


@pages.route("/<int:cycle_id>/roll-over/<int:enrolment_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def decision(cycle_id: int, enrolment_id: int) -> Page:
    """One resident's decision, in full."""
    cycle = get_cycle(cycle_id)
    row = _asked(cycle, enrolment_id)
    trades = [(trade.id, trade.name) for trade in trades_with_classes(cycle_id)]
    form = DecisionForm(trades=trades, **_filled(row.decision, row))

    def act() -> None:
        wanted = rolling.Wanted(form.next_step.data, form.trade_id.data, form.leaves_on.data, form.destination.data)
        rolling.decide(cycle, row.enrolment, wanted, version=form.version.data, actor_id=current_user.id)

    if submitted(form, act, REFUSALS):
        flash(_("%(name)s is decided.", name=row.name))
        return redirect(url_for("cycles.roll_over", cycle_id=cycle_id, _anchor=f"row-{enrolment_id}"), 303)

    def current() -> DecisionForm:
        fresh = _asked(get_cycle(cycle_id), enrolment_id)
        return DecisionForm(trades=trades, formdata=None, **_filled(fresh.decision, fresh))

    return form_page(
        "cycles/decision.html",
        form,
        current,
        cycle=cycle,
        row=row,
        suggested=suggestion_words(row),
        staying=[words(step) for step in STAYING],
    )


def _filled(found: Decision | None, row: rolling.Asked) -> dict[str, Any]:
    """The form's beginning: what is decided, else what is suggested."""
    if found is not None:
        return {"obj": found}
    return {"data": {"next_step": row.suggestion.step, "leaves_on": row.suggestion.day}}


def _asked(cycle: Cycle, enrolment_id: int) -> rolling.Asked:
    """The row of one enrolment of this cycle; raises NotFound for somebody who is not asked about."""
    rows = rolling.list_asked(cycle, today())
    found = next((row for row in rows if row.enrolment.id == enrolment_id), None)
    if found is None:
        raise NotFound("enrolment")
    return found


@pages.post("/<int:cycle_id>/roll-over/start")
@allow(Role.MANAGER)
def start_next_cycle(cycle_id: int) -> Page:
    """Set up the next cycle, or fill it, from what was decided."""
    cycle = get_cycle(cycle_id)
    back = redirect(url_for("cycles.roll_over", cycle_id=cycle_id, show="undecided"), 303)
    try:
        begun = rolling.start_next(cycle, today=today())
        db.session.commit()
    except rolling.Undecided as error:
        db.session.rollback()
        text = ngettext("%(num)s resident is undecided.", "%(num)s residents are undecided.", error.count)
        flash(text, "attention")
        return back
    except (CyclesOverlap, NotAMonday, StayOrderWrong, StaysOverlap, StaleDataError, IntegrityError):
        db.session.rollback()
        flash(
            _("The next cycle could not be made: its dates run into another, or a stay changed. Please look again."),
            "danger",
        )
        return redirect(url_for("cycles.roll_over", cycle_id=cycle_id), 303)
    flash(_begun_words(begun))
    return redirect(url_for("cycles.show", cycle_id=begun.cycle.id), 303)


def _begun_words(begun: rolling.RolledOver) -> str:
    people = ngettext("%(num)s resident goes on", "%(num)s residents go on", begun.enrolled)
    text = _(
        "%(cycle)s begins from here: %(people)s, %(wishes)s with the trade as first wish; classes and groups copied: "
        "%(groups)s.",
        cycle=cycle_name(begun.cycle),
        people=people,
        wishes=begun.wishes,
        groups=begun.groups,
    )
    return f"{text} {_('The old cycle is closed.')}" if begun.is_closed else text


@pages.post("/<int:cycle_id>/close")
@allow(Role.MANAGER)
def close(cycle_id: int) -> Page:
    """End a cycle whose last night is over."""
    cycle: Cycle = get_cycle(cycle_id)
    try:
        rolling.close_cycle(cycle, today=today())
        db.session.commit()
        flash(_("%(cycle)s is closed.", cycle=cycle_name(cycle)))
    except rolling.NotOver:
        db.session.rollback()
        flash(_("The last night of this cycle is still to come, so it stays open."), "attention")
    return redirect(url_for("cycles.roll_over", cycle_id=cycle_id), 303)
