"""The components' own app: without the product's pages, people or database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, render_template_string

from tests.components.house import make_app


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
