"""Files that may be of one person: found, compared, merged, undone. For managers."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role, User
from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.formatting import short_date
from foyer.intake import merging
from foyer.intake.blueprint import Page, intake
from foyer.intake.duplicates import KnownToDiffer, find_duplicates, say_distinct
from foyer.intake.forms import MERGE_REFUSALS, MergeForm
from foyer.intake.models import Merge
from foyer.intake.views import LIKENESS
from foyer.paging import asked_page, cut
from foyer.records import get_record
from foyer.residents.models import Resident
from foyer.residents.naming import paper_name, telling
from foyer.residents.services import masked_nik
from foyer.words import words

PAIRS = 30  # of files that may be of one person, on a page


@intake.get("/referrals/duplicates")
@allow(Role.MANAGER)
def duplicates() -> str:
    return render_template(
        "intake/duplicates.html",
        pairs=cut(find_duplicates(), asked_page(), PAIRS),
        likeness=LIKENESS,
        merges=merging.list_merges(asked_page("merges")),
    )


@intake.route("/residents/<int:resident_id>/same-as/<int:other_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def compare(resident_id: int, other_id: int) -> Response | Page:
    """Two files side by side; one of them stays."""
    desk = desk_here()
    people = [_file(resident_id), _file(other_id)]
    if resident_id == other_id:
        raise NotFound("resident")
    form = MergeForm(data={"kept": min(resident_id, other_id)})
    form.kept.choices = [(person.id, _choice_words(person)) for person in people]
    form.take.choices = [(name, label) for name, label, values in _rows(people) if values[0] != values[1]]
    made: list[Merge] = []

    def act() -> None:
        kept = form.kept.data
        gone = other_id if kept == resident_id else resident_id
        made.append(merging.merge(desk, kept, gone, take=form.take.data or (), reason=form.reason.data or ""))

    if submitted(form, act, MERGE_REFUSALS):
        flash(_("The two files are one now."), "good")
        return redirect(url_for("intake.merge", merge_id=made[0].id), 303)
    people = [_file(resident_id), _file(other_id)]
    if request.method == "GET":
        for person in people:
            record_read(person, resident_id=person.id)
    return form_page("intake/compare.html", form, people=people, rows=_rows(people), niks=_niks(people))


@intake.post("/residents/<int:resident_id>/not/<int:other_id>")
@allow(Role.MANAGER)
def distinct(resident_id: int, other_id: int) -> Response:
    """These are two people."""
    try:
        say_distinct(desk_here(), _file(resident_id).id, _file(other_id).id)
        db.session.commit()
    except KnownToDiffer:
        db.session.rollback()
    flash(_("Noted: these are two people. They are not shown as a pair again."), "good")
    return redirect(url_for("intake.duplicates"), 303)


@intake.get("/referrals/merges/<int:merge_id>")
@allow(Role.MANAGER)
def merge(merge_id: int) -> str:
    """What became one, when and why; and the way back."""
    row = get_record(Merge, merge_id)
    record_read(row, resident_id=row.resident_id)
    return render_template(
        "intake/merge.html",
        merge=row,
        by=db.session.get(User, row.merged_by_id),
        undone_by=db.session.get(User, row.undone_by_id) if row.undone_by_id else None,
        moved=merging.count_moved(row),
        left=len(merging.left_behind(row)),
    )


@intake.post("/referrals/merges/<int:merge_id>/undo")
@allow(Role.MANAGER)
def undo_merge(merge_id: int) -> Response:
    row = get_record(Merge, merge_id)
    back = redirect(url_for("intake.merge", merge_id=merge_id), 303)
    try:
        stayed = merging.undo(desk_here(), row)
        db.session.commit()
    except merging.LaterMerge:
        db.session.rollback()
        flash(_("One of these files was merged again later. Undo that first."), "attention")
        return back
    except merging.AlreadyUndone:
        db.session.rollback()
        flash(_("This was undone already."), "info")
        return back
    flash(_("There are two files again."), "good")
    if stayed:
        text = ngettext(
            "%(num)s thing was changed since and stayed as it is now.",
            "%(num)s things were changed since and stayed as they are now.",
            stayed,
        )
        flash(text, "info")
    return back


def _file(resident_id: int) -> Resident:
    """A resident of the house whose file is in sight. Raises NotFound."""
    found = get_record(Resident, resident_id)
    if found.merged_into_id is not None:
        raise NotFound("resident")
    return found


def _choice_words(person: Resident) -> str:
    return telling(_("%(name)s, file no. %(number)s"), name=person, number=person.id)


def _rows(people: list[Resident]) -> list[tuple[str, str, list[str]]]:
    """Name, label and both values of what can be taken over."""
    labels = {
        "full_name": _("Full name"),
        "gender": _("Gender"),
        "born_on": _("Born on"),
        "birth_place": _("Place of birth"),
        "religion": _("Religion"),
    }
    return [(name, labels[name], [_shown(person, name) for person in people]) for name in merging.FIELDS]


def _shown(person: Resident, name: str) -> str:
    if name == "full_name":
        return paper_name(person)
    value = getattr(person, name)
    return short_date(value) if name == "born_on" else words(value) or "–"


def _niks(people: list[Resident]) -> list[str]:
    return [masked_nik(person.nik) or "–" for person in people]
