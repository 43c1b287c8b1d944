"""Kinds of PPKS, cases at law, and the switch that keeps an identity secret, in a resident's file."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, may
from foyer.caseload.sections import Subject, register_section
from foyer.files.parts import Page, edit_page, opened, own_record, part_page, typed, version_of
from foyer.files.person_forms import (
    CASE_REFUSALS,
    END_REFUSALS,
    KIND_REFUSALS,
    RESTRICT_REFUSALS,
    VERIFY_REFUSALS,
    EndForm,
    KindForm,
    LegalCaseForm,
    RestrictForm,
    VerifyForm,
)
from foyer.files.views import residents
from foyer.records import get_record
from foyer.residents import ppks as services
from foyer.residents import restriction
from foyer.residents.models import Resident
from foyer.residents.person_labels import mark_words
from foyer.residents.ppks import PpksMark, marks_of
from foyer.residents.restriction import LegalCase, cases_of

BACK = "residents.ppks"
CASE_NAMES = ("role", "step", "from_on", "officer", "officer_phone", "office", "reference", "terms", "note")

register_section("ppks", BACK, _l("PPKS and law"), Part.PPKS, subject=Subject.PERSON, order=24)


@residents.get("/<int:resident_id>/ppks")
@may(Part.PPKS)
def ppks(resident_id: int) -> Page:
    """The kinds of PPKS with their source and state, cases at law, and the switch."""
    found = opened(resident_id, Part.PPKS)
    return part_page(
        "files/ppks.html",
        found,
        Part.PPKS,
        "ppks",
        marks=marks_of(found.id),
        cases=cases_of(found.id),
        mark_words=mark_words,
        account=restriction.account_of(found),
        faces_law=any("abh" in stay.needs for stay in found.stays),
    )


@residents.route("/<int:resident_id>/ppks/new", methods=["GET", "POST"])
@may(Part.PPKS, Act.WRITE)
def new_kind(resident_id: int) -> Page:
    found = opened(resident_id, Part.PPKS, Act.WRITE)
    today = desk_here().today
    form = KindForm(in_force=services.list_in_force(today), data={"from_on": today})

    def act() -> None:
        services.propose_kind(
            found,
            form.code.data,
            from_on=form.from_on.data or desk_here().today,
            source=form.source.data or "",
            actor=current_user,
            today=desk_here().today,
        )

    return edit_page(
        resident_id,
        Part.PPKS,
        form,
        act,
        back=BACK,
        heading=gettext("Propose a kind of PPKS"),
        said=gettext("Proposed. Somebody else verifies it."),
        refusals=KIND_REFUSALS,
    )


@residents.route("/<int:resident_id>/ppks/<int:mark_id>/verify", methods=["GET", "POST"])
@may(Part.PPKS, Act.WRITE)
def verify_kind(resident_id: int, mark_id: int) -> Page:
    opened(resident_id, Part.PPKS, Act.WRITE)
    mark = own_record(PpksMark, resident_id, mark_id)
    form = VerifyForm(data={"version": mark.version})

    def act() -> None:
        services.verify_kind(
            mark,
            on=desk_here().today,
            source=form.source.data or "",
            actor=current_user,
            version=form.version.data,
        )

    return edit_page(
        resident_id,
        Part.PPKS,
        form,
        act,
        back=BACK,
        heading=gettext("Verify: %(kind)s", kind=mark_words(mark)),
        said=gettext("Verified."),
        refusals=VERIFY_REFUSALS,
        current=lambda: VerifyForm(formdata=None, data=version_of(PpksMark, resident_id, mark_id)),
    )


@residents.route("/<int:resident_id>/ppks/<int:mark_id>/end", methods=["GET", "POST"])
@may(Part.PPKS, Act.WRITE)
def end_kind(resident_id: int, mark_id: int) -> Page:
    opened(resident_id, Part.PPKS, Act.WRITE)
    mark = own_record(PpksMark, resident_id, mark_id)
    form = EndForm(data={"on": desk_here().today, "version": mark.version})

    def act() -> None:
        services.end_kind(
            mark, on=form.on.data or desk_here().today, reason=form.reason.data or "", version=form.version.data
        )

    return edit_page(
        resident_id,
        Part.PPKS,
        form,
        act,
        back=BACK,
        heading=gettext("No longer: %(kind)s", kind=mark_words(mark)),
        said=gettext("Saved. The entry stays in the file as ended."),
        refusals=END_REFUSALS,
        current=lambda: EndForm(formdata=None, data=version_of(PpksMark, resident_id, mark_id)),
    )


@residents.route("/<int:resident_id>/law/new", methods=["GET", "POST"])
@may(Part.PPKS, Act.WRITE)
def new_case(resident_id: int) -> Page:
    found = opened(resident_id, Part.PPKS, Act.WRITE)
    form = LegalCaseForm(data={"from_on": desk_here().today} if request.method == "GET" else None)
    return edit_page(
        resident_id,
        Part.PPKS,
        form,
        lambda: restriction.open_case(found, typed(form, CASE_NAMES)),
        back=BACK,
        heading=gettext("Record a case at law"),
        said=gettext("Saved. Outside the team only the initials are shown from now on."),
    )


@residents.route("/<int:resident_id>/law/<int:case_id>", methods=["GET", "POST"])
@may(Part.PPKS, Act.WRITE)
def legal_case(resident_id: int, case_id: int) -> Page:
    opened(resident_id, Part.PPKS, Act.WRITE)
    case = own_record(LegalCase, resident_id, case_id)
    form = LegalCaseForm(obj=case)
    return edit_page(
        resident_id,
        Part.PPKS,
        form,
        lambda: restriction.change_case(case, typed(form, CASE_NAMES), version=form.version.data),
        back=BACK,
        heading=gettext("Case at law"),
        said=gettext("Saved."),
        refusals=CASE_REFUSALS,
        current=lambda: LegalCaseForm(formdata=None, obj=own_record(LegalCase, resident_id, case_id)),
    )


@residents.route("/<int:resident_id>/law/<int:case_id>/close", methods=["GET", "POST"])
@may(Part.PPKS, Act.WRITE)
def close_case(resident_id: int, case_id: int) -> Page:
    opened(resident_id, Part.PPKS, Act.WRITE)
    case = own_record(LegalCase, resident_id, case_id)
    form = EndForm(data={"on": desk_here().today, "version": case.version})

    def act() -> None:
        reason = form.reason.data or ""
        restriction.close_case(case, on=form.on.data or desk_here().today, reason=reason, version=form.version.data)

    return edit_page(
        resident_id,
        Part.PPKS,
        form,
        act,
        back=BACK,
        heading=gettext("The case is over"),
        said=gettext("Saved. The identity stays secret until a manager decides otherwise."),
        refusals=CASE_REFUSALS,
        current=lambda: EndForm(formdata=None, data=version_of(LegalCase, resident_id, case_id)),
    )


@residents.route("/<int:resident_id>/restrict", methods=["GET", "POST"])
@may(Part.PPKS, Act.WRITE)
def restrict(resident_id: int) -> Page:
    """Keep the identity secret outside the team."""
    return _switch_page(
        resident_id,
        restriction.restrict,
        gettext("Keep the identity secret"),
        gettext("From now on only the team reads the name; everybody else reads initials."),
    )


@residents.route("/<int:resident_id>/unrestrict", methods=["GET", "POST"])
@allow(Role.MANAGER)
def unrestrict(resident_id: int) -> Page:
    """Show the name again; a manager's decision."""
    return _switch_page(
        resident_id,
        restriction.lift_restriction,
        gettext("Show the name again"),
        gettext("Everybody who works with the resident reads the name again."),
    )


def _switch_page(resident_id: int, service: Any, heading: str, said: str) -> Page:
    found = opened(resident_id, Part.PPKS, Act.WRITE)
    form = RestrictForm(data={"version": found.version})

    def current() -> RestrictForm:
        return RestrictForm(formdata=None, data={"version": get_record(Resident, resident_id).version})

    return edit_page(
        resident_id,
        Part.PPKS,
        form,
        lambda: service(found, reason=form.reason.data or "", version=form.version.data),
        back=BACK,
        heading=heading,
        said=said,
        refusals=RESTRICT_REFUSALS,
        current=current,
    )
