"""/administration: the administrator's pages about who gets in. Names only, never a resident's file."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.lockout import find_lock
from foyer.accounts.models import Role, User
from foyer.accounts.services import UsernameTaken, UsernameUnfit, end_sessions
from foyer.accounts.slips import IssuedSlip
from foyer.administration import services
from foyer.administration.forms import ROLE_LABELS, AccountForm, ListForm, NewAccountForm, SlipsForm
from foyer.administration.services import SlipGroup, Wanted
from foyer.clock import today_in
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound
from foyer.qr import qr_code
from foyer.residences.models import Residence

pages = Blueprint("administration", __name__, url_prefix="/administration")

Page = str | Response | tuple[str, int]
_BATCHES_KEPT = 20


@pages.get("")
@allow(Role.ADMINISTRATOR)
def index() -> str:
    """The accounts of the house."""
    form = ListForm(request.args)
    role = form.role.data if form.role.data in ROLE_LABELS else None
    wanted = Wanted(
        text=form.q.data or "",
        role=Role(role) if role else None,
        is_enabled={"open": True, "closed": False}.get(form.state.data or ""),
        page=request.args.get("page", 1, type=int),
    )
    found = services.list_accounts(_house_id(), wanted)
    kept: dict[str, Any] = {name: request.args[name] for name in ("q", "role", "state") if request.args.get(name)}
    return render_template(
        "administration/index.html",
        form=form,
        found=found,
        is_narrowed=bool(wanted.text or wanted.role or wanted.is_enabled is not None),
        role_labels=ROLE_LABELS,
        office=services.office_names(_house_id()),
        page_address=lambda number: url_for(".index", **kept, page=number),
    )


def _house_id() -> int:
    if g.residence_id is None:
        raise NotFound("Residence")
    return int(g.residence_id)


def _house() -> Residence:
    house = db.session.get(Residence, _house_id())
    assert house is not None
    return house


@pages.route("/accounts/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def new_account() -> Page:
    """Make an account; its owner gets in with a slip."""
    form = NewAccountForm()
    _offer_people(form, None)
    if form.validate_on_submit():
        try:
            user = services.create_account(
                residence_id=_house_id(),
                username=form.username.data or "",
                display_name=form.display_name.data or "",
                role=Role(form.role.data),
                person=services.find_person(form.person.data or ""),
            )
        except FoyerError as refusal:
            _say_refusal(form, refusal)
        else:
            db.session.commit()
            flash(_("The account of %(name)s is made. Now print a slip for it.", name=user.display_name))
            return redirect(url_for(".account", user_id=user.id))
    return render_template("administration/new_account.html", form=form), 422 if form.errors else 200


@pages.route("/accounts/<int:user_id>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def account(user_id: int) -> Page:
    """One account: change it, print a slip, lift a pause, sign it out, close it."""
    user = services.account_in_house(_house_id(), user_id)
    form = AccountForm(obj=user, data={"person": services.person_key(services.person_of(user))})
    _offer_people(form, user)
    if form.validate_on_submit():
        try:
            services.change_account(
                user,
                display_name=form.display_name.data or "",
                role=Role(form.role.data),
                person=services.find_person(form.person.data or ""),
                version=form.version.data,  # type: ignore[arg-type]
            )
        except FoyerError as refusal:
            _say_refusal(form, refusal)
        else:
            db.session.commit()
            flash(_("The account of %(name)s is changed.", name=user.display_name))
            return redirect(url_for(".account", user_id=user.id))
    return _account_page(user, form), 422 if form.errors else 200


def _account_page(user: User, form: AccountForm) -> str:
    lock = find_lock(user.username)
    is_paused = bool(lock and lock.locked_until and lock.locked_until > utc_now())
    return render_template(
        "administration/account.html", user=user, form=form, is_paused=is_paused, batch=secrets.token_hex(8)
    )


def _offer_people(form: AccountForm, user: User | None) -> None:
    staff, residents = services.people_without_account(user)
    form.offer(
        [(services.person_key(person), person.full_name) for person in staff],
        [(services.person_key(person), services.shown_name(person)) for person in residents],
    )


def _say_refusal(form: Any, refusal: FoyerError) -> None:
    sentences: dict[type[FoyerError], tuple[Any, str]] = {
        services.PersonMissing: (
            form.person,
            _("Please choose whose account this is: people in this role see their own things."),
        ),
        services.PersonUnfit: (
            form.person,
            _("Role and person do not fit: a resident's account belongs to a resident, all others to staff."),
        ),
        services.PersonTaken: (form.person, _("This person has another account already.")),
        services.LastAdministrator: (
            form.role,
            _("This is the only administrator of the house. Make another one first."),
        ),
        services.HeldByOffice: (None, _("The office above the house closed this account. Only the office opens it.")),
    }
    if "username" in form:
        sentences[UsernameTaken] = (form.username, _("Another account has this user name. Please choose another."))
        sentences[UsernameUnfit] = (
            form.username,
            _("A user name has 3 to 40 small letters, digits, dots or hyphens and begins with a letter."),
        )
    if type(refusal) not in sentences:
        raise refusal
    db.session.rollback()
    form.refuse(*sentences[type(refusal)])


@pages.post("/accounts/<int:user_id>/slip")
@allow(Role.ADMINISTRATOR)
def account_slip(user_id: int) -> Page:
    """Print a slip for one account."""
    user = services.account_in_house(_house_id(), user_id)
    if not user.is_active:
        flash(_("This account is closed. Open it before you print a slip."), "attention")
        return redirect(url_for(".account", user_id=user.id))
    if _was_sent_before():
        return _sent_already(url_for(".account", user_id=user.id))
    issued = services.issue_account_slip(user)
    db.session.commit()
    _note_sending()
    return _printed([issued])


@pages.post("/accounts/<int:user_id>/pause")
@allow(Role.ADMINISTRATOR)
def lift_pause(user_id: int) -> Response:
    """Let the account try again at once."""
    user = services.account_in_house(_house_id(), user_id)
    services.lift_pause(user)
    db.session.commit()
    flash(_("%(name)s can try to sign in again at once.", name=user.display_name))
    return redirect(url_for(".account", user_id=user.id))


@pages.post("/accounts/<int:user_id>/sessions")
@allow(Role.ADMINISTRATOR)
def end_all_sessions(user_id: int) -> Response:
    """Sign the account out everywhere, for instance after a phone was lost."""
    user = services.account_in_house(_house_id(), user_id)
    end_sessions(user)
    db.session.commit()
    flash(_("%(name)s is signed out on all devices.", name=user.display_name))
    return redirect(url_for(".account", user_id=user.id))


@pages.post("/accounts/<int:user_id>/closed")
@allow(Role.ADMINISTRATOR)
def set_closed(user_id: int) -> Response:
    """Close the account, or open it again."""
    user = services.account_in_house(_house_id(), user_id)
    if request.form.get("closed") != "yes":
        services.open_account(user)
        flash(_("The account of %(name)s is open again.", name=user.display_name))
    else:
        try:
            services.close_account(user)
            flash(_("The account of %(name)s is closed. Nothing was deleted.", name=user.display_name))
        except services.LastAdministrator:
            flash(_("This is the only administrator of the house. Make another one first."), "attention")
    db.session.commit()
    return redirect(url_for(".account", user_id=user.id))


@pages.route("/slips", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def slips() -> Page:
    """Slips for many at once."""
    today = today_in(_house().time_zone)
    form = SlipsForm()
    counts = services.count_slip_groups(today=today)
    form.offer(counts)
    if form.is_submitted() and _was_sent_before():
        return _sent_already(url_for(".slips"))
    if form.validate_on_submit():
        issued = services.issue_group_slips(SlipGroup(form.group.data), residence_id=_house_id(), today=today)
        db.session.commit()
        _note_sending()
        return _printed(issued)
    form.batch.data = secrets.token_hex(8)
    page = render_template("administration/slips.html", form=form, total=sum(counts.values()))
    return page, 422 if form.errors else 200


def _was_sent_before() -> bool:
    """Whether this page's form arrives again: reloading the printed sheet must not make new codes."""
    batch = request.form.get("batch", "")
    return not batch or batch in session.get("slip_batches", [])


