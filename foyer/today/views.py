"""The first page of each role, the week of one's own, the beds of a night, and an instructor's classes."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from foyer.accounts.access import EVERYBODY, allow
from foyer.accounts.models import Role
from foyer.administration.services import count_slip_groups
from foyer.audit.services import Caseload, record_looks, record_readings
from foyer.caseload.desk import AnyDesk, Desk
from foyer.caseload.named import Named, named_to
from foyer.clock import now_in
from foyer.concerns.handling import waiting_for
from foyer.counselling.agenda import agenda_of
from foyer.counselling.caseload import own_caseload, shown
from foyer.counselling.showing import as_asked
from foyer.counselling.standing import covered_today
from foyer.cycles.labels import cycle_name, cycle_week
from foyer.cycles.queries import current_versions, week_of_enrolment, week_of_staff
from foyer.cycles.weeks import group_title, week_of_slots
from foyer.cycles.wish_queries import is_collecting
from foyer.database import db
from foyer.formatting import instant, long_date
from foyer.intake.waiting import waits
from foyer.paging import Paged, asked_page, cut
from foyer.residences.models import Residence
from foyer.residences.services import staff_of, today_in
from foyer.residents.accommodations import for_teachers, need_large_print
from foyer.timetable import Week
from foyer.today import services
from foyer.today.beds import beds_of_night, count_beds
from foyer.today.blueprint import today
from foyer.today.clocks import demands_of
from foyer.today.houses import account_figures, figures_of_houses
from foyer.today.manager import MOST_MOVES, MOVES_DAYS, manager_today
from foyer.today.news import news_of, seen_news
from foyer.today.resident import resident_today, timed, upcoming
from foyer.today.services import Person, person_of
from foyer.today.staff import taught_group, taught_groups, wishes_missing
from foyer.training.sessions import register_work

today.add_app_template_filter(cycle_week)
today.add_app_template_filter(timed)

WITH_WEEK = (Role.COUNSELLOR, Role.INSTRUCTOR, Role.RESIDENT)
CLOCKS = 40  # of what ends by the hour, on a page
NAMED = 15  # of what somebody is to do by name, on a page


@today.get("/")
@allow(*EVERYBODY)
def index() -> str:
    """What somebody needs first, by role."""
    pages: dict[Role, Callable[[], str]] = {
        Role.MANAGER: _manager,
        Role.COUNSELLOR: _counsellor,
        Role.INSTRUCTOR: _instructor,
        Role.RESIDENT: _resident,
        Role.ADMINISTRATOR: _administrator,
        Role.OFFICE: _office,
    }
    return pages[current_user.role]()


def _manager() -> str:
    residence = db.session.get_one(Residence, g.residence_id)
    now = services.now_in(residence)
    versions = current_versions(residence.id, now.date())
    desk = Desk(current_user, residence, now.date(), versions, staff_of(current_user.id))
    state = manager_today(desk)
    return render_template(
        "today/manager.html",
        state=state,
        now=now,
        named=_named(desk),
        registers=register_work(state.versions, now) if state.versions else None,
        most=MOST_MOVES,
        moves_days=MOVES_DAYS,
        **_words_of_cycle(state.cycle),
    )


def _counsellor() -> str:
    person = _person()
    g.desk = desk = _desk_of(person)
    covered = covered_today(desk)
    agenda, caseload = agenda_of(desk, [each.staff_id for each in covered]), shown(desk, own_caseload(desk))
    waiting, (collecting,) = waits(desk, _collects)
    return render_template(
        "today/counsellor.html",
        person=person,
        desk=desk,
        agenda=agenda,
        caseload=caseload,
        shown=as_asked(caseload),
        named=_named(desk, but_of=set(caseload.names)),
        ahead=agenda.ahead,
        covered=covered,
        waits=waiting,
        wishes_missing=wishes_missing(person) if collecting else [],
        news=news_of(person),
        **_words_of_cycle(person.plan.cycle if person.plan else None),
    )


def _collects(desk: AnyDesk) -> list[ColumnElement[bool]]:
    return [is_collecting(desk.today)]


def _instructor() -> str:
    person = _person()
    slots = person.slots()
    coming = upcoming(slots, person)
    return render_template(
        "today/instructor.html",
        person=person,
        next_session=coming[0] if coming else None,
        news=news_of(person),
        named=_named(_desk_of(person)),
        groups=taught_groups(person),
        registers=register_work(person.versions, person.now, instructor_id=person.staff.id)
        if person.versions and person.staff
        else None,
        group_title=group_title,
        week=week_of_slots(person.versions, slots, monday=_monday(person.first_day), today=person.today)
        if person.versions and person.staff
        else None,
        **_words_of_cycle(person.plan.cycle if person.plan else None),
    )


def _resident() -> str:
    person = _person()
    return render_template(
        "today/resident.html", now=resident_today(person), news=news_of(person), group_title=group_title
    )


def _administrator() -> str:
    residence = db.session.get_one(Residence, g.residence_id)
    return render_template(
        "today/administrator.html",
        figures=account_figures(residence.id),
        groups={group.value: count for group, count in count_slip_groups(today=today_in(residence)).items()},
    )


def _office() -> str:
    return render_template(
        "today/office.html",
        figures=figures_of_houses(g.residence_ids),
        concerns=waiting_for(current_user, now_in("Asia/Jakarta")),
        cycle_name=cycle_name,
        cycle_week=cycle_week,
    )


@today.get("/week")
@allow(*WITH_WEEK)
def week() -> str:
    """One's own week; ``from`` is any day of it."""
    person = _person()
    monday = _monday(_asked_day("from") or person.first_day)
    return render_template(
        "today/week.html",
        person=person,
        monday=monday,
        earlier=monday - timedelta(days=7),
        later=monday + timedelta(days=7),
        week=_week(person, monday),
        is_large=person.resident is not None and bool(need_large_print([person.resident.id])),
    )


