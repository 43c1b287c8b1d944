"""A small application of its own: components are tried without the product's pages, people or database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect

from foyer import formatting

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
    app = Flask("foyer", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "foyer" / "static"))
    app.config.update(SECRET_KEY="test", TESTING=True, BABEL_DEFAULT_LOCALE=locale, WTF_CSRF_TIME_LIMIT=None)
    Babel(app, locale_selector=lambda: locale)
    CSRFProtect(app)
    formatting.register(app)

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

    return app


@pytest.fixture
def app() -> Flask:
    return make_app()


@pytest.fixture
def render(app: Flask) -> Callable[..., str]:
    """Renders a piece of template source inside a request."""

    def render_source(source: str, **values: object) -> str:
        with app.test_request_context("/"):
            return render_template_string(source, **values)

    return render_source
