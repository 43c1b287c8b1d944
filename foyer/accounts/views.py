"""Signing in and out, slips, one's own password, the language, the house that the office looks at."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from foyer.accounts import services, slips
from foyer.accounts.access import EVERYBODY, allow, allow_anyone
from foyer.accounts.forms import ChangePasswordForm, ChoosePasswordForm, SignInForm, SlipForm
from foyer.accounts.lockout import AccountLocked
from foyer.accounts.models import Role, User
from foyer.accounts.passwords import Weakness, WeakPassword, passwords, shortest
from foyer.audit.services import act_as
from foyer.database import db, utc_now
from foyer.extensions import limiter

pages = Blueprint("accounts", __name__)

Page = str | Response | tuple[str, int]

# Wrong entries only: a whole house signs in from one address on its first morning.
_wrong_entries = limiter.shared_limit(
    lambda: current_app.config["FOYER"].wrong_entries,
    scope="wrong-entries",
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 422,
)
_SLIP_MINUTES = 15  # to choose a password after the code was entered


def local_path(wanted: str | None) -> str:
    """``wanted`` if it is a path of this site, else the first page: nobody is sent elsewhere after signing in."""
    is_path = wanted and wanted.startswith("/") and not wanted.startswith("//")
    if not wanted or not is_path or "\\" in wanted or any(ord(letter) < 32 for letter in wanted):
        return "/"
    return wanted


@pages.route("/sign-in", methods=["GET", "POST"])
@allow_anyone
@_wrong_entries
def sign_in() -> Page:
    """Name and password."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(local_path(request.args.get("next")))
    form = SignInForm()
    if form.validate_on_submit():
        user = _try_sign_in(form)
        if user:
            _enter(user, remember=bool(form.remember.data))
            return redirect(local_path(request.args.get("next")))
    is_new = not services.has_administrator()
    return render_template("accounts/sign_in.html", form=form, is_new=is_new), 422 if form.errors else 200


def _try_sign_in(form: SignInForm) -> User | None:
    """The account, if name and password are right and it is open; else the form says what to do."""
    try:
        attempt = services.begin_sign_in(form.username.data or "")
        db.session.commit()  # counted, and the database let go before the slow part
    except AccountLocked as locked:
        form.refuse(None, _pause_sentence(locked.until))
        return None
    is_right = passwords().matches(form.password.data or "", attempt.password_hash)
    user = services.finish_sign_in(attempt, is_right=is_right)
    db.session.commit()
    if user is None:
        form.refuse(None, _("User name and password do not belong together."))
        if attempt.locked_until:
            form.refuse(None, _pause_sentence(attempt.locked_until))
    elif not user.is_active:
        form.refuse(None, _("This account is closed. Please ask the person who looks after the accounts."))
        return None
    return user


def _pause_sentence(until: datetime) -> str:
    minutes = max(1, math.ceil((until - utc_now()).total_seconds() / 60))
    return ngettext(
        "After several wrong passwords there is a pause. Please try again in %(minutes)s minute.",
        "After several wrong passwords there is a pause. Please try again in %(minutes)s minutes.",
        minutes,
        minutes=minutes,
    )


