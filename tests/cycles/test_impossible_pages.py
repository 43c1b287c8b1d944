"""The pages of an impossible run: what they say first, what is told once, where a person does what no button can."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from foyer.database import db, house_scope
from foyer.jobs.models import Run
from foyer.scheduling.plan import Shortage
from foyer.scheduling.relaxing.forms import Relaxation
from tests.cycles.test_drafts import manager  # noqa: F401
from tests.cycles.test_views import text
from tests.cycles.test_ways import found, impossible_run

SHORT = [
    (
        [("class_not_offered", ())],
        "1 thing is short. It was found by counting, so no search can get round it.",
        "Ada 1 hal yang kurang. Ini diketahui dengan menghitung, jadi mencari lebih lama pun tidak akan mengatasinya.",
    ),
    (
        [("class_not_offered", ()), ("counsellor_capacity", (("needed", 8), ("free", 3)))],
        "2 things are short. They were found by counting, so no search can get round them.",
        "Ada 2 hal yang kurang. Ini diketahui dengan menghitung, jadi mencari lebih lama pun tidak akan mengatasinya.",
    ),
    (
        [],
        "Every single thing is enough by itself, but the rules together leave no room: keep-apart pairs, minimum "
        "sizes and places exclude each other.",
        "Masing-masing hal sudah cukup, tetapi semua aturan bersama-sama tidak menyisakan ruang: pasangan terpisah, "
        "jumlah terkecil, dan tempat saling meniadakan.",
    ),
]


@pytest.mark.parametrize(("short", "english", "indonesian"), SHORT, ids=["one", "two", "none"])
def test_an_impossible_run_first_says_how_much_is_short(app, filled, manager, short, english, indonesian):  # noqa: F811
    page = f"/cycles/{filled['cycle']}/runs/{short_run(app, filled, short)}"
    for language, sentence in (("en", english), ("id", indonesian)):
        with manager.session_transaction() as session:
            session["language"] = language
        assert sentence in text(manager.get(page))


def short_run(app, filled, short) -> int:
    run_id = impossible_run(app, filled)
    with app.app_context(), house_scope(filled["house"]):
        shortages = [asdict(Shortage(code, values)) for code, values in short]
        db.session.get_one(Run, run_id).result = {"outcome": "infeasible", "shortages": shortages}
        db.session.commit()
    return run_id


def test_places_that_are_short_for_some_and_for_all_are_told_once(app, filled, manager):  # noqa: F811
    """Counting finds the same classes short for 84 residents, and again for 112 with those 84 among them."""
    groups = ("groups", str(filled["class"]))
    seats = [("class_seats", (groups, ("needed", needed), ("free", 66))) for needed in (84, 112)]
    page = text(manager.get(f"/cycles/{filled['cycle']}/runs/{short_run(app, filled, seats)}"))
    assert "1 thing is short." in page
    assert "112 residents can only join OTO-1; places there: 66." in page
    assert "84 residents" not in page


STAFF = ("who", "staff")
BY_HAND = [
    (("need_unmet", (("need", "class"), ("subject", ""), ("amount", 1))), "/groups", "Open classes and groups"),
    (
        ("hours", (("kind", "instructor"), ("who", "staff"), ("periods", ""))),
        "/house/staff/{staff}",
        "Open the page of",
    ),
    (("hours", (("kind", "resident"), ("periods", ""))), "/stays/", "Open the stay of"),
    (("hours", (("kind", "venue"), ("who", "1"), ("periods", ""))), "/house/venues", "Open places"),
    (("beds", (("gender", "female"), ("from", 0), ("to", 7), ("amount", 1))), "/house/rooms", "Open rooms"),
]


@pytest.mark.parametrize(("step", "page", "words"), BY_HAND, ids=["need", "staff", "resident", "venue", "beds"])
def test_what_no_button_does_has_a_link_to_the_page_where_it_is_done(app, filled, manager, step, page, words):  # noqa: F811
    code, values = step
    named = tuple((key, str(filled["counsellor"]) if value == "staff" else value) for key, value in values)
    run_id = found(app, filled, Relaxation(code, named, (str(filled["enrolment"]),), 3.0))
    told = manager.get(f"/cycles/{filled['cycle']}/ways/{run_id}").get_data(as_text=True)
    assert "No button can do this" in told
    here = re.escape(page.format(staff=filled["counsellor"]))
    (url,) = re.findall(rf'href="([^"]*{here}[^"]*)"[^>]*>(?:\s|<svg.*?</svg>)*{words}', told, re.DOTALL)
    assert manager.get(url).status_code == 200
