"""Assessments of a resident: the distance travelled, a new one, both sides' answers."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from foyer.care import assessing
from foyer.care.forms import BEGIN_REFUSALS, LEVEL_REFUSALS, BeginForm, LevelsForm, OwnForm
from foyer.care.models import Assessment, Domain, Point, Side
from foyer.care.pages import Page, care, edited, opened, stay_here
from foyer.care.rules import assessment_windows, rules_of
from foyer.care.scale import SCALE
from foyer.caseload.desk import desk_here
from foyer.caseload.models import ServiceStage
from foyer.caseload.rights import Act, Part, may, rights_of
from foyer.caseload.sections import file_context, stay_that_counts
from foyer.caseload.stages import reach
from foyer.formatting import short_date
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import telling
from foyer.words import words


@care.get("/residents/<int:resident_id>/assessments")
@may(Part.ASSESSMENT)
def assessments(resident_id: int) -> str:
    """Every assessment, side by side, and the distance travelled."""
    desk = desk_here()
    found = opened(resident_id, Part.ASSESSMENT)
    every = assessing.assessments_of(resident_id)
    stay = stay_that_counts(found, desk)
    windows = _windows(stay, every) if stay else []
    shown = [made for _point, _window, made in windows]
    return render_template(
        "care/assessments.html",
        **file_context(desk, found, "assessments"),
        assessments=every,
        tracks=assessing.tracks(every),
        scale=SCALE,
        columns=[_("Part of life"), *({"label": _column(each), "num": True} for each in every)],
        windows=windows,
        unfinished=[each for each in every if each.finished_at is None and each not in shown],
        may_write=Act.WRITE in rights_of(desk, resident_id, Part.ASSESSMENT),
    )


@care.route("/residents/<int:resident_id>/assessments/new", methods=["GET", "POST"])
@may(Part.ASSESSMENT, Act.WRITE)
def begin_assessment(resident_id: int) -> Page:
    """Open an assessment; from then on the resident can answer too."""
    desk = desk_here()
    found = opened(resident_id, Part.ASSESSMENT, Act.WRITE)
    stay = stay_here(found)
    cycle = assessing.cycle_of_stay(stay, desk.today)
    form = BeginForm(data={"assessed_on": desk.today, "point": _point_now(stay, resident_id)})
    made: list[int] = []

    def act() -> None:
        assessment = assessing.begin_assessment(
            stay,
            cycle=cycle,
            point=form.point.data,
            on=form["assessed_on"].data,
            today=desk.today,
            actor=current_user,
        )
        made.append(assessment.id)

    return edited(
        resident_id,
        form,
        act,
        refusals=BEGIN_REFUSALS,
        heading=_("New assessment"),
        back=_list(resident_id),
        said=_("The assessment is open. The resident can answer on the own phone from now on."),
        to=lambda: url_for("care.assessment", resident_id=resident_id, assessment_id=made[0]),
        submit=_("Begin"),
    )


@care.route("/residents/<int:resident_id>/assessments/<int:assessment_id>", methods=["GET", "POST"])
@may(Part.ASSESSMENT, Act.WRITE)
def assessment(resident_id: int, assessment_id: int) -> Page:
    """The worker's levels. What the resident answered is not shown here: each side answers for itself first."""
    desk = desk_here()
    found = opened(resident_id, Part.ASSESSMENT, Act.WRITE)
    record = assessing.get_assessment(resident_id, assessment_id)
    if record.finished_at is not None:
        return redirect(_list(resident_id), 303)
    form = _levels_form(record)
    is_finishing = bool(form.finish.data)

    def act() -> None:
        assessing.write_levels(record, form.answers(), note=form["note"].data, version=form.version.data)
        if is_finishing:
            assessing.finish_assessment(record, version=None, actor=current_user)
            _reached(found, record)

    return edited(
        resident_id,
        form,
        act,
        refusals=LEVEL_REFUSALS,
        heading=telling(_("Assessment of %(name)s"), name=found),
        back=_list(resident_id),
        said=_("The assessment is finished.") if is_finishing else _("Kept. You can go on later."),
        current=lambda: _levels_form(assessing.get_assessment(resident_id, assessment_id), formdata=None),
        template="care/levels.html",
        assessment=record,
        before=_before(record),
        scale=SCALE,
        domains=list(Domain),
        today=desk.today,
    )


