"""Standing in, supervision, the team's caseloads, and notices."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import STAFF, allow
from foyer.accounts.models import Role
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.notices import register_notice, see
from foyer.counselling import caseload, standing
from foyer.counselling.blueprint import counselling
from foyer.counselling.forms import COVER_REFUSALS, SUPERVISION_REFUSALS, CoverForm, SupervisionForm
from foyer.counselling.showing import as_asked
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.paging import asked_page, cut
from foyer.residences.models import Staff

register_notice(
    standing.COVERS, _l("You stand in for a colleague."), _l("See for whom and until when"), "counselling.cover"
)
register_notice(
    standing.COVERED, _l("A colleague stands in for you."), _l("See who and until when"), "counselling.cover"
)
register_notice(
    standing.SUPERVISES,
    _l("A supervisor was named for counselling notes, and it concerns you."),
    _l("See who"),
    "counselling.team",
)

register_notice(
    standing.ANSWERS_NO_MORE,
    _l(
        "You no longer answer for a resident beside the plan: that file is closed to you now, unless the plan names"
        " you."
    ),
    _l("See your caseload"),
    "today.index",
)

Page = Response | tuple[str, int]
TEAM = 10  # counsellors on a page: each stands for some thirty files


@counselling.route("/counselling/cover", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def cover() -> Page:
    """Who stands in for whom; a counsellor for oneself."""
    desk = desk_here()
    people = [(each.id, each.full_name) for each in standing.counsellors_of(desk.residence.id)]
    own = None if desk.actor.role is Role.MANAGER else [one for one in people if one[0] == desk.staff_id]
    start = {"from_on": desk.today, "until_on": desk.today, "staff_id": own[0][0] if own else None}
    form = CoverForm(counsellors=people, absent=own, data=start)

    def act() -> None:
        standing.cover(
            desk,
            staff_id=form.staff_id.data or 0,
            covered_by_id=form.covered_by_id.data or 0,
            from_on=form.from_on.data,  # type: ignore[arg-type]
            until_on=form.until_on.data,  # type: ignore[arg-type]
        )

    if submitted(form, act, COVER_REFUSALS):
        flash(gettext("Saved. Whoever stands in is told and sees the same caseload on these days."), "good")
        return redirect(url_for("counselling.cover"))
    return form_page("counselling/cover.html", form, desk=desk, covers=standing.covers_of(desk))


@counselling.post("/counselling/cover/<int:cover_id>/end")
@allow(Role.MANAGER, Role.COUNSELLOR)
def end_cover(cover_id: int) -> Response:
    """The colleague is back."""
    desk = desk_here()
    standing.end_cover(desk, standing.get_cover(desk, cover_id))
    db.session.commit()
    flash(gettext("Nobody stands in any more."), "good")
    return redirect(url_for("counselling.cover"), 303)


@counselling.route("/counselling/supervision", methods=["GET", "POST"])
@allow(Role.MANAGER)
def supervision() -> Page:
    """Who may read what each counsellor writes about counselling."""
    desk = desk_here()
    people = [(each.id, each.full_name) for each in standing.counsellors_of(desk.residence.id)]
    form = SupervisionForm(counsellors=people)

    def act() -> None:
        standing.supervise(desk, staff_id=form.staff_id.data or 0, supervisor_id=form.supervisor_id.data or 0)

    if submitted(form, act, SUPERVISION_REFUSALS):
        flash(gettext("Saved. Both are told."), "good")
        return redirect(url_for("counselling.supervision"))
    return form_page("counselling/supervision.html", form, supervisions=standing.supervisions_of(desk))


@counselling.post("/counselling/supervision/<int:supervision_id>/end")
@allow(Role.MANAGER)
def end_supervision(supervision_id: int) -> Response:
    """Somebody reads no more."""
    standing.end_supervision(desk_here(), standing.get_supervision(supervision_id))
    db.session.commit()
    flash(gettext("From now on this supervisor reads no more."), "good")
    return redirect(url_for("counselling.supervision"), 303)


@counselling.get("/counselling/beside")
@allow(Role.MANAGER)
def beside() -> str:
    """Who answers for residents beside the plan, each with a button that ends it."""
    desk = desk_here()
    return render_template("counselling/beside.html", desk=desk, found=standing.assignments_beside(desk, asked_page()))


@counselling.post("/counselling/beside/<int:assignment_id>/end")
@allow(Role.MANAGER)
def end_assignment(assignment_id: int) -> Response:
    """Somebody answers for a resident no more."""
    standing.end_assignment(desk_here(), standing.get_assignment(assignment_id))
    db.session.commit()
    flash(gettext("Ended. From now on that file is closed to this counsellor, unless the plan names them."), "good")
    return redirect(url_for("counselling.beside"), 303)


@counselling.get("/counselling/team")
@allow(Role.MANAGER, Role.COUNSELLOR)
def team() -> str:
    """The caseloads of all counsellors for a manager, before them that of nobody; for a counsellor those of whom one is
    the named supervisor, and who supervises oneself."""
    desk = desk_here()
    named = standing.supervisions_of(desk)
    own = [each.supervisor for each in named if each.staff_id == desk.staff_id]
    page = cut(_team(desk), asked_page(), TEAM)
    is_first = desk.actor.role is Role.MANAGER and page.page == 1
    team = caseload.team_of(desk, page.rows, is_whole=page.pages == 1, with_nobody=is_first)
    return render_template("counselling/team.html", desk=desk, page=page, team=team, supervisors=own)


@counselling.get("/counselling/team/<int:staff_id>")
@allow(Role.MANAGER, Role.COUNSELLOR)
def colleague(staff_id: int) -> str | Response:
    """One counsellor's caseload, as its owner sees it."""
    desk = desk_here()
    if staff_id == desk.staff_id:
        return redirect(url_for("today.index"))
    found = next((each for each in _team(desk) if each.id == staff_id), None)
    if found is None:
        raise NotFound("staff")
    return _caseload_page(desk, caseload.caseload_of_staff(desk, staff_id), staff=found)


@counselling.get("/counselling/team/nobody")
@allow(Role.MANAGER)
def nobody() -> str:
    """Those for whom nobody answers, as a caseload: a manager gives them to somebody."""
    desk = desk_here()
    return _caseload_page(desk, caseload.caseload_of_nobody(desk), staff=None)


def _caseload_page(desk: Desk, theirs: caseload.Caseload, *, staff: Staff | None) -> str:
    theirs = caseload.shown(desk, theirs)
    return render_template(
        "counselling/colleague.html", staff=staff, caseload=theirs, shown=as_asked(theirs), ahead=None
    )


def _team(desk: Desk):  # type: ignore[no-untyped-def]
    if desk.actor.role is Role.MANAGER:
        return standing.counsellors_of(desk.residence.id)
    return caseload.supervised(desk)


@counselling.post("/notices/<int:notice_id>")
@allow(*(STAFF - {Role.OFFICE}))
def notice(notice_id: int) -> Response:
    """A notice was seen: on to where it leads, or with ``stay`` back to the page where it was told."""
    leads_to = see(current_user.id, notice_id)
    db.session.commit()
    stay = request.form.get("stay", "")
    is_here = stay.startswith("/") and not stay.startswith(("//", "/\\"))
    return redirect(stay if is_here else leads_to, 303)
