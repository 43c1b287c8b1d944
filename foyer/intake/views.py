"""The register of referrals: the list, search before create, one referral, what is decided and answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role, User
from foyer.audit.services import record_read
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.rights import Act, Part, file_for, may, rights_of
from foyer.caseload.sections import Subject, file_context, register_section
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.intake import dues as _dues  # noqa: F401  states what is due
from foyer.intake import referrals as services
from foyer.intake.agencies import known_names, list_agencies
from foyer.intake.answers import possible_answers, text_for
from foyer.intake.blueprint import Page, counsellors, intake, own_staff_id, show_found
from foyer.intake.finding import Found, search
from foyer.intake.forms import (
    DECISION_REFUSALS,
    KEEP_REFUSALS,
    REFUSALS,
    AnswerForm,
    DecisionForm,
    KeepForm,
    ListForm,
    ReferralForm,
    SearchForm,
    WaitingForm,
)
from foyer.intake.joining import parts_of
from foyer.intake.likeness import Likeness
from foyer.intake.merging import merges_of
from foyer.intake.models import OPEN, AnswerKind, Referral, ReferralState, ServiceLevel, WaitsFor
from foyer.intake.outreach import contacts_of
from foyer.intake.queries import (
    SORTS,
    WAITING_SORTS,
    WantedList,
    WantedWaiting,
    count_open,
    list_referrals,
    referral_for,
    referrals_of,
    waiting_list,
)
from foyer.intake.referrals import NEW
from foyer.intake.waiting import WAITS
from foyer.paging import asked_page
from foyer.residents.naming import age_on
from foyer.residents.services import masked_nik

register_section("referral", "intake.of_resident", _l("Referral"), Part.REFERRAL, subject=Subject.PERSON, order=15)
FIELDS = (
    "full_name gender born_on nik education_level contact is_restricted agency sender_name sender_reference "
    "received_on answer_by level reason needs responsible_id"
).split()
LIKENESS = {
    Likeness.NIK: _l("the same identity number"),
    Likeness.EQUAL: _l("the same name and birth date"),
    Likeness.BIRTH_AND_NAME: _l("the same birth date, a similar name"),
    Likeness.NEAR_BIRTH_AND_NAME: _l("a similar name, and birth dates that differ as by a slip of the pen"),
    Likeness.NAME: _l("a name that is the same or nearly so"),
    Likeness.PART_OF_NAME: _l("part of the name"),
}


@intake.get("/referrals")
@allow(Role.MANAGER, Role.COUNSELLOR)
def index() -> str:
    """The register, as far as it is the reader's."""
    desk = desk_here()
    form = ListForm(request.args, agencies=[(agency.id, agency.name) for agency in list_agencies()])
    wanted = _wanted(form, desk.today)
    return render_template(
        "intake/index.html",
        desk=desk,
        form=form,
        wanted=wanted,
        page=list_referrals(desk, wanted),
        counts=count_open(desk),
        sorts=_sorts(),
        page_address=lambda number: _address(page=number),
    )


@intake.get("/referrals/waiting")
@allow(Role.MANAGER, Role.COUNSELLOR)
def waiting() -> str:
    """Who waits for a place, in the order in which places are given."""
    desk, asked = desk_here(), request.args
    form = WaitingForm(asked, agencies=[(agency.id, agency.name) for agency in list_agencies()])
    sort = asked.get("sort", "")
    wanted = WantedWaiting(
        q=form.q.data or "",
        waits_for=form.waits_for.data if isinstance(form.waits_for.data, WaitsFor) else None,
        agency_id=form.agency.data,
        sort=sort if sort in WAITING_SORTS else WAITING_SORTS[0],
        descending=asked.get("order") == "desc",
        page=asked_page(),
    )
    sorts = [
        ("turn", _("Turn")),
        ("name", _("Name")),
        ("since", _("Since")),
        ("expected", _("Expected")),
        ("agency", _("Agency")),
    ]
    page = waiting_list(desk, wanted)
    return render_template("intake/waiting.html", desk=desk, form=form, wanted=wanted, sorts=sorts, page=page)


