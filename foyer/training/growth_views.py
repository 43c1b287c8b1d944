"""Conduct and independence: two more tabs of the file, and the forms behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, exists, or_, select
from werkzeug.wrappers import Response

from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.dues import Due, Residents, addresses, register_dues
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.caseload.sections import Subject, register_section
from foyer.database import db
from foyer.errors import NotFound
from foyer.paging import asked_page
from foyer.questions import Question
from foyer.records import get_record
from foyer.residents.models import Stay
from foyer.training import conduct, independence
from foyer.training.blueprint import training
from foyer.training.forms import CONDUCT_REFUSALS, REVIEW_REFUSALS, ConductForm, ReviewForm
from foyer.training.frames import current_stay, framed
from foyer.training.progress_models import ConductNote, StageItem, StageReview, Tone
from foyer.training.progress_views import Page, edited, taken_back

register_section("conduct", "training.conduct_notes", _l("Conduct"), Part.CONDUCT, subject=Subject.GROWTH, order=62)
register_section(
    "independence", "training.ladder_of", _l("Independence"), Part.INDEPENDENCE, subject=Subject.GROWTH, order=64
)


@training.get("/residents/<int:resident_id>/conduct")
@may(Part.CONDUCT)
def conduct_notes(resident_id: int) -> str:
    """What was seen in a resident, praise first."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.CONDUCT)
    notes = {tone.value: conduct.notes_in_tone(found.id, tone, asked_page(tone.value)) for tone in Tone}
    return render_template("training/conduct.html", **framed(desk, found, "conduct"), notes=notes)


@training.route("/residents/<int:resident_id>/conduct/new", methods=["GET", "POST"])
@may(Part.CONDUCT, Act.WRITE)
def write_note(resident_id: int) -> Page:
    desk = desk_here()
    found = file_for(desk, resident_id, Part.CONDUCT, Act.WRITE)
    form = ConductForm(data={"seen_on": desk.today})

    def act() -> None:
        conduct.write_note(
            found,
            current_stay(desk, found),
            tone=form.tone.data,
            area=form.area.data,
            seen_on=form.seen_on.data or desk.today,
            words=form.words.data or "",
            talked_over=bool(form.talked_over.data),
            today=desk.today,
            actor_id=desk.actor.id,
        )

    back = url_for("training.conduct_notes", resident_id=resident_id)
    return edited(desk, found, form, act, CONDUCT_REFUSALS, gettext("Write down what you saw"), back=back)


@training.post("/residents/<int:resident_id>/conduct/<int:observation_id>/share")
@may(Part.CONDUCT, Act.WRITE)
def share_note(resident_id: int, observation_id: int) -> Response:
    """The concern was talked over; the resident may read it."""
    desk = desk_here()
    file_for(desk, resident_id, Part.CONDUCT, Act.WRITE)
    try:
        conduct.share_note(_own_note(resident_id, observation_id))
        db.session.commit()
        flash(gettext("The resident can read it now."), "good")
    except conduct.NothingShared:
        db.session.rollback()
        flash(gettext("The resident can read it already, or it was taken back."), "info")
    return redirect(url_for("training.conduct_notes", resident_id=resident_id), 303)


@training.route("/residents/<int:resident_id>/conduct/<int:observation_id>/withdraw", methods=["GET", "POST"])
@may(Part.CONDUCT, Act.WRITE)
def withdraw_note(resident_id: int, observation_id: int) -> Page:
    desk = desk_here()
    found = file_for(desk, resident_id, Part.CONDUCT, Act.WRITE)
    back = url_for("training.conduct_notes", resident_id=resident_id)
    return taken_back(desk, found, _own_note(resident_id, observation_id), gettext("Take back what was written"), back)


def _own_note(resident_id: int, observation_id: int) -> ConductNote:
    note = get_record(ConductNote, observation_id)
    if note.resident_id != resident_id:
        raise NotFound("note")
    return note


@training.get("/residents/<int:resident_id>/independence")
@may(Part.INDEPENDENCE)
def ladder_of(resident_id: int) -> str:
    """Where a resident stands on the ladder, what the next stage asks, and the reviews."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.INDEPENDENCE)
    context = framed(desk, found, "independence")
    items = independence.list_items()
    stage = context["stay"].independence_stage if context["stay"] else 1
    return render_template(
        "training/independence.html",
        **context,
        stage=stage,
        items=items,
        asked=independence.criteria_for(items, independence.looked_at(stage)),
        reviews=independence.reviews_of(found.id),
    )


@training.route("/residents/<int:resident_id>/independence/review", methods=["GET", "POST"])
@may(Part.INDEPENDENCE, Act.WRITE)
def review_stage(resident_id: int) -> Page:
    """Look at the stage with the resident: what is met, what shows it, and what is decided."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.INDEPENDENCE, Act.WRITE)
    stay = current_stay(desk, found)
    asked = independence.criteria_for(independence.list_items(), independence.looked_at(stay.independence_stage))

    def blank(**options: Any) -> ReviewForm:
        values = {
            "version": stay.version,
            "to": stay.independence_stage,
            "held_on": desk.today,
            "review_on": desk.today + independence.REVIEW_AFTER,
        }
        return ReviewForm(stage=stay.independence_stage, asked=asked, data=values, **options)

    form = blank()

    def act() -> None:
        independence.hold_review(
            stay,
            to=form.to.data,
            met=form.met.data or [],
            evidence=form.evidence.data or "",
            own_words=form.own_words.data or "",
            all_the_same=form.all_the_same.data or "",
            held_on=form.held_on.data or desk.today,
            review_on=form.review_on.data or desk.today,
            today=desk.today,
            actor_id=desk.actor.id,
            version=form.version.data,
        )

    back = url_for("training.ladder_of", resident_id=resident_id)
    return edited(
        desk,
        found,
        form,
        act,
        REVIEW_REFUSALS,
        gettext("Review of the independence stage"),
        back=back,
        current=lambda: blank(formdata=None),
    )


def next_reviews(today: date, resident_ids: Residents) -> Question:
    """The next look at the stage of whoever lives here, on the day that the last review set; the first one, in a house
    that has a ladder, counts from the arrival."""
    last = (
        select(StageReview.review_on)
        .where(StageReview.stay_id == Stay.id, StageReview.withdrawn_at.is_(None))
        .order_by(StageReview.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    ladder = exists().where(StageItem.residence_id == Stay.residence_id, StageItem.is_active.is_(True))
    return select(Stay.resident_id, Stay.arrives_on, last.label("review_on")).where(
        Stay.resident_id.in_(resident_ids),
        Stay.elsewhere.is_(None),
        Stay.leaves_on > today,
        or_(last.is_not(None), and_(ladder, Stay.arrives_on <= today)),
    )


def due_reviews(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    again, page = gettext("Look at the independence stage again"), addresses("training.review_stage")
    first, after = gettext("Look at the independence stage for the first time"), independence.REVIEW_AFTER
    return [
        Due("stage", row.resident_id, row.review_on, again, page(row.resident_id))
        if row.review_on
        else Due("stage", row.resident_id, row.arrives_on + after, first, page(row.resident_id))
        for row in rows
    ]


register_dues("stage", _l("Review of the independence stage"), next_reviews, due_reviews)
