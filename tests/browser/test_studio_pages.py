"""The pages of the studio, of the house and of a resident's own file at which no journey stops: opened on a phone,
sound there, and kept as pictures at both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from foyer.cycles.models import GroupKind, TeachingGroup
from foyer.cycles.opened import opened
from foyer.cycles.planning import store_plan
from foyer.cycles.queries import PLAN_JOB
from foyer.cycles.repairs import REPAIR_JOB
from foyer.database import db
from foyer.jobs.models import Run, RunState
from foyer.residences.models import Holiday, Room, Staff, Trade, Venue
from foyer.residents.models import KeepApart
from tests.browser.conftest import Served, house_of, running_plan, sign_in
from tests.browser.looking import keep_picture, look, sound, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SHORTAGE = {
    "code": "beds",
    "values": [["gender", "female"], ["night", 20], ["needed", 27], ["free", 24]],
    "residents": [],
}


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _of_a_plan(served: Served) -> dict[str, str]:
    """The addresses of a cycle's pages, by the name of the picture; a draft, and two runs that left none."""
    with house_of(served) as residence:
        published = running_plan()
        known = opened(published)
        draft = store_plan(published.cycle, known.problem, known.answer)
        own = {"residence_id": residence.id, "parameters": {"cycle_id": published.cycle_id}, "state": RunState.DONE}
        ended = Run(kind=PLAN_JOB, result={"outcome": "out_of_time"}, **own)
        unmended = Run(kind=REPAIR_JOB, result={"outcome": "infeasible", "shortages": [SHORTAGE]}, **own)
        db.session.add_all([ended, unmended])
        db.session.flush()
        vocational = select(TeachingGroup.id).where(TeachingGroup.kind == GroupKind.VOCATIONAL)
        group = db.session.scalars(vocational.where(TeachingGroup.cycle_id == published.cycle_id)).first()
        cycle = f"/cycles/{published.cycle_id}"
        plan = f"{cycle}/plans/{draft.id}"
        return {
            "studio-cycles": "/cycles",
            "studio-groups": f"{cycle}/groups",
            "studio-group": f"{cycle}/groups/{group}",
            "studio-group-new": f"{cycle}/groups/new",
            "studio-residents": f"{plan}/residents",
            "studio-name": f"{plan}/name",
            "studio-discard": f"{plan}/discard",
            "studio-run-ended": f"{cycle}/runs/{ended.id}",
            "studio-repair-none": f"{cycle}/repair/runs/{unmended.id}",
            **{f"studio-print-{kind}": f"{plan}/prints/{kind}" for kind in ("classes", "residents", "staff", "poster")},
            "studio-figures": plan,
        }


def _of_the_house(served: Served) -> dict[str, str]:
    rows: dict[str, Any] = {"room": Room, "staff": Staff, "venue": Venue, "trade": Trade, "holiday": Holiday}
    lists = {"room": "rooms", "staff": "staff", "venue": "venues", "trade": "trades", "holiday": "holidays"}
    with house_of(served):
        one = {kind: db.session.scalars(select(model.id).order_by(model.id)).first() for kind, model in rows.items()}
        pair = db.session.scalars(select(KeepApart.id).order_by(KeepApart.id)).first()
    return {
        "house-index": "/house",
        **{f"house-{name}": f"/house/{name}" for name in lists.values()},
        **{f"house-{kind}-one": f"/house/{lists[kind]}/{one[kind]}" for kind in rows},
        "house-settings": "/house/settings",
        "house-pairs": "/pairs",
        "house-pair-one": f"/pairs/{pair}",
    }


def _one_sheet(page: Page) -> None:
    """A few sheets are as good as a hundred and twelve."""
    page.locator(".sheet").evaluate_all("sheets => sheets.slice(6).forEach(sheet => sheet.remove())")


def _walk(page: Page, addresses: dict[str, str]) -> None:
    for picture, address in addresses.items():
        answer = page.goto(address)
        assert answer
        assert answer.ok, f"{address}: {answer.status}"
        assert page.url.endswith(address), f"{address} leads elsewhere"
        _one_sheet(page)
        sound(page)
        keep_picture(page, picture)


def test_every_page_of_the_studio_and_the_house_is_sound_on_a_phone(served: Served, open_page: OpenPage) -> None:
    studio, house = _of_a_plan(served), _of_the_house(served)
    page = open_page(width=390, height=844)
    sign_in(page, served.username, served.password)
    speak(page, "id")
    page.goto(studio.pop("studio-figures"))
    look(page, "studio-figures", at=".nights")
    page.goto(house.pop("house-index"))
    look(page, "house-index")
    _walk(page, studio | house)


def test_a_resident_s_own_file_is_sound_on_a_phone(served: Served, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    sign_in(page, "warga", served.password)
    page.goto("/my-file")
    look(page, "file-own")