@intake.route("/referrals/new", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def new() -> Response | Page:
    """First whom one looks for, then everybody who may be that person, then the register's form."""
    if request.form.get("step") == "register":
        return _register()
    form = SearchForm()
    if not form.validate_on_submit():
        return form_page("intake/search.html", form)
    desk = desk_here()
    typed = {"full_name": form.full_name.data, "born_on": form.born_on.data, "nik": form.nik.data}
    found = services.look(desk, services.wanted_of(typed))
    db.session.commit()
    filled = ReferralForm(
        formdata=None,
        counsellors=counsellors(),
        data={**typed, "received_on": desk.today, "responsible_id": own_staff_id(desk)},
    )
    show_found(filled, found)
    return _new_page(filled, found)


def _register() -> Response | Page:
    desk, form = desk_here(), ReferralForm(counsellors=counsellors())
    found = search(desk, services.wanted_of({name: form[name].data for name in ("full_name", "born_on", "nik")}))
    form.offer([(hit.key, hit.who.full_name) for hit in found.hits if hit.resident is not None])
    made: list[Referral] = []

    def act() -> None:
        values = {name: form[name].data for name in FIELDS}
        made.append(services.register(desk, values, seen=form.shown, known=form.known.data or NEW))

    if submitted(form, act, REFUSALS):
        flash(_("The referral is in the register as %(code)s.", code=made[0].code), "good")
        return redirect(url_for("intake.referral", referral_id=made[0].id), 303)
    show_found(form, found)
    return _new_page(form, found)


def _new_page(form: ReferralForm, found: Found) -> Page:
    return form_page(
        "intake/new.html", form, found=found, likeness=LIKENESS, agencies=known_names(), needs_choice=_is_choice(found)
    )


def _is_choice(found: Found) -> bool:
    """Whether there are residents to choose from."""
    return any(hit.resident is not None for hit in found.hits)


@intake.get("/referrals/<int:referral_id>")
@allow(Role.MANAGER, Role.COUNSELLOR)
def referral(referral_id: int) -> str:
    """One referral. That it was read is written down."""
    desk = desk_here()
    found = referral_for(desk, referral_id)
    record_read(found, resident_id=found.resident_id)
    return render_template(
        "intake/referral.html",
        desk=desk,
        referral=found,
        age=age_on(found.born_on, desk.today) if found.born_on else None,
        nik=masked_nik(found.nik),
        answers=services.answers_of(found.id),
        possible=possible_answers(found),
        parts=parts_of(desk, found),
        contacts=contacts_of(referral_id=found.id),
        decided_by=db.session.get(User, found.decided_by_id) if found.decided_by_id else None,
        is_open=found.state in OPEN,
        may_admit=found.state in (ReferralState.ACCEPTED, ReferralState.WAITING),
        days_waiting=(desk.today - found.waits_since).days if found.waits_since else 0,
    )


@intake.route("/referrals/<int:referral_id>/edit", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def edit(referral_id: int) -> Response | Page:
    desk = desk_here()
    found = referral_for(desk, referral_id)
    form = _edit_form(found)

    def act() -> None:
        values = {name: form[name].data for name in FIELDS}
        services.change(desk, found, values, version=form.version.data)

    if submitted(form, act, REFUSALS):
        flash(_("Saved."), "good")
        return redirect(url_for("intake.referral", referral_id=referral_id))
    if request.method == "GET":
        record_read(found, resident_id=found.resident_id)
    return form_page(
        "intake/edit.html",
        form,
        lambda: _edit_form(referral_for(desk_here(), referral_id), formdata=None),
        referral=referral_for(desk, referral_id),
        agencies=known_names(),
    )


def _edit_form(found: Referral, **options: Any) -> ReferralForm:
    """The referral's fields; the identity number is never put into the form, and nobody is searched for."""
    data = {**{name: getattr(found, name) for name in FIELDS if name not in ("nik", "agency")}}
    data |= {"agency": found.agency.name, "version": found.version}
    form = ReferralForm(counsellors=counsellors(), data=data, **options)
    del form["known"], form["seen"]
    return form


@intake.route("/referrals/<int:referral_id>/decide", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def decide(referral_id: int) -> Response | Page:
    """Managers decide; counsellors may note that it was withdrawn."""
    desk = desk_here()
    found = referral_for(desk, referral_id)
    form = _decision_form(desk, found)

    def act() -> None:
        verdict = services.Verdict(
            form.state.data,
            form.reason.data or "",
            ground=form.ground.data,
            waits_for=form.waits_for.data,
            expected_on=form.expected_on.data,
            is_urgent=form.is_urgent.data,
        )
        services.decide(desk, found, verdict, version=form.version.data)

    if submitted(form, act, DECISION_REFUSALS):
        flash(_("The decision is saved. Tell the sender: the text is ready below."), "good")
        return redirect(url_for("intake.referral", referral_id=referral_id, _anchor="answers"), 303)
    if request.method == "GET":
        record_read(found, resident_id=found.resident_id)
    return form_page(
        "intake/decide.html",
        form,
        lambda: _decision_form(desk_here(), referral_for(desk_here(), referral_id), formdata=None),
        referral=referral_for(desk, referral_id),
        age_note=_age_note(desk, found),
        parts=parts_of(desk, found),
    )


def _age_note(desk: Desk, found: Referral) -> str:
    """How old the youth is today, beside the ages that the house takes; whoever decides may decide otherwise."""
    house = desk.residence
    span = {"youngest": house.youngest_age, "oldest": house.oldest_age}
    if found.born_on is None:
        return _("The birth date is not known yet. The house takes ages %(youngest)s to %(oldest)s.", **span)
    age = age_on(found.born_on, desk.today)
    if house.youngest_age <= age <= house.oldest_age:
        return _("%(age)s years old today; the house takes ages %(youngest)s to %(oldest)s.", age=age, **span)
    return _(
        "%(age)s years old today, but the house takes ages %(youngest)s to %(oldest)s. If you accept nevertheless, say "
        "why in the reason.",
        age=age,
        **span,
    )


def _decision_form(desk: Desk, found: Referral, **options: Any) -> DecisionForm:
    data = {
        "version": found.version,
        "state": found.state,
        "waits_for": found.waits_for,
        "is_urgent": found.is_urgent,
        "expected_on": found.expected_on,
    }
    return DecisionForm(states=_next_states(desk, found), data=data, **options)


def _next_states(desk: Desk, found: Referral) -> list[ReferralState]:
    """What the actor may decide now."""
    if found.state is ReferralState.ADMITTED:
        return []
    if desk.actor.role is not Role.MANAGER:
        return [ReferralState.WITHDRAWN] if found.state in OPEN else []
    if found.state not in OPEN:
        return [ReferralState.RECEIVED]
    return [ReferralState.ACCEPTED, ReferralState.WAITING, ReferralState.REFUSED, ReferralState.WITHDRAWN]


@intake.route("/referrals/<int:referral_id>/answer/<any(receipt, decision, outcome):told>", methods=["GET", "POST"])
@allow(Role.MANAGER, Role.COUNSELLOR)
def answer(referral_id: int, told: str) -> Response | Page:
    """The text for the sender, ready to copy, and that it was sent."""
    desk = desk_here()
    found, about = referral_for(desk, referral_id), AnswerKind(told)
    if about not in possible_answers(found):
        raise NotFound("answer")
    form = AnswerForm(data={"body": text_for(desk, found, about), "sent_on": desk.today})

    def act() -> None:
        body, sent_on = form.body.data or "", form.sent_on.data or desk.today
        services.answer(desk, found, about, way=form.way.data, body=body, sent_on=sent_on)

    if submitted(form, act):
        flash(_("What the sender was told is kept."), "good")
        return redirect(url_for("intake.referral", referral_id=referral_id, _anchor="answers"), 303)
    if request.method == "GET":
        record_read(found, resident_id=found.resident_id)
    return form_page("intake/answer.html", form, referral=found, kind=about)


@intake.route("/referrals/<int:referral_id>/keep", methods=["GET", "POST"])
@allow(Role.MANAGER)
def keep(referral_id: int) -> Response | Page:
    """Hold a closed referral beyond its period of keeping, or let the schedule count again."""
    desk = desk_here()
    found = referral_for(desk, referral_id)
    form = _keep_form(found)

    def act() -> None:
        services.keep_longer(found, form.kept_because.data or "", version=form.version.data)

    if submitted(form, act, KEEP_REFUSALS):
        flash(_("Saved."), "good")
        return redirect(url_for("intake.referral", referral_id=referral_id), 303)
    if request.method == "GET":
        record_read(found, resident_id=found.resident_id)
    return form_page(
        "intake/keep.html",
        form,
        lambda: _keep_form(referral_for(desk_here(), referral_id), formdata=None),
        referral=referral_for(desk, referral_id),
    )


def _keep_form(found: Referral, **options: Any) -> KeepForm:
    return KeepForm(data={"version": found.version, "kept_because": found.kept_because}, **options)


@intake.get("/residents/<int:resident_id>/referral")
@may(Part.REFERRAL)
def of_resident(resident_id: int) -> str:
    """How the resident came: referrals, what senders were told, outreach, files that became one."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.REFERRAL)
    record_read(resident, resident_id=resident.id)
    return render_template(
        "intake/of_resident.html",
        **file_context(desk, resident, "referral"),
        referrals=referrals_of(resident.id),
        contacts=contacts_of(resident_id=resident.id),
        merges=merges_of(resident.id),
        may_open=Act.WRITE in rights_of(desk, resident.id, Part.REFERRAL),
    )


def _wanted(form: ListForm, today: date) -> WantedList:
    args = request.args
    shows = ("open", "all", *WAITS, *[state.value for state in ReferralState])
    sort = args.get("sort", "received")
    return WantedList(
        q=form.q.data or "",
        show=form.show.data if form.show.data in shows else "open",
        level=form.level.data if isinstance(form.level.data, ServiceLevel) else None,
        agency_id=form.agency.data,
        sort=sort if sort in SORTS else "received",
        descending=args.get("order", "desc" if sort == "received" else "asc") == "desc",
        page=args.get("page", 1, type=int),
        waits={name: condition(today) for name, condition in WAITS.items()},
    )


def _address(**changes: Any) -> str:
    args = {**request.args.to_dict(), **changes}
    return url_for("intake.index", **{name: value for name, value in args.items() if value not in ("", None)})


def _sorts() -> list[tuple[str, str]]:
    return [
        ("received", _("Received")),
        ("name", _("Name")),
        ("agency", _("Agency")),
        ("state", _("State")),
        ("answer", _("Answer expected")),
    ]


from foyer.intake import admission_views, merge_views, outreach_views  # noqa: E402, F401  their pages join
