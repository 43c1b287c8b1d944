"""Counselling in the resident's file and the session itself: who came, what comes next, what was written."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.mine import own_resident_ids, supervised_staff_ids
from foyer.caseload.people import names_for
from foyer.caseload.rights import Act, Part, file_for, may, rights_of
from foyer.caseload.sections import Subject, file_context, register_section
from foyer.counselling import dues as _dues  # noqa: F401  what counselling makes due
from foyer.counselling import notes, openings, sessions
from foyer.counselling.agenda import agenda_of
from foyer.counselling.blueprint import counselling
from foyer.counselling.forms import GROUP_REFUSALS, SESSION_REFUSALS, GroupForm, MarkForm, OneForm
from foyer.counselling.models import CounsellingSession, SessionAttendance, SessionKind, SessionMode
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.residences.models import Staff
from foyer.residents.family import ContactSafety, Relative
from foyer.residents.models import Resident
from foyer.residents.naming import paper_name

register_section(
    "counselling", "counselling.of_resident", _l("Counselling"), Part.COUNSELLING, subject=Subject.GUIDANCE, order=50
)


@counselling.get("/residents/<int:resident_id>/counselling")
@may(Part.COUNSELLING, Act.READ)
def of_resident(resident_id: int) -> str:
    """That counselling took place, who came, and what comes next; no note."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.COUNSELLING, Act.READ)
    record_read(resident, resident_id=resident.id)
    page = sessions.sessions_of_resident(resident.id, request.args.get("page", 1, type=int))
    return render_template(
        "counselling/of_resident.html",
        page=page,
        page_address=lambda number: url_for("counselling.of_resident", resident_id=resident_id, page=number),
        may_read=notes.may_read_some(desk, resident.id),
        asked=openings.openings_of(resident.id),
        may_open=_may_open(desk),
        **file_context(desk, resident, "counselling"),
    )


@counselling.get("/residents/<int:resident_id>/counselling/notes")
@may(Part.COUNSELLING_BODY, Act.READ)
def notes_of_resident(resident_id: int) -> str:
    """The notes about a resident of one's own hand, or of the hand of somebody whom one supervises."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.COUNSELLING_BODY, Act.READ)
    return render_template(
        "counselling/notes.html",
        written=notes.notes_of_resident(desk, resident.id),
        **file_context(desk, resident, "counselling"),
    )


@counselling.route("/residents/<int:resident_id>/counselling/new", methods=["GET", "POST"])
@may(Part.COUNSELLING, Act.WRITE)
def new(resident_id: int) -> Response | tuple[str, int]:
    """A conversation that the timetable does not know."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.COUNSELLING, Act.WRITE)
    form = OneForm(data={"held_on": desk.today, "kind": SessionKind.INDIVIDUAL, "mode": SessionMode.IN_PERSON})
    made: list[CounsellingSession] = []

    def act() -> None:
        made.append(sessions.put_down(desk, [resident_id], kind=form.kind.data, **form.values))

    if submitted(form, act, SESSION_REFUSALS):
        return redirect(url_for("counselling.session", session_id=made[0].id))
    return form_page(
        "counselling/new.html",
        form,
        heading=gettext("Put down a conversation"),
        back=url_for("counselling.of_resident", resident_id=resident_id),
        trail=[(resident.full_name, url_for("counselling.of_resident", resident_id=resident_id))],
    )


@counselling.route("/counselling/group", methods=["GET", "POST"])
@allow(Role.COUNSELLOR)
def group() -> Response | tuple[str, int]:
    """A conversation with several residents of the caseload."""
    desk = desk_here()
    rows = db.session.execute(
        select(Resident.id, Resident.full_name, Resident.is_restricted)
        .where(Resident.id.in_(own_resident_ids(desk)))
        .order_by(Resident.name_key, Resident.id)
    ).all()
    form = GroupForm(
        residents=[(row.id, paper_name(row)) for row in rows],
        data={"held_on": desk.today, "mode": SessionMode.IN_PERSON},
    )
    made: list[CounsellingSession] = []

    def act() -> None:
        made.append(sessions.put_down(desk, form.resident_ids.data or [], kind=SessionKind.GROUP, **form.values))

    if submitted(form, act, GROUP_REFUSALS):
        return redirect(url_for("counselling.session", session_id=made[0].id))
    return form_page(
        "counselling/new.html", form, heading=gettext("Group counselling"), back=url_for("today.index"), trail=[]
    )


