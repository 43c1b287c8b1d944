"""The manager's morning: how the house stands tonight, and what needs the manager."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.caseload.desk import Desk
from foyer.cycles.approval import waiting_proposals
from foyer.cycles.collecting import Window
from foyer.cycles.happened import happened
from foyer.cycles.house import load_facts
from foyer.cycles.labels import cycle_name, plan_name
from foyer.cycles.models import Cycle, CycleState, Plan, PlanState
from foyer.cycles.queries import (
    current_cycle,
    list_cycles,
    list_plans,
    list_runs_of_cycle,
    published_plan,
)
from foyer.cycles.readiness import stoppers
from foyer.cycles.releases import ProposalState
from foyer.cycles.versions import Versions
from foyer.cycles.wish_queries import count_wishes, find_collection
from foyer.database import db
from foyer.formatting import instant, long_date
from foyer.incidents.queries import waiting_for as incidents_waiting_for
from foyer.intake.waiting import Wait
from foyer.jobs.models import RunState
from foyer.leaving.waiting import waiting_for
from foyer.residences.models import Residence
from foyer.residences.services import now_in
from foyer.residents.models import Resident, Stay
from foyer.today.beds import Bed, Wing, beds_of_night, count_beds, wings_of
from foyer.today.figures import Clock, HouseFigures, house_figures
from foyer.workbooks.models import UploadState, WorkbookUpload

MOVES_DAYS = 14
MOST_MOVES = 6


@dataclass(frozen=True)
class Task:
    """Something that needs the manager: a sentence with a verb, and where it is done."""

    text: str
    url: str | None = None
    act: str = ""


@dataclass(frozen=True)
class ManagerToday:
    today: date
    night: date  # tonight, or the first night of what is published while that lies ahead
    cycle: Cycle | None
    versions: Versions | None
    beds: Sequence[Bed]
    counts: dict[str, int]
    wings: Sequence[Wing]
    tasks: Sequence[Task]
    waits: Mapping[str, Wait]
    arriving: Sequence[Stay]
    leaving: Sequence[Stay]

    @property
    def plan(self) -> Plan | None:
        """The version in force today."""
        return self.versions.on(self.today) if self.versions else None

    @property
    def is_tonight(self) -> bool:
        return self.night == self.today

    @property
    def days_until(self) -> int:
        return (self.cycle.starts_on - self.today).days if self.cycle else 0


def manager_today(desk: Desk) -> ManagerToday:
    """Everything on the page, in a number of queries that does not grow with the house."""
    residence, today, versions, plan = desk.residence, desk.today, desk.versions, desk.plan
    cycle = plan.cycle if plan else current_cycle(residence.id, today)
    night = _night(plan, today)
    beds = beds_of_night(residence.id, night)
    figures = house_figures(desk)
    return ManagerToday(
        today=today,
        night=night,
        cycle=cycle,
        versions=versions,
        beds=beds,
        counts=count_beds(beds),
        wings=[_with_url(wing, night) for wing in wings_of(beds)],
        tasks=list(_tasks(desk, figures)),
        waits=figures.waits,
        arriving=_moves(Stay.arrives_on, night),
        leaving=_moves(Stay.leaves_on, night),
    )


def _night(plan: Plan | None, today: date) -> date:
    if plan is None or today >= plan.cycle.ends_on:
        return today
    return max(today, plan.cycle.starts_on)


def _with_url(wing: Wing, night: date) -> Wing:
    return Wing(wing.name or _("Without a wing"), wing.beds, url_for("today.beds", wing=wing.name, night=night))


def _moves(column, first: date) -> Sequence[Stay]:  # type: ignore[no-untyped-def]
    return db.session.scalars(
        select(Stay)
        .join(Stay.resident)
        .where(column >= first, column <= first + timedelta(days=MOVES_DAYS))
        .options(joinedload(Stay.resident))
        .order_by(column, Resident.name_key)
    ).all()


def _tasks(desk: Desk, figures: HouseFigures) -> Iterator[Task]:
    residence, today, actor_id = desk.residence, desk.today, desk.actor.id
    if residence.needs_approval:
        yield from _proposal_tasks(residence, actor_id)
    yield from _incident_tasks(residence, actor_id)
    yield from _leaving_tasks(residence, actor_id)
    yield from _clock_tasks(desk, figures)
    yield from _caseload_tasks(desk, figures)
    yield from _import_tasks(figures)
    yield from _referral_tasks(figures)
    yield from _cycle_tasks(residence, today)
    yield from _people_tasks(figures)


def _clock_tasks(desk: Desk, figures: HouseFigures) -> Iterator[Task]:
    """What residents may demand within hours (UU 27/2022), so that it does not hang on one counsellor; one leads to
    its file, several to their list."""
    found = figures.consents
    if found is not None:
        words = {"moment": instant(found.ends_at, desk.residence.time_zone)}
        if found.ends_at <= desk.now:
            text = ngettext(
                "See that data are no longer used: %(num)s consent was taken back, and it was to have stopped by"
                " %(moment)s.",
                "See that data are no longer used: %(num)s consents were taken back, and the first was to have stopped"
                " by %(moment)s.",
                found.count,
                **words,
            )
        else:
            text = ngettext(
                "See that data are no longer used: %(num)s consent was taken back, and it must have stopped by"
                " %(moment)s.",
                "See that data are no longer used: %(num)s consents were taken back, and the first must have stopped by"
                " %(moment)s.",
                found.count,
                **words,
            )
        one = url_for("residents.consent", resident_id=found.first_of)
        yield Task(text, one if found.count == 1 else url_for("today.clocks"), _("Look"))
    yield from _request_tasks(desk, figures.requests)


def _request_tasks(desk: Desk, found: Clock | None) -> Iterator[Task]:
    if found is None:
        return
    words = {"moment": instant(found.ends_at, desk.residence.time_zone)}
    if found.ends_at <= desk.now:
        text = ngettext(
            "Have %(num)s request of a resident about the own file answered: it was to have been by %(moment)s.",
            "Have %(num)s requests of residents about the own file answered: the first was to have been by %(moment)s.",
            found.count,
            **words,
        )
    else:
        text = ngettext(
            "Have %(num)s request of a resident about the own file answered by %(moment)s.",
            "Have %(num)s requests of residents about the own file answered, the first by %(moment)s.",
            found.count,
            **words,
        )
    one = url_for("own.corrections", resident_id=found.first_of)
    yield Task(text, one if found.count == 1 else url_for("today.clocks"), _("Look"))


def _caseload_tasks(desk: Desk, figures: HouseFigures) -> Iterator[Task]:
    """Once a plan gives residents their counsellors, nobody stays without one."""
    if desk.plan is not None and figures.alone:
        text = ngettext(
            "Give %(num)s resident a counsellor: nobody answers for them now.",
            "Give %(num)s residents a counsellor: nobody answers for them now.",
            figures.alone,
        )
        yield Task(text, url_for("counselling.nobody"), _("See who"))


def _leaving_tasks(residence: Residence, actor_id: int) -> Iterator[Task]:
    found = waiting_for(actor_id, now_in(residence))
    if found.signs:
        text = ngettext(
            "Answer %(num)s warning sign that was not answered in time.",
            "Answer %(num)s warning signs that were not answered in time.",
            found.signs,
        )
        yield Task(text, url_for("leaving.open_responses"), _("Look"))
    if found.exits:
        text = ngettext("Decide on %(num)s exit.", "Decide on %(num)s exits.", found.exits)
        one = url_for("leaving.index", resident_id=found.first_exit)
        yield Task(text, one if found.exits == 1 else url_for("leaving.exit_list", show="proposed"), _("Decide"))
    if found.arrivals:
        text = ngettext(
            "Answer %(num)s offer of another house.", "Answer %(num)s offers of other houses.", found.arrivals
        )
        yield Task(text, url_for("leaving.transfer_list"), _("Answer"))


def _incident_tasks(residence: Residence, actor_id: int) -> Iterator[Task]:
    """Clocks first: whoever must be told, until when; then reports nobody looks into, then what is to be closed."""
    found = incidents_waiting_for(actor_id)
    if found.next_end is not None:
        now = now_in(residence)
        end = found.next_end.astimezone(now.tzinfo)
        words = {"day": long_date(end.date()), "time": end.strftime("%H.%M")}
        if end <= now:
            text = _("Somebody was not told of an incident in time: the clock ended on %(day)s at %(time)s.", **words)
        elif end <= now + timedelta(hours=found.warn_hours):
            text = _("Hurry: somebody must be told of an incident by %(day)s at %(time)s.", **words)
        else:
            text = _("Somebody must be told of an incident by %(day)s at %(time)s.", **words)
        yield Task(text, url_for("incidents.index", state="open", sort="serious"), _("See whom"))
    if found.reported:
        text = ngettext(
            "Give %(num)s incident to somebody to look into.",
            "Give %(num)s incidents to somebody to look into.",
            found.reported,
        )
        yield Task(text, url_for("incidents.index", state="reported"), _("Read"))
    if found.proposed:
        text = ngettext(
            "Close %(num)s incident as the second person.",
            "Close %(num)s incidents as the second person.",
            found.proposed,
        )
        yield Task(text, url_for("incidents.index", state="proposed"), _("Decide"))


def _import_tasks(figures: HouseFigures) -> Iterator[Task]:
    if not figures.residents:
        yield Task(
            _("Bring in the planning workbook: residents, staff, rooms and classes come with it."),
            url_for("workbooks.upload"),
            _("Import a workbook"),
        )
    uploads = db.session.scalars(
        select(WorkbookUpload).order_by(WorkbookUpload.uploaded_at.desc(), WorkbookUpload.id.desc()).limit(5)
    ).all()
    for upload in uploads:
        if upload.state is UploadState.WAITING:
            yield Task(
                _("Decide on the workbook %(name)s: it is looked at, not imported yet.", name=upload.filename),
                url_for("workbooks.look", upload_id=upload.id),
                _("Look at it"),
            )
    latest = next((upload for upload in uploads if upload.state is UploadState.IMPORTED), None)
    if latest is not None and latest.corrections:
        yield Task(
            _("Correct the rows of %(name)s that still wait, and import them.", name=latest.filename),
            url_for("workbooks.look", upload_id=latest.id),
            _("See the rows"),
        )


def _referral_tasks(figures: HouseFigures) -> Iterator[Task]:
    """Whoever was sent waits for an answer."""
    if figures.referrals:
        text = ngettext("Decide on %(num)s referral.", "Decide on %(num)s referrals.", figures.referrals)
        yield Task(text, url_for("intake.index", show="received"), _("See who"))


def _proposal_tasks(residence: Residence, actor_id: int) -> Iterator[Task]:
    """Drafts that wait for a second person, or for whoever proposed them."""
    for proposal in waiting_proposals(residence.id):
        plan, is_own = proposal.plan, proposal.proposed_by_id == actor_id
        url = url_for("cycles.publish", cycle_id=plan.cycle_id, plan_id=plan.id)
        words = {"plan": plan_name(plan), "cycle": cycle_name(plan.cycle)}
        if proposal.state is ProposalState.OPEN and not is_own:
            by = proposal.proposed_by.display_name
            text = _("Approve or return %(plan)s of %(cycle)s, which %(name)s proposes.", name=by, **words)
            yield Task(text, url, _("Decide"))
        elif proposal.state is ProposalState.APPROVED:
            yield Task(_("Publish %(plan)s of %(cycle)s: it is approved.", **words), url, _("Publish"))
        elif proposal.state is ProposalState.RETURNED and is_own:
            yield Task(_("Change %(plan)s of %(cycle)s: it was returned to you.", **words), url, _("Read why"))


def _cycle_tasks(residence: Residence, today: date) -> Iterator[Task]:
    cycles = [cycle for cycle in list_cycles(residence.id) if cycle.ends_on > today]
    if not any(cycle.starts_on > today for cycle in cycles):
        yield Task(_("Set up the next cycle."), url_for("cycles.new"), _("Set up a cycle"))
    for cycle in cycles:
        yield from _repair_tasks(cycle, today)
    for cycle in sorted(cycles, key=lambda cycle: cycle.starts_on)[:2]:
        yield from _wish_tasks(cycle, today)
        yield from _tasks_of_cycle(cycle)


def _repair_tasks(cycle: Cycle, today: date) -> Iterator[Task]:
    """What has happened in the cycle that runs and its published plan does not know."""
    if not cycle.starts_on <= today or cycle.state is not CycleState.PUBLISHED:
        return
    plan = published_plan(cycle.id)
    count = len(happened(plan, load_facts(cycle), today)) if plan is not None else 0
    if count:
        text = ngettext(
            "Repair the plan of %(cycle)s: %(num)s thing has happened that it does not know.",
            "Repair the plan of %(cycle)s: %(num)s things have happened that it does not know.",
            count,
            cycle=cycle_name(cycle),
        )
        yield Task(text, url_for("cycles.repair", cycle_id=cycle.id), _("See what"))


def _wish_tasks(cycle: Cycle, today: date) -> Iterator[Task]:
    """Who has not chosen while wishes are open."""
    asked = find_collection(cycle.id) if cycle.state is CycleState.PREPARING else None
    if asked is None or asked.window(today) is not Window.OPEN:
        return
    missing = count_wishes(cycle).missing
    if missing:
        text = ngettext(
            "Remind %(num)s resident who has not chosen a trade for %(cycle)s; wishes are open until %(day)s.",
            "Remind %(num)s residents who have not chosen a trade for %(cycle)s; wishes are open until %(day)s.",
            missing,
            cycle=cycle_name(cycle),
            day=long_date(asked.to_on),
        )
        yield Task(text, url_for("residents.wish_list", cycle_id=cycle.id), _("See who"))


def _tasks_of_cycle(cycle: Cycle) -> Iterator[Task]:
    name, show = cycle_name(cycle), url_for("cycles.show", cycle_id=cycle.id)
    plans = list_plans(cycle.id)
    drafts = [plan for plan in plans if plan.state is PlanState.DRAFT]
    runs = list_runs_of_cycle(cycle.id, most=1)
    run = runs[0] if runs else None
    if run is not None and run.is_live:
        url = url_for("cycles.run", cycle_id=cycle.id, run_id=run.id)
        yield Task(_("Watch the plan for %(cycle)s being made.", cycle=name), url, _("Watch"))
    elif run is not None and run.state is RunState.FAILED and not drafts:
        url = url_for("cycles.run", cycle_id=cycle.id, run_id=run.id)
        yield Task(_("See why the last run for %(cycle)s gave no plan.", cycle=name), url, _("Read why"))
    if drafts:
        text = ngettext(
            "Review %(num)s draft for %(cycle)s.", "Review %(num)s drafts for %(cycle)s.", len(drafts), cycle=name
        )
        newest = max(drafts, key=lambda plan: plan.number)
        yield Task(text, url_for("cycles.plan", cycle_id=cycle.id, plan_id=newest.id), _("Review"))
    if not plans and cycle.state is CycleState.PREPARING and not (run and run.is_live):
        missing = len(stoppers(cycle))
        if missing:
            text = ngettext(
                "Complete %(cycle)s: %(num)s thing is missing before it can be planned.",
                "Complete %(cycle)s: %(num)s things are missing before it can be planned.",
                missing,
                cycle=name,
            )
            yield Task(text, show, _("See what"))
        else:
            yield Task(_("Plan %(cycle)s: everything needed is there.", cycle=name), show, _("Generate a draft"))


def _people_tasks(figures: HouseFigures) -> Iterator[Task]:
    if figures.no_nik:
        text = ngettext(
            "Ask Disdukcapil for the identity number of %(num)s resident.",
            "Ask Disdukcapil for the identity numbers of %(num)s residents.",
            figures.no_nik,
        )
        yield Task(text, url_for("residents.index", nik="none_yet"), _("See who"))
    if figures.no_account:
        text = ngettext(
            "Have the administrator print a sign-in slip for %(num)s resident without an account.",
            "Have the administrator print sign-in slips for %(num)s residents without an account.",
            figures.no_account,
        )
        yield Task(text, url_for("residents.index", account="none"), _("See who"))
    if figures.staff_without_account:
        text = ngettext(
            "Have the administrator make an account for %(num)s counsellor, instructor or tutor.",
            "Have the administrator make accounts for %(num)s counsellors, instructors and tutors.",
            figures.staff_without_account,
        )
        yield Task(text, url_for("residences.staff"), _("See the staff"))
