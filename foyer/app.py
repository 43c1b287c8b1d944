"""Puts the application together."""

from __future__ import annotations

from typing import Any

from flask import Flask, request, session
from flask_login import current_user

from foyer import formatting
from foyer.accounts.access import init_access
from foyer.accounts.passwords import init_passwords
from foyer.audit.trail import init_trail
from foyer.compressing import init_compression
from foyer.config import Settings, flask_config
from foyer.database import db, init_database
from foyer.error_pages import init_error_pages
from foyer.extensions import babel, csrf, limiter, login_manager, migrate
from foyer.logs import init_logs
from foyer.paging import page_address, this_list
from foyer.paths import shipped
from foyer.security import init_security
from foyer.serving.assets import serve_assets, static_url_path
from foyer.shell import init_shell
from foyer.wording import init_wording


def build(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Make the app, bind its extensions and register every package's pages."""
    app = Flask("foyer", template_folder=str(shipped("templates")), static_url_path=static_url_path())
    app.config.update(flask_config(settings or Settings()))
    app.config.update(overrides)
    init_compression(app)
    init_logs(app)
    init_security(app)
    init_trail()
    _import_models()
    init_database(app)
    migrate.init_app(app, db, directory=str(shipped("migrations")), render_as_batch=True, compare_type=True)
    babel.init_app(app, locale_selector=choose_locale)
    csrf.init_app(app)
    limiter.init_app(app)
    _init_sign_in(app)
    formatting.register(app)
    init_passwords(app)
    init_shell(app)
    init_error_pages(app)
    _register_pages(app)
    init_access(app)
    init_wording(app)
    serve_assets(app)
    return app


def choose_locale() -> str:
    """The person's setting, then the session's choice, then the browser's wish, then Indonesian."""
    from flask import current_app

    languages = current_app.config["LANGUAGES"]
    if current_user and current_user.is_authenticated and current_user.language in languages:
        return str(current_user.language)
    if session.get("language") in languages:
        return str(session["language"])
    return request.accept_languages.best_match(languages) or str(current_app.config["BABEL_DEFAULT_LOCALE"])


def _init_sign_in(app: Flask) -> None:
    from foyer.accounts.services import find_user

    login_manager.init_app(app)
    login_manager.session_protection = "basic"

    @login_manager.user_loader
    def load_user(token: str) -> Any:
        user_id, _, stamp = token.partition(":")
        user = find_user(int(user_id)) if user_id.isdigit() else None
        return user if user and user.is_active and user.session_stamp == stamp else None


def _import_models() -> None:
    """Every table must be known before the first query or migration."""
    import foyer.accounts.models
    import foyer.atensi.models
    import foyer.audit.models
    import foyer.breaches.models
    import foyer.care.models
    import foyer.caseload.models
    import foyer.caseload.notices
    import foyer.concerns.models
    import foyer.counselling.models
    import foyer.cycles.collecting
    import foyer.cycles.decisions
    import foyer.cycles.interruptions
    import foyer.cycles.models
    import foyer.incidents.models
    import foyer.intake.models
    import foyer.jobs.models
    import foyer.leaving.aftercare_models
    import foyer.leaving.destruction_models
    import foyer.leaving.models
    import foyer.leaving.transfer_models
    import foyer.own.models
    import foyer.papers.models
    import foyer.registers.models
    import foyer.residences.checks
    import foyer.residences.models
    import foyer.residents.aptitude
    import foyer.residents.attachments
    import foyer.residents.consent
    import foyer.residents.disclosing
    import foyer.residents.family
    import foyer.residents.models
    import foyer.residents.ppks
    import foyer.residents.restriction
    import foyer.together.models
    import foyer.training.models
    import foyer.training.progress_models
    import foyer.unsent.models
    import foyer.voices.models
    import foyer.workbooks.models  # noqa: F401


def _register_pages(app: Flask) -> None:
    """One line a package: its blueprint, or its ``init_app``."""
    from foyer.accounts.views import pages as accounts
    from foyer.administration.views import pages as administration
    from foyer.atensi.views import pages as atensi
    from foyer.breaches.views import breaches
    from foyer.care.dues import register as register_care_dues
    from foyer.care.pages import care
    from foyer.caseload.notices import staff_notices
    from foyer.concerns.views import concerns
    from foyer.conferring.views import conferring
    from foyer.copies.views import pages as copies
    from foyer.counselling.views import counselling
    from foyer.cycles.readiness import add_source
    from foyer.cycles.views import init_pages as init_cycles
    from foyer.files.destruction_views import destructions
    from foyer.files.views import residents
    from foyer.guide.views import init_guide
    from foyer.health import pages as health
    from foyer.history.views import pages as history
    from foyer.incidents.views import incidents
    from foyer.intake.readiness import waiting_people
    from foyer.intake.views import intake
    from foyer.leaving.views import leaving
    from foyer.own.views import own
    from foyer.papers.views import pages as papers
    from foyer.privacy.views import pages as privacy
    from foyer.registers.views import registers
    from foyer.residences.views import residences
    from foyer.residents.views import pairs
    from foyer.today.views import today
    from foyer.together.referral_views import pages as many_referrals
    from foyer.together.views import pages as together
    from foyer.training.views import training
    from foyer.unsent.views import init_unsent
    from foyer.voices.views import voices
    from foyer.workbooks.readiness import waiting_rows
    from foyer.workbooks.views import pages as workbooks

    packages = (
        accounts,
        administration,
        health,
        workbooks,
        residences,
        pairs,
        residents,
        care,
        counselling,
        training,
        leaving,
        destructions,
        incidents,
        breaches,
        atensi,
        registers,
        own,
        intake,
        conferring,
        concerns,
        voices,
        papers,
        copies,
        history,
        privacy,
        many_referrals,
        together,
        today,
    )  # fmt: skip  one a line: packages are added by several people at once
    for pages in packages:
        app.register_blueprint(pages)
    init_unsent(app)
    init_cycles(app)
    app.jinja_env.globals.update(staff_notices=staff_notices, this_list=this_list, page_address=page_address)
    init_guide(app)
    add_source(waiting_rows)
    register_care_dues()
    add_source(waiting_people)