@care.route("/residents/<int:resident_id>/assessments/<int:assessment_id>/own", methods=["GET", "POST"])
@may(Part.ASSESSMENT, Act.WRITE)
def fill_in_together(resident_id: int, assessment_id: int) -> Page:
    """The resident's own answers, filled in together: for whoever has no phone or does not read well."""
    found = opened(resident_id, Part.ASSESSMENT, Act.WRITE)
    record = assessing.get_assessment(resident_id, assessment_id)
    form = own_form(record)
    return edited(
        resident_id,
        form,
        lambda: send_own(record, form),
        refusals=LEVEL_REFUSALS,
        heading=telling(_("Own answers of %(name)s"), name=found),
        back=_list(resident_id),
        said=_("The answers are kept as the resident's own, filled in together with you."),
        current=lambda: own_form(assessing.get_assessment(resident_id, assessment_id), formdata=None),
        template="care/own_form.html",
        is_together=True,
    )


def own_form(record: Assessment, **options: Any) -> OwnForm:
    """The resident's own answers as they stand."""
    levels = {f"own_{domain}": level for domain, level in record.levels(Side.RESIDENT).items()}
    own = record.own
    return OwnForm(data={**levels, "said": own.said if own else None, "version": own.version if own else 0}, **options)


def send_own(record: Assessment, form: OwnForm) -> None:
    """Keep what the form says as the resident's own answers."""
    assessing.answer_own(record, form.levels(), said=form["said"].data, version=form.version.data, actor=current_user)


def _levels_form(record: Assessment, **options: Any) -> LevelsForm:
    scores = {score.domain: score for score in record.scores if score.side is Side.WORKER}
    data: dict[str, Any] = {"note": record.note, "version": record.version}
    for domain, score in scores.items():
        data |= {f"level_{domain}": score.level, f"evidence_{domain}": score.evidence}
    return LevelsForm(data=data, **options)


def _before(record: Assessment) -> Assessment | None:
    """The assessment that was finished last before this one: with what today is compared."""
    every = assessing.assessments_of(record.resident_id)
    done = [each for each in every if each.finished_at is not None and each.assessed_on <= record.assessed_on]
    return done[-1] if done else None


def _reached(resident: Resident, record: Assessment) -> None:
    stay = next((stay for stay in resident.stays if stay.id == record.stay_id), None)
    reach(resident, ServiceStage.UNDERSTANDING, on=record.assessed_on, stay=stay)


def _windows(stay: Stay, every: Any) -> list[tuple[Point, Any, Assessment | None]]:
    """The points of the cycle with their days and what there is of them."""
    desk = desk_here()
    cycle = assessing.cycle_of_stay(stay, desk.today)
    made = {
        each.point: each for each in every if each.stay_id == stay.id and each.cycle_id == (cycle.id if cycle else None)
    }
    windows = assessment_windows(stay, cycle, rules_of(desk.residence.id))
    return [(point, window, made.get(point)) for point, window in windows.items()]


def _point_now(stay: Stay, resident_id: int) -> Point:
    """The first point of the cycle of which there is no assessment."""
    every = assessing.assessments_of(resident_id)
    return next((point for point, _window, made in _windows(stay, every) if made is None), Point.EXIT)


def _column(record: Assessment) -> str:
    return f"{words(record.point)}, {short_date(record.assessed_on)}"


def _list(resident_id: int) -> str:
    return url_for("care.assessments", resident_id=resident_id)
