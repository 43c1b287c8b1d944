"""Family and guardians in a resident's file."""

from __future__ import annotations

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, may
from foyer.caseload.sections import Subject, register_section
from foyer.files.parts import Page, edit_page, opened, own_record, part_page, typed
from foyer.files.person_forms import END_REFUSALS, RELATIVE_REFUSALS, EndForm, RelativeForm
from foyer.files.views import residents
from foyer.residents import family as services
from foyer.residents.family import ContactSafety, Relative, relatives_of

NAMES = ("full_name", "relation", "is_guardian", "phone", "address", "safety", "safety_reason", "note")

register_section("family", "residents.family", _l("Family"), Part.FAMILY, subject=Subject.PERSON, order=20)


@residents.get("/<int:resident_id>/family")
@may(Part.FAMILY)
def family(resident_id: int) -> Page:
    """Who belongs to the resident, how to reach them, and whom not to call."""
    found = opened(resident_id, Part.FAMILY)
    return part_page("files/family.html", found, Part.FAMILY, "family", relatives=relatives_of(found.id))


@residents.route("/<int:resident_id>/family/new", methods=["GET", "POST"])
@may(Part.FAMILY, Act.WRITE)
def new_relative(resident_id: int) -> Page:
    found = opened(resident_id, Part.FAMILY, Act.WRITE)
    form = RelativeForm(data={"safety": ContactSafety.ASK_FIRST} if request.method == "GET" else None)
    return edit_page(
        resident_id,
        Part.FAMILY,
        form,
        lambda: services.add_relative(found, typed(form, NAMES)),
        back="residents.family",
        heading=gettext("Add somebody of the family"),
        said=gettext("Saved."),
        refusals=RELATIVE_REFUSALS,
    )


@residents.route("/<int:resident_id>/family/<int:relative_id>", methods=["GET", "POST"])
@may(Part.FAMILY, Act.WRITE)
def relative(resident_id: int, relative_id: int) -> Page:
    opened(resident_id, Part.FAMILY, Act.WRITE)
    record = own_record(Relative, resident_id, relative_id)
    form = RelativeForm(obj=record)
    return edit_page(
        resident_id,
        Part.FAMILY,
        form,
        lambda: services.change_relative(record, typed(form, NAMES), version=form.version.data),
        back="residents.family",
        heading=gettext("Family and guardians"),
        said=gettext("Saved."),
        refusals=RELATIVE_REFUSALS,
        current=lambda: RelativeForm(formdata=None, obj=own_record(Relative, resident_id, relative_id)),
    )


@residents.route("/<int:resident_id>/family/<int:relative_id>/end", methods=["GET", "POST"])
@may(Part.FAMILY, Act.WRITE)
def end_relative(resident_id: int, relative_id: int) -> Page:
    opened(resident_id, Part.FAMILY, Act.WRITE)
    record = own_record(Relative, resident_id, relative_id)
    form = EndForm(data={"on": desk_here().today, "version": record.version})

    def act() -> None:
        services.end_relative(
            record, on=form.on.data or desk_here().today, reason=form.reason.data or "", version=form.version.data
        )

    return edit_page(
        resident_id,
        Part.FAMILY,
        form,
        act,
        back="residents.family",
        heading=gettext("No longer family or guardian"),
        said=gettext("Saved. The entry stays in the file as ended."),
        refusals=END_REFUSALS,
        current=lambda: EndForm(
            formdata=None, data={"version": own_record(Relative, resident_id, relative_id).version}
        ),
    )
