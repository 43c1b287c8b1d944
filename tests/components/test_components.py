"""Each macro says what it must; how it looks is tried in the browser tests beside."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from types import SimpleNamespace

import html5lib
import pytest
from flask import Flask, flash, render_template, render_template_string
from flask_babel import force_locale

from foyer.cycles.models import CycleState, PlanState
from foyer.jobs.models import RunState
from foyer.scheduling.plan import Outcome
from tests.components.sample import NIGHTS, POINTS, EveryField, week, wings

Render = Callable[..., str]


@pytest.mark.parametrize("page", ["everything", "everything?bad=1", "resident", "generating"])
def test_pages_made_of_the_components_are_valid_html(app: Flask, page: str) -> None:
    response = app.test_client().get(f"/{page}")
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True).parse(response.text)


def test_the_title_starts_with_the_heading(render: Render) -> None:
    page = render('{% extends "base.html" %}{% block heading %}Beds &amp; rooms{% endblock %}')
    assert "<title>Beds &amp; rooms – Foyer</title>" in page
    assert page.count("<h1") == 1


def test_the_shell_marks_where_one_is_and_offers_signing_out(render: Render) -> None:
    page = render('{% extends "base.html" %}')
    assert page.count('aria-current="page"') == 1
    assert "Ratna Wulandari" in page
    assert 'action="/sign-out"' in page


def test_a_signed_out_page_has_no_places_and_no_person(app: Flask) -> None:
    app.context_processor(lambda: {"current_user": SimpleNamespace(is_authenticated=False)})
    with app.test_request_context("/"):
        page = render_template_string('{% extends "base_alone.html" %}')
    assert "<nav" not in page
    assert "sign-out" not in page
    assert 'name="locale"' in page


@pytest.mark.parametrize("code", [403, 404, 409, 413, 429, 500])
def test_error_pages_say_what_happened_and_lead_on(app: Flask, code: int) -> None:
    with app.test_request_context("/"):
        page = render_template(f"errors/{code}.html")
    assert page.count("<p>") >= 2
    assert 'href="/"' in page


def test_the_page_for_our_own_faults_does_not_ask_who_is_signed_in(app: Flask) -> None:
    class Broken:
        @property
        def is_authenticated(self) -> bool:
            raise RuntimeError("the database is away")

    app.context_processor(lambda: {"current_user": Broken()})
    with app.test_request_context("/"):
        assert "Something went wrong" in render_template("errors/500.html")


def test_flashed_words_are_announced(app: Flask) -> None:
    with app.test_request_context("/"):
        flash("Saved.")
        page = render_template_string('{% extends "base.html" %}')
    assert 'role="status"' in page
    assert "callout--good" in page
    assert "Saved." in page


FORM = """{% from "components/form.html" import field, form_for %}
{% call form_for(form, submit="Save") %}{% for f in form if f.name in names %}{{ field(f) }}{% endfor %}{% endcall %}"""


def test_a_form_brings_its_token_and_names_its_problems(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = EveryField()
        form.validate()
        page = render_template_string(FORM, form=form, names=["name", "gender"])
    assert 'name="csrf_token"' in page
    assert 'href="#name"' in page
    assert 'href="#gender-0"' in page
    assert 'aria-describedby="name-error"' in page
    assert 'aria-invalid="true"' in page


def test_a_hint_is_tied_to_its_field(render: Render, app: Flask) -> None:
    with app.test_request_context("/"):
        page = render_template_string(FORM, form=EveryField(), names=["born_on", "agreed"])
    assert 'id="born_on-hint"' in page
    assert 'aria-describedby="born_on-hint"' in page
    assert 'aria-describedby="agreed-hint"' in page
    assert "(optional)" in page


def test_a_status_has_one_wording_wherever_it_comes_from(render: Render) -> None:
    source = '{% from "components/status.html" import status_tag %}{{ status_tag(state) }}'
    assert "Published" in render(source, state="published")
    assert "Published" in render(source, state=SimpleNamespace(value="published"))
    assert "something new" in render(source, state="something_new")


@pytest.mark.parametrize("state", [*CycleState, *PlanState, *RunState, *Outcome], ids=str)
def test_every_state_of_a_cycle_a_plan_and_a_run_has_words(app: Flask, state: Enum) -> None:
    source = '{% from "components/status.html" import status_tag %}{{ status_tag(state) }}'
    with app.test_request_context("/"), force_locale("en"):
        tag = render_template_string(source, state=state)
    assert f">{state.value.replace('_', ' ')}<" not in tag


def test_no_wish_is_told_by_colour_alone(render: Render) -> None:
    source = '{% from "components/status.html" import wish_mark %}{{ wish_mark(rank, short=true) }}'
    assert "1st choice" in render(source, rank=1)
    assert "none of the choices" in render(source, rank=None)


def test_beds_are_counted_in_words(render: Render) -> None:
    page = render('{% from "components/beds.html" import bed_strip %}{{ bed_strip(wings) }}', wings=wings())
    assert "27 of 30 taken, 2 free, 1 reserved, kamar putri" in page
    assert page.count("bed--out") == 3


def test_an_empty_week_is_no_accident(render: Render) -> None:
    source = '{% from "components/week.html" import week_table %}{{ week_table(week, "Week") }}'
    page = render(source, week=SimpleNamespace(days=[], rows=[]))
    assert "<table" in page


def test_a_week_names_its_protected_time_and_fridays_own_hours(render: Render) -> None:
    source = '{% from "components/week.html" import week_table %}{{ week_table(week, "Week") }}'
    page = render(source, week=week())
    table = page[: page.index("</table>")]
    assert table.count("Ibadah pagi") == 1
    assert "11.30–13.15" in table
    assert "15.30–16.15" in table
    assert "Isra Mikraj" in table


def test_a_chart_keeps_its_figures_in_a_table(render: Render) -> None:
    source = '{% from "components/charts.html" import night_chart %}{{ night_chart(nights, 120, "Beds") }}'
    page = render(source, nights=NIGHTS)
    assert "<table" in page
    assert "Monday, 4 January 2027" in page


def test_a_house_without_beds_draws_no_broken_bar(render: Render) -> None:
    source = '{% from "components/charts.html" import progress_bar %}{{ progress_bar(0, 0, "Nothing yet") }}'
    assert "bar-fill" not in render(source)


def test_progress_without_a_score_yet_shows_words_only(render: Render) -> None:
    source = '{% from "components/progress.html" import progress_chart %}{{ progress_chart(points, "Searching.") }}'
    assert "data-progress-chart" not in render(source, points=POINTS[:1])
    assert "data-progress-chart" in render(source, points=POINTS)
    assert "Searching." in render(source, points=[])