def _note_sending() -> None:
    session["slip_batches"] = [*session.get("slip_batches", []), request.form["batch"]][-_BATCHES_KEPT:]


def _sent_already(back: str) -> Response:
    flash(
        _("These slips were made already, and their codes are shown only once. If the sheet is lost, make new slips."),
        "attention",
    )
    return redirect(back)


def _printed(issued: Sequence[IssuedSlip]) -> Page:
    """The sheet to print. The only answer in which the codes ever appear; no browser may keep it. The slips speak the
    house's language, whatever the administrator's."""
    address = url_for("accounts.slip", _external=True)
    language = current_app.config["BABEL_DEFAULT_LOCALE"]
    with force_locale(language):
        slips = render_template(
            "administration/_slips.html",
            sheet=[(slip, qr_code(f"{address}#{slip.code}")) for slip in issued],
            address=address.split("://", 1)[-1],
            language=language,
            expires_on=issued[0].slip.expires_at.date() if issued else None,
        )
    page = render_template(
        "administration/print_slips.html",
        slips=Markup(slips) if issued else None,
        is_local=urlsplit(address).hostname in ("localhost", "127.0.0.1", "::1"),
        heading=ngettext("%(count)s sign-in slip", "%(count)s sign-in slips", len(issued), count=len(issued)),
    )
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