@today.post("/changes/seen")
@allow(*WITH_WEEK)
def seen() -> Response:
    """Somebody has seen what new versions change for them."""
    seen_news(_person(), request.form.get("upto", 0, type=int))
    db.session.commit()
    return redirect(url_for("today.index"), 303)


@today.get("/beds")
@allow(Role.MANAGER)
def beds() -> str:
    """Every bed of a night and whose it is; ``state`` and ``wing`` narrow the list."""
    residence = db.session.get_one(Residence, g.residence_id)
    night = _asked_day("night") or today_in(residence)
    every = beds_of_night(residence.id, night)
    state, wing = request.args.get("state", ""), request.args.get("wing")
    shown = [bed for bed in every if state in ("", bed.state) and wing in (None, bed.room.wing)]
    return render_template(
        "today/beds.html",
        night=night,
        beds=shown,
        counts=count_beds([bed for bed in every if wing in (None, bed.room.wing)]),
        state=state,
        wing=wing,
        earlier=night - timedelta(days=1),
        later=night + timedelta(days=1),
    )


@today.get("/today/clocks")
@allow(Role.MANAGER)
def clocks() -> str:
    """What residents may demand within hours, one by one."""
    desk = _desk_of(_person())
    page = cut(demands_of(desk), asked_page(), CLOCKS)
    record_looks(
        Caseload(desk.residence.id), {one.resident.id for one in page.rows}, time_zone=desk.residence.time_zone
    )
    zone = desk.residence.time_zone
    return render_template("today/clocks.html", page=page, now=desk.now, moment=partial(instant, time_zone=zone))


@today.get("/classes/<int:group_id>")
@allow(Role.INSTRUCTOR)
def taught(group_id: int) -> str:
    """Who sits in a class of one's own: names, no needs; what to do for whom, where the team marked it for those who
    teach."""
    group, members = taught_group(_person(), group_id)
    to_mind = for_teachers({seat.enrolment.stay.resident_id for seat in members}, None)
    record_readings((rows[0], resident_id) for resident_id, rows in to_mind.items())
    return render_template("today/class.html", group=group, members=members, to_mind=to_mind, title=group_title(group))


def _person() -> Person:
    return person_of(current_user, g.residence_id)


def _desk_of(person: Person) -> Desk:
    return Desk(current_user, person.residence, person.today, person.versions, person.staff)


def _named(desk: Desk, but_of: Container[int] = ()) -> Paged[Named]:
    """What whoever is signed in is to do by name: the page of it that is asked for."""
    return cut(named_to(desk, but_of=but_of), asked_page("named"), NAMED)


def _week(person: Person, monday: date) -> Week | None:
    if person.versions is None:
        return None
    if person.staff is not None:
        return week_of_staff(person.versions, person.staff.id, monday=monday, today=person.today)
    if person.enrolment is None:
        return None
    return week_of_enrolment(person.versions, person.enrolment.id, monday=monday, today=person.today)


def _words_of_cycle(cycle: Any) -> dict[str, str]:
    if cycle is None:
        return {"cycle_words": gettext("No cycle is published yet."), "cycle_begins": ""}
    return {"cycle_words": cycle_name(cycle), "cycle_begins": long_date(cycle.starts_on)}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _asked_day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


from foyer.today import calendar_views, wish_views  # noqa: E402, F401  their pages join the blueprint