def _enter(user: User, *, remember: bool = False) -> None:
    """Begin a new session: nothing of the one before survives but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    login_user(user, remember=remember and user.role is Role.RESIDENT)


@pages.post("/sign-out")
@allow_anyone
def sign_out() -> Response:
    """End this session here."""
    language = session.get("language")
    logout_user()
    marks = {key: session[key] for key in ("_remember", "_remember_seconds") if key in session}  # clears the cookie
    session.clear()
    session.update(marks)
    if language:
        session["language"] = language
    flash(_("You are signed out."))
    return redirect(url_for("accounts.sign_in"))


@pages.route("/slip", methods=["GET", "POST"])
@allow_anyone
@_wrong_entries
def slip() -> Page:
    """Enter the code of a sign-in slip. The printed QR code carries it behind a #, which browsers never send: so it is
    in no log and no Referer; a small script puts it into the field."""
    form = SlipForm()
    if form.validate_on_submit():
        try:
            found = slips.slip_for_code(form.code.data or "")
        except slips.SlipRefused:
            form.refuse(
                form.code,
                _("This code opens nothing: it may be mistyped, used already, or too old. Please ask for a new slip."),
            )
        else:
            session["slip"] = [found.id, int(utc_now().timestamp())]
            return redirect(url_for("accounts.choose_password"))
    return render_template("accounts/slip.html", form=form), 422 if form.errors else 200


@pages.route("/slip/password", methods=["GET", "POST"])
@allow_anyone
def choose_password() -> Page:
    """Choose a password after a slip's code; the slip is used up by this, and the person is signed in."""
    try:
        found, user = slips.open_slip(_slip_of_session())
    except slips.SlipRefused:
        flash(_("Please enter the code of your slip."), "info")
        return redirect(url_for("accounts.slip"))
    form = ChoosePasswordForm()
    if form.validate_on_submit():
        act_as(actor_id=user.id, residence_id=user.residence_id)
        if _give_password(form, user):
            slips.use_slip(found, user)
            services.note_sign_in(user)
            db.session.commit()
            _enter(user)
            flash(_("Your password is set. From now on you sign in with your user name and this password."))
            return redirect("/")
    page = render_template("accounts/choose_password.html", form=form, user=user, fewest=shortest(user.role))
    return page, 422 if form.errors else 200


def _slip_of_session() -> int:
    found_id, entered = session.get("slip") or (0, 0)
    if utc_now() - datetime.fromtimestamp(entered, utc_now().tzinfo) > timedelta(minutes=_SLIP_MINUTES):
        raise slips.SlipRefused
    return int(found_id)


def _give_password(form: ChoosePasswordForm, user: User) -> bool:
    try:
        services.set_password(user, form.password.data or "")
    except WeakPassword as weak:
        form.refuse(form.password, _weakness_sentence(weak.weakness, user.role))
        return False
    return True


def _weakness_sentence(weakness: Weakness, role: Role) -> str:
    fewest = shortest(role)
    return {
        Weakness.SHORT: ngettext(
            "The password must have at least %(fewest)s character.",
            "The password must have at least %(fewest)s characters.",
            fewest,
            fewest=fewest,
        ),
        Weakness.LONG: _("The password is too long."),
        Weakness.COMMON: _("Many people use this password, so it is guessed first. Please choose another."),
        Weakness.NAME: _("Your name is easy to guess for anybody who knows you. Please choose another password."),
        Weakness.PATTERN: _("A simple row or repetition is easy to guess. Please choose another password."),
    }[weakness]


@pages.route("/account/password", methods=["GET", "POST"])
@allow(*EVERYBODY)
@_wrong_entries
def change_password() -> Page:
    """Change one's own password; every other session of the account ends."""
    user = services.find_user(current_user.id)
    form = ChangePasswordForm()
    if user and form.validate_on_submit() and _change_password(form, user):
        _enter(user)
        flash(_("Your password is changed. You are signed out on all other devices."))
        return redirect("/")
    page = render_template("accounts/change_password.html", form=form, user=user, fewest=shortest(current_user.role))
    return page, 422 if form.errors else 200


def _change_password(form: ChangePasswordForm, user: User) -> bool:
    try:
        services.change_password(user, current=form.current.data or "", new=form.password.data or "")
    except services.WrongPassword:
        form.refuse(form.current, _("The present password is not right."))
    except WeakPassword as weak:
        form.refuse(form.password, _weakness_sentence(weak.weakness, user.role))
    db.session.commit()  # a wrong present password is written down as well
    return not form.errors


@pages.post("/language")
@allow_anyone
def language() -> Response:
    """Switch the language and stay on the page."""
    wanted = request.form.get("locale", "")
    if wanted in current_app.config["LANGUAGES"]:
        session["language"] = wanted
        if current_user.is_authenticated:
            services.choose_language(current_user, wanted)
            db.session.commit()
    return redirect(local_path(request.form.get("next")))


@pages.post("/choose-house")
@allow(Role.OFFICE)
def choose_house() -> Response:
    """Look at another house of the office."""
    wanted = request.form.get("residence_id", type=int)
    if wanted in g.residence_ids:
        session["residence_id"] = wanted
    return redirect("/")
