"""What a resident with a disability needs: a tab of the file for the team, and what to mind for those who teach."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.rights import Act, Part, file_for, is_in_team, may
from foyer.caseload.sections import Subject, register_section
from foyer.editing import Refusals
from foyer.files import accommodation_dues as _dues  # noqa: F401  when to look again
from foyer.files.parts import Page, edit_page, opened, own_record, version_of
from foyer.files.person_forms import EndForm
from foyer.files.views import residents
from foyer.forms import VersionedForm
from foyer.residences.accommodating import accommodation_words, accommodations_offered
from foyer.residents import accommodations as services
from foyer.residents.accommodations import Accommodation
from foyer.training.frames import framed

BACK = "residents.accommodations"
OWN = "own"  # the answer of the list that stands for own words

register_section("accommodations", BACK, _l("Accommodations"), Part.ACCOMMODATION, subject=Subject.PLANNING, order=34)


class AccommodationForm(VersionedForm):
    what = SelectField(_l("What to do"), [DataRequired()])
    own_words = StringField(_l("In your own words"), [Optional(), Length(max=200)])
    how = StringField(
        _l("More about it"),
        [Optional(), Length(max=300)],
        description=_l("What to do, for instance “half an hour more”. Never the name of a disability."),
    )
    is_for_class = BooleanField(
        _l("For those who teach"),
        description=_l(
            "Whoever teaches the resident now reads these words in the register and the list of the class. Nobody else "
            "outside the team does."
        ),
    )

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        listed = [(entry, accommodation_words(entry)) for entry in offered]
        self.what.choices = [("", _l("choose")), *listed, (OWN, _l("something else"))]
        self.own_words.flags.needed = _l("needed if the list does not have it")

    def values(self) -> dict[str, Any]:
        """The columns of the record."""
        what = (self.own_words.data or "").strip() if self.what.data == OWN else self.what.data
        return {"what": what, "how": (self.how.data or "").strip() or None, "is_for_class": self.is_for_class.data}


REFUSALS: Refusals = {
    services.WhatMissing: ("own_words", _l("Please write what to do.")),
    services.AlreadyWritten: ("what", _l("This is written down for the resident already.")),
    services.AccommodationEnded: (None, _l("This has ended already.")),
    services.EndBeforeStart: ("on", _l("It cannot end before it began.")),
}


@residents.get("/<int:resident_id>/accommodations")
@may(Part.ACCOMMODATION)
def accommodations(resident_id: int) -> str:
    """What to do, with the day and person of the last confirmation; those who teach read what is marked for them."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.ACCOMMODATION)
    rows = services.accommodations_of(resident_id)
    if not is_in_team(desk, resident_id):
        rows = [row for row in rows if row.is_for_class and row.ended_on is None]
    context = framed(desk, found, "accommodations")
    return render_template(
        "files/accommodations.html",
        **context,
        rows=rows,
        what_words=accommodation_words,
        is_in_team=is_in_team(desk, resident_id),
        may_write=Part.ACCOMMODATION in context["parts_writable"],
    )


@residents.route("/<int:resident_id>/accommodations/new", methods=["GET", "POST"])
@may(Part.ACCOMMODATION, Act.WRITE)
def new_accommodation(resident_id: int) -> Page:
    found = opened(resident_id, Part.ACCOMMODATION, Act.WRITE)
    desk = desk_here()
    form = AccommodationForm(offered=accommodations_offered(desk.residence), data={"is_for_class": True})
    return edit_page(
        resident_id,
        Part.ACCOMMODATION,
        form,
        lambda: services.write_accommodation(found, form.values(), on=desk.today, actor=current_user),
        back=BACK,
        heading=gettext("What the resident needs"),
        said=gettext("Saved, and confirmed by that."),
        refusals=REFUSALS,
    )


@residents.route("/<int:resident_id>/accommodations/<int:accommodation_id>", methods=["GET", "POST"])
@may(Part.ACCOMMODATION, Act.WRITE)
def accommodation(resident_id: int, accommodation_id: int) -> Page:
    """Look again: correct it or leave it, and confirm it by saving."""
    opened(resident_id, Part.ACCOMMODATION, Act.WRITE)
    desk = desk_here()
    row: Accommodation = own_record(Accommodation, resident_id, accommodation_id)
    form = _form(desk, row)

    def act() -> None:
        services.confirm_accommodation(row, form.values(), on=desk.today, actor=current_user, version=form.version.data)

    return edit_page(
        resident_id,
        Part.ACCOMMODATION,
        form,
        act,
        back=BACK,
        heading=gettext("What the resident needs"),
        said=gettext("Saved, and confirmed by that."),
        refusals=REFUSALS,
        current=lambda: _form(desk_here(), own_record(Accommodation, resident_id, accommodation_id), formdata=None),
    )


@residents.route("/<int:resident_id>/accommodations/<int:accommodation_id>/end", methods=["GET", "POST"])
@may(Part.ACCOMMODATION, Act.WRITE)
def end_accommodation(resident_id: int, accommodation_id: int) -> Page:
    opened(resident_id, Part.ACCOMMODATION, Act.WRITE)
    row: Accommodation = own_record(Accommodation, resident_id, accommodation_id)
    today = desk_here().today
    form = EndForm(data={"on": today, "version": row.version})

    def act() -> None:
        services.end_accommodation(
            row, on=form.on.data or today, reason=form.reason.data or "", version=form.version.data
        )

    return edit_page(
        resident_id,
        Part.ACCOMMODATION,
        form,
        act,
        back=BACK,
        heading=gettext("No longer: %(kind)s", kind=accommodation_words(row.what)),
        said=gettext("Saved. The entry stays in the file as ended."),
        refusals=REFUSALS,
        current=lambda: EndForm(formdata=None, data=version_of(Accommodation, resident_id, accommodation_id)),
    )


def _form(desk: Desk, row: Accommodation, **options: Any) -> AccommodationForm:
    offered = accommodations_offered(desk.residence)
    is_listed = row.what in offered
    values = {
        "what": row.what if is_listed else OWN,
        "own_words": "" if is_listed else accommodation_words(row.what),
        "how": row.how,
        "is_for_class": row.is_for_class,
        "version": row.version,
    }
    return AccommodationForm(offered=offered, data=values, **options)