@counselling.post("/counselling/begin")
@allow(Role.COUNSELLOR)
def begin() -> Response:
    """Begin the session of an appointment in the timetable, or go to it where it has begun."""
    desk, form = desk_here(), request.form
    try:
        found = sessions.begin(
            desk,
            enrolment_id=form.get("enrolment_id", 0, type=int),
            on=form.get("on", desk.today, type=desk.today.fromisoformat),
            start=form.get("start", -1, type=int),
        )
    except sessions.InFuture:
        flash(gettext("A session is put down on its day or later."), "attention")
        return redirect(url_for("today.index"), 303)
    except sessions.TimeTaken:
        flash(gettext("You have put down another session at this time."), "attention")
        return redirect(url_for("today.index"), 303)
    db.session.commit()
    return redirect(url_for("counselling.session", session_id=found.id), 303)


@counselling.get("/counselling")
@allow(Role.COUNSELLOR)
def index() -> str:
    """The sessions that the actor led, and the appointments of the last week for which nothing is put down."""
    desk = desk_here()
    page = sessions.sessions_of_staff(desk.staff_id, request.args.get("page", 1, type=int))
    return render_template(
        "counselling/index.html",
        desk=desk,
        page=page,
        page_address=lambda number: url_for("counselling.index", page=number),
        names=_names(desk, *page.rows, on_page=True),
        written=notes.written_sessions([row.id for row in page.rows]),
        unwritten=agenda_of(desk).unwritten,
    )


@counselling.route("/counselling/sessions/<int:session_id>", methods=["GET", "POST"])
@may(Part.COUNSELLING, Act.READ)
def session(session_id: int) -> Response | tuple[str, int]:
    """A session: its leader fills in the form, the leader's named supervisor reads all of it, a manager that it took
    place."""
    desk = desk_here()
    found = _session_for(desk, session_id)
    if not _leads(desk, found):
        if request.method == "POST":
            raise NotFound("session")
        return _session_page(desk, found, None)
    family = _family(desk, found)
    form = MarkForm(found, _names(desk, found), **family)

    def act() -> None:
        ids = form.relatives.data or [] if "relatives" in form else None
        sessions.mark(desk, found, form.marked(), mode=form.mode.data, version=form.version.data, relative_ids=ids)
        if form.body.data:
            notes.write_note(desk, found, _about(form, found), body=form.body.data)

    if submitted(form, act):
        flash(gettext("Saved."), "good")
        _warn_of(form, family["family"], family["there"])
        return redirect(url_for("counselling.session", session_id=session_id))
    return _session_page(desk, _session_for(desk, session_id), form)


@counselling.post("/counselling/sessions/<int:session_id>/withdraw")
@allow(Role.COUNSELLOR)
def withdraw(session_id: int) -> Response:
    """The session was put down by mistake."""
    desk = desk_here()
    found = _session_for(desk, session_id)
    if not _leads(desk, found):
        raise NotFound("session")
    try:
        sessions.withdraw(desk, found, version=request.form.get("version", type=int))
    except sessions.HasNotes:
        flash(gettext("Something is written about this session, so it stays."), "attention")
        return redirect(url_for("counselling.session", session_id=session_id), 303)
    db.session.commit()
    flash(gettext("The session is withdrawn and counts nowhere."), "good")
    return redirect(url_for("counselling.index"), 303)


