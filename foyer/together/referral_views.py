"""/referrals/together: what can be done for the referrals that were ticked in the register. What was done, and taking
it back: foyer.together.views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import Desk, desk_here
from foyer.editing import Refusals, submitted
from foyer.forms import FoyerForm
from foyer.intake.blueprint import counsellors
from foyer.intake.forms import DECISION_REFUSALS, DecisionForm
from foyer.intake.models import AnswerKind, AnswerWay, ReferralState
from foyer.intake.referrals import Verdict
from foyer.records import get_record
from foyer.residences.forms import optional_member
from foyer.residences.models import Staff
from foyer.together import referrals
from foyer.together.models import TogetherAct
from foyer.together.services import MOST, NobodyChosen
from foyer.words import choices

pages = Blueprint("many_referrals", __name__, url_prefix="/referrals/together")
Answer = Response | tuple[str, int]


class ManyDecisionForm(DecisionForm):
    """One decision for many: who is urgent is said of each alone."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.is_urgent, self.version


class TellForm(FoyerForm):
    """What the senders were told, when and how; the words of each are Foyer's."""

    kind = RadioField(_l("What they were told"), [InputRequired()], coerce=optional_member(AnswerKind))
    way = SelectField(_l("Sent"), [InputRequired()], coerce=optional_member(AnswerWay))
    sent_on = DateField(_l("On"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(AnswerKind)
        self.way.choices = choices(AnswerWay, empty=_l("choose"))


class HandOverForm(FoyerForm):
    """Who prepares the decision from now on."""

    staff_id = SelectField(_l("Prepared by"), [InputRequired()], coerce=int)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.staff_id.choices = counsellors()


NOBODY: Refusals = {NobodyChosen: (None, _l("Nothing is ticked. Go back to the register and tick at least one."))}
TELL_REFUSALS: Refusals = {**NOBODY, referrals.DayAhead: ("sent_on", _l("The day is today or before."))}


@pages.get("")
@allow(Role.MANAGER, Role.COUNSELLOR)
def choose() -> Answer:
    """The referrals that were ticked, and what can be done for all of them."""
    return _page()


@pages.post("/decide")
@allow(Role.MANAGER, Role.COUNSELLOR)
def decide() -> Answer:
    """One decision with one reason for many: managers decide; counsellors may note that they were withdrawn."""
    desk = desk_here()
    form = _decision_form(desk)

    def act() -> TogetherAct:
        verdict = Verdict(
            form.state.data,
            form.reason.data or "",
            ground=form.ground.data,
            waits_for=form.waits_for.data,
            expected_on=form.expected_on.data,
        )
        return referrals.decide_many(desk, _ids(), verdict, seen=_seen())

    return _done(form, act, {**NOBODY, **DECISION_REFUSALS}) or _page(decision_form=form)


@pages.post("/told")
@allow(Role.MANAGER, Role.COUNSELLOR)
def tell() -> Answer:
    """Many senders were told, on one day and in one way."""
    desk, form = desk_here(), TellForm(prefix="tell")

    def act() -> TogetherAct:
        told = {"way": form.way.data, "sent_on": form.sent_on.data}
        return referrals.tell(desk, _ids(), form.kind.data, seen=_seen(), **told)

    return _done(form, act, TELL_REFUSALS) or _page(tell_form=form)


@pages.post("/prepared-by")
@allow(Role.MANAGER, Role.COUNSELLOR)
def hand_over() -> Answer:
    """One counsellor prepares the decision of many."""
    form = HandOverForm(prefix="hand")

    def act() -> TogetherAct:
        return referrals.hand_over(desk_here(), _ids(), get_record(Staff, form.staff_id.data), seen=_seen())

    return _done(form, act, NOBODY) or _page(hand_form=form)


def _done(form: FoyerForm, act: Callable[[], TogetherAct], refusals: Refusals) -> Response | None:
    made: list[TogetherAct] = []
    if not submitted(form, lambda: made.append(act()), refusals):
        return None
    return redirect(url_for("together.done", together_id=made[0].id), 303)


def _page(**refused: FoyerForm) -> Answer:
    """All that can be done for the ticked, as they stand now; ``refused`` is the form that did not go through, by its
    name."""
    desk = desk_here()
    forms: dict[str, FoyerForm] = {
        "decision_form": _decision_form(desk, formdata=None),
        "tell_form": TellForm(formdata=None, prefix="tell", data={"sent_on": desk.today}),
        "hand_form": HandOverForm(formdata=None, prefix="hand"),
        **refused,
    }
    is_stale = any(getattr(form, "is_stale", False) for form in refused.values())
    rows = referrals.chosen(desk, _ids())
    page = render_template("together/referrals.html", rows=rows, most=MOST, is_stale=is_stale, **forms)
    return page, 409 if is_stale else 422 if refused else 200


def _decision_form(desk: Desk, **options: Any) -> ManyDecisionForm:
    states = [ReferralState.WITHDRAWN]
    if desk.actor.role is Role.MANAGER:
        states = [state for state in ReferralState if state is not ReferralState.ADMITTED]
    return ManyDecisionForm(prefix="decide", states=states, **options)


def _ids() -> list[int]:
    """What was ticked: in the address from the list, in the form afterwards."""
    return request.values.getlist("referral", type=int)


def _seen() -> dict[int, int]:
    """The versions that were shown, by id: ``seen`` holds 12:3 for version 3 of referral 12."""
    pairs = [text.partition(":") for text in request.form.getlist("seen")]
    return {int(id_): int(version) for id_, _colon, version in pairs if id_.isdigit() and version.isdigit()}
