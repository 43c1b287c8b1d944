"""/concerns: where the office above the houses reads concerns and says what is done about each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from foyer.accounts.access import allow, visible_residence_ids
from foyer.accounts.models import Role
from foyer.concerns import forms, handling
from foyer.concerns.deadline import clock_of, is_escalated, police_by
from foyer.concerns.models import ConcernStep, ConcernVerb, SafeguardingConcern
from foyer.concerns.views import Page, concerns
from foyer.database import db
from foyer.editing import submitted
from foyer.forms import FoyerForm
from foyer.logs import unlogged
from foyer.residences.models import Residence
from foyer.residences.services import now_in


@dataclass(frozen=True)
class Line:
    """A concern in the office's list."""

    concern: SafeguardingConcern
    residence: Residence
    now: datetime

    @property
    def is_escalated(self) -> bool:
        return is_escalated(self.concern, self.now)


@concerns.get("/concerns")
@allow(Role.OFFICE)
@unlogged
def inbox() -> str:
    """Every concern of the office's houses, whichever house is chosen above."""
    query = select(Residence).where(Residence.id.in_(visible_residence_ids(current_user)))
    houses = {house.id: house for house in db.session.scalars(query)}
    lines = [
        Line(concern, houses[concern.residence_id], now_in(houses[concern.residence_id]))
        for concern in handling.concerns_for(current_user)
        if concern.residence_id in houses
    ]
    lines.sort(key=lambda line: (not line.is_escalated, not line.concern.is_open))
    return render_template("concerns/inbox.html", lines=lines, clock_of=clock_of, police_by=police_by)


@concerns.get("/concerns/<int:concern_id>")
@allow(Role.OFFICE)
@unlogged
def concern(concern_id: int) -> str:
    """One concern: what was reported, its clock, what is done. The reading is written into its own trail."""
    found = handling.concern_for(current_user, concern_id)
    handling.note_opened(found, actor=current_user, now=_now(found))
    return _drawn(found)


@concerns.post("/concerns/<int:concern_id>/responsible")
@allow(Role.OFFICE)
@unlogged
def make_responsible(concern_id: int) -> Page:
    """Name who of the office is responsible."""

    def act(found: SafeguardingConcern, now: datetime, form: forms.ResponsibleForm) -> None:
        handling.make_responsible(found, form.user_id.data, actor=current_user, now=now)

    return _done(concern_id, "responsible", act, gettext("The concern has somebody responsible."))


@concerns.post("/concerns/<int:concern_id>/clock")
@allow(Role.OFFICE)
@unlogged
def start_clock(concern_id: int) -> Page:
    """It is about sexual violence after all: the clock runs, from the report on."""

    def act(found: SafeguardingConcern, now: datetime, _form: FoyerForm) -> None:
        handling.start_clock(found, actor=current_user, now=now)

    return _done(concern_id, "plain", act, gettext("The clock runs, counted from the report."))


@concerns.post("/concerns/<int:concern_id>/police")
@allow(Role.OFFICE)
@unlogged
def police(concern_id: int) -> Page:
    """Write down the police's reference."""

    def act(found: SafeguardingConcern, now: datetime, form: forms.PoliceForm) -> None:
        handling.report_to_police(found, form.reference.data or "", actor=current_user, now=now)

    return _done(concern_id, "police", act, gettext("The police reference is written down."))


@concerns.post("/concerns/<int:concern_id>/steps")
@allow(Role.OFFICE)
@unlogged
def set_step(concern_id: int) -> Page:
    """Something to be done, by whom, until when."""

    def act(found: SafeguardingConcern, now: datetime, form: forms.StepForm) -> None:
        handling.set_step(
            found,
            words=form.words.data or "",
            owner_id=form.owner_id.data,
            due_on=form.due_on.data,  # type: ignore[arg-type]
            actor=current_user,
            now=now,
        )

    return _done(concern_id, "step", act, gettext("The step is set."))


@concerns.post("/concerns/<int:concern_id>/steps/<int:concern_step_id>")
@allow(Role.OFFICE)
@unlogged
def finish_step(concern_id: int, concern_step_id: int) -> Page:
    """Say what came of a step."""
    handling.step_of(handling.concern_for(current_user, concern_id), concern_step_id)

    def act(found: SafeguardingConcern, now: datetime, form: forms.ResultForm) -> None:
        step = handling.step_of(found, concern_step_id)
        handling.finish_step(step, form.result.data or "", actor=current_user, now=now, version=form.version.data)

    return _done(concern_id, f"result{concern_step_id}", act, gettext("The step is done."))