@counselling.post("/residents/<int:resident_id>/counselling/<int:session_id>/done")
@may(Part.COUNSELLING, Act.WRITE)
def step_done(resident_id: int, session_id: int) -> Response:
    """The next step agreed in a session is done."""
    desk = desk_here()
    file_for(desk, resident_id, Part.COUNSELLING, Act.WRITE)
    attendance = db.session.scalar(
        select(SessionAttendance).where(
            SessionAttendance.session_id == session_id, SessionAttendance.resident_id == resident_id
        )
    )
    if attendance is None:
        raise NotFound("session")
    sessions.finish_step(desk, attendance)
    db.session.commit()
    flash(gettext("The step is done."), "good")
    return redirect(url_for("counselling.of_resident", resident_id=resident_id), 303)


def _session_for(desk: Desk, session_id: int) -> CounsellingSession:
    """The session, for its leader, the leader's named supervisor and managers. Raises NotFound for everybody else."""
    found = sessions.get_session(session_id)
    if desk.actor.role is Role.MANAGER or _leads(desk, found):
        return found
    supervised = select(Staff.id).where(Staff.id == found.staff_id, Staff.id.in_(supervised_staff_ids(desk)))
    if db.session.scalar(supervised) is None:
        raise NotFound("session")
    return found


def _leads(desk: Desk, found: CounsellingSession) -> bool:
    return found.staff_id == desk.staff_id and desk.actor.role is Role.COUNSELLOR


def _session_page(desk: Desk, found: CounsellingSession, form: MarkForm | None) -> tuple[str, int]:
    for attendance in found.attendances:
        record_read(found, resident_id=attendance.resident_id)
    context: dict[str, Any] = {
        "session": found,
        "desk": desk,
        "written": notes.notes_of_session(desk, found),
        "names": _names(desk, found, on_page=True),
        **_family(desk, found),
    }
    if form is None:
        return render_template("counselling/session.html", form=None, conflict=None, **context), 200
    family = {name: context[name] for name in ("family", "there")}
    current = lambda: MarkForm(  # noqa: E731
        sessions.get_session(found.id), _names(desk, found), formdata=None, **family
    )
    return form_page("counselling/session.html", form, current, **context)


def _family(desk: Desk, found: CounsellingSession) -> dict[str, list[Relative]]:
    """Who of the family can be ticked (by the leader) and who took part, for readers of the family's names."""
    resident_id = found.attendances[0].resident_id
    if found.kind is not SessionKind.FAMILY or Act.READ not in rights_of(desk, resident_id, Part.FAMILY):
        return {"family": [], "there": []}
    family = sessions.family_for(found) if _leads(desk, found) else []
    return {"family": family, "there": sessions.relatives_in(found)}


def _warn_of(form: MarkForm, family: list[Relative], there: list[Relative]) -> None:
    """Say once more, of whoever is newly ticked, that the file calls contact with them not safe."""
    ticked = set(form.relatives.data or []) if "relatives" in form else set()
    for one in family:
        if one.id in ticked and one not in there and one.safety is ContactSafety.NOT_SAFE:
            flash(
                gettext(
                    "The file says that contact with %(name)s is not safe. Make sure that the resident is safe, and"
                    " tell a manager how this meeting came about.",
                    name=one.full_name,
                ),
                "attention",
            )


def _names(desk: Desk, *found: CounsellingSession, on_page: bool = False) -> dict[int, str]:
    residents = (attendance.resident for each in found for attendance in each.attendances)
    return names_for(desk, residents, on_page=on_page)


def _about(form: MarkForm, found: CounsellingSession) -> SessionAttendance | None:
    if "about" not in form:
        return found.attendances[0]
    return next((each for each in found.attendances if each.resident_id == form.about.data), None)


def _may_open(desk: Desk):  # type: ignore[no-untyped-def]
    """Whether a link to a session leads anywhere for the actor: asked by the templates for each row."""
    supervised = set(db.session.scalars(supervised_staff_ids(desk)))
    return lambda found: (
        desk.actor.role is Role.MANAGER or found.staff_id == desk.staff_id or found.staff_id in supervised
    )


from foyer.counselling import flag_views, opening_views, standing_views  # noqa: E402, F401  their pages join in
