"""A small application of its own: components are tried without the product's pages, people or database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader

from foyer import formatting
from foyer.residents.naming import as_printed
from tests.components import sample

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Place:
    url: str
    label: str
    icon: str
    is_current: bool = False


@dataclass
class Somebody:
    display_name: str = "Ratna Wulandari"
    is_authenticated: bool = True


PLACES = [
    Place("/", "Hari ini", "sun", is_current=True),
    Place("/residents", "Warga binaan", "users"),
    Place("/cycles", "Siklus", "calendar-repeat"),
    Place("/house", "Rumah", "building-community"),
    Place("/reports", "Laporan", "chart-bar"),
]


def make_app(locale: str = "en") -> Flask:
    static = str(ROOT / "foyer" / "static")
    app = Flask("foyer", template_folder=str(ROOT / "templates"), static_folder=static)
    own = FileSystemLoader(ROOT / "tests" / "components" / "pages")
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), own])
    app.config.update(SECRET_KEY="test", TESTING=True, BABEL_DEFAULT_LOCALE=locale, WTF_CSRF_TIME_LIMIT=None)
    Babel(app, locale_selector=lambda: locale)
    CSRFProtect(app)
    formatting.register(app)
    app.add_template_filter(as_printed)  # of the residents' pages, as the whole app has it

    @app.context_processor
    def shell() -> dict[str, object]:
        return {
            "navigation": lambda: PLACES,
            "current_user": Somebody(),
            "house_name": "PSBR Taruna Jaya 1",
            "search_url": "/residents",
        }

    @app.after_request
    def strict(response):  # type: ignore[no-untyped-def]
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
        )
        return response

    app.add_url_rule("/<page>", "page", show, methods=["GET", "POST"])
    return app


def show(page: str) -> str:
    """A page of tests/components/pages; with ?bad=1 its form was sent empty."""
    form = sample.EveryField()
    if request.args.get("bad"):
        form.validate()
    return render_template(f"{page}.html", form=form, url_of="/everything?page={}".format, **sample.values())