@concerns.post("/concerns/<int:concern_id>/messages")
@allow(Role.OFFICE)
@unlogged
def tell(concern_id: int) -> Page:
    """Write to whoever holds the receipt."""

    def act(found: SafeguardingConcern, now: datetime, form: forms.WriteForm) -> None:
        handling.tell_reporter(found, form.words.data or "", actor=current_user, now=now)

    return _done(concern_id, "tell", act, gettext("The reporter reads it with the receipt number."))


@concerns.post("/concerns/<int:concern_id>/suspension")
@allow(Role.OFFICE)
@unlogged
def suspend(concern_id: int) -> Page:
    """One tap takes somebody's access away while the concern is looked into."""

    def act(found: SafeguardingConcern, now: datetime, form: forms.SuspendForm) -> None:
        handling.suspend(found, form.user_id.data, actor=current_user, now=now)

    return _done(concern_id, "suspend", act, gettext("The account is suspended and signed out everywhere."))


@concerns.post("/concerns/<int:concern_id>/suspension/end")
@allow(Role.OFFICE)
@unlogged
def reinstate(concern_id: int) -> Page:
    """Give the access back."""

    def act(found: SafeguardingConcern, now: datetime, _form: FoyerForm) -> None:
        handling.reinstate(found, actor=current_user, now=now)

    return _done(concern_id, "plain", act, gettext("The suspension is over."))


@concerns.post("/concerns/<int:concern_id>/close")
@allow(Role.OFFICE)
@unlogged
def close(concern_id: int) -> Page:
    """Say what came of it."""

    def act(found: SafeguardingConcern, now: datetime, form: forms.CloseForm) -> None:
        handling.close(found, form.outcome.data or "", actor=current_user, now=now, version=form.version.data)

    return _done(concern_id, "close", act, gettext("The concern is closed. It stays readable."))


@concerns.post("/concerns/<int:concern_id>/reopen")
@allow(Role.OFFICE)
@unlogged
def reopen(concern_id: int) -> Page:
    """Take it up again."""

    def act(found: SafeguardingConcern, now: datetime, _form: FoyerForm) -> None:
        handling.reopen(found, actor=current_user, now=now)

    return _done(concern_id, "plain", act, gettext("The concern is open again."))


def _done(concern_id: int, name: str, act: Callable[..., Any], said: str) -> Page:
    """The one form of the page that was sent: done and back, or the page again with what is wrong."""
    found = handling.concern_for(current_user, concern_id)
    made = _forms(found, handling.people_around(found), handling.steps_of(found))
    form = made.setdefault(name, FoyerForm())
    now = _now(found)
    if submitted(form, lambda: act(found, now, form), forms.REFUSALS):
        flash(said, "good")
        return redirect(url_for("concerns.concern", concern_id=concern_id))
    if getattr(form, "is_stale", False):
        form.refuse(None, gettext("Somebody else changed this meanwhile. Look again below, and send it once more."))
    return _drawn(handling.concern_for(current_user, concern_id), {name: form}), 422


def _forms(found: SafeguardingConcern, people: handling.People, steps: Sequence[ConcernStep]) -> dict[str, FoyerForm]:
    """Every form of the page; each knows its own fields by its prefix."""
    responsible, step = forms.ResponsibleForm(prefix="responsible"), forms.StepForm(prefix="step")
    suspend_form = forms.SuspendForm(prefix="suspend")
    if request.method == "GET":
        responsible.user_id.data = found.handler_id or current_user.id
    responsible.user_id.choices = people.readers
    step.owner_id.choices = people.owners
    suspend_form.user_id.choices = people.staff
    results = {
        f"result{step.id}": forms.ResultForm(prefix=f"result{step.id}", data={"version": step.version})
        for step in steps
        if step.done_at is None
    }
    return {
        "responsible": responsible,
        "police": forms.PoliceForm(prefix="police"),
        "step": step,
        "tell": forms.WriteForm(prefix="tell"),
        "suspend": suspend_form,
        "close": forms.CloseForm(prefix="close", data={"version": found.version}),
        **results,
    }


def _drawn(found: SafeguardingConcern, sent: dict[str, FoyerForm] | None = None) -> str:
    now = _now(found)
    entries, steps, people = handling.entries_of(found), handling.steps_of(found), handling.people_around(found)
    return render_template(
        "concerns/concern.html",
        concern=found,
        residence=db.session.get_one(Residence, found.residence_id),
        forms={**_forms(found, people, steps), **(sent or {})},
        entries=entries,
        talk=[entry for entry in entries if entry.verb in (ConcernVerb.TOLD, ConcernVerb.WROTE)],
        steps=steps,
        held=handling.held_user(found),
        named_id=people.named,
        clock=clock_of(found, now),
        until=police_by(found),
        is_handler=found.handler_id == current_user.id,
        today=now.date(),
    )


def _now(found: SafeguardingConcern) -> datetime:
    return now_in(db.session.get_one(Residence, found.residence_id))
