from __future__ import annotations

import pytest
from sqlalchemy import select

from foyer.cycles.models import GroupKind, TeachingGroup
from foyer.database import db, house_scope
from foyer.residences.models import Trade
from foyer.residents.models import EducationLevel
from tests.cycles.test_views import manager as manager
from tests.cycles.test_views import text


def group(app, filled, code: str) -> dict[str, object] | None:
    with app.app_context(), house_scope(filled["house"]):
        row = db.session.scalars(select(TeachingGroup).where(TeachingGroup.code == code)).first()
        if row is None:
            return None
        return {"id": row.id, **{c.key: getattr(row, c.key) for c in TeachingGroup.__table__.columns}}


@pytest.fixture
def url(filled) -> str:
    return f"/cycles/{filled['cycle']}/groups"


def test_the_list_names_every_class_and_group_with_its_rules(manager, url):
    page = text(manager.get(url))
    assert "OTO-1 Otomotif 0 to 16 5 of 180 minutes Bengkel Otomotif 1" in page
    assert "PC-1 Paket C 0 to 30 3 of one block each" in page


def test_a_group_can_be_changed_and_a_stale_page_is_told(app, filled, manager, url):
    before = group(app, filled, "PC-1")
    values = {"code": "PC-1", "programme": "Paket C", "minimum": 2, "maximum": 33, "meetings": 3, "levels": ["smp"]}
    values |= {"parts": ["evening"], "minimum_level": "", "venue_id": filled["venue"], "instructor_id": ""}
    answer = manager.post(f"{url}/{before['id']}", data={**values, "version": before["version"]})
    assert answer.status_code == 303
    after = group(app, filled, "PC-1")
    assert (after["maximum"], after["parts"], after["venue_id"]) == (33, ["evening"], filled["venue"])
    again = manager.post(f"{url}/{before['id']}", data={**values, "maximum": 40, "version": before["version"]})
    assert again.status_code == 409
    assert group(app, filled, "PC-1")["maximum"] == 33


def test_a_class_is_added(app, filled, manager, url):
    with app.app_context(), house_scope(filled["house"]):
        trade = db.session.scalars(select(Trade.id)).first()
    values = {"code": "OTO-9", "trade_id": trade, "minimum": 4, "maximum": 12, "meetings": 5, "minutes": 180}
    answer = manager.post(f"{url}/new", data={**values, "minimum_level": "smp"})
    assert answer.status_code == 303
    made = group(app, filled, "OTO-9")
    assert (made["kind"], made["minimum_level"]) == (GroupKind.VOCATIONAL, EducationLevel.SMP)
    answer = manager.post(f"{url}/new", data=values)
    assert answer.status_code == 422
    assert "Another class or group of this cycle has this code." in text(answer)


def test_an_education_group_is_added_and_sizes_must_make_sense(app, filled, manager, url):
    values = {"code": "PB", "programme": "Paket B", "minimum": 9, "maximum": 8, "meetings": 3}
    answer = manager.post(f"{url}/new?education=1", data=values)
    assert answer.status_code == 422
    assert "must not be less than" in text(answer)
    manager.post(f"{url}/new?education=1", data={**values, "minimum": 0})
    assert group(app, filled, "PB")["kind"] is GroupKind.EDUCATION


def test_a_group_that_a_plan_uses_stays_and_another_can_go(app, filled, manager, url):
    used = group(app, filled, "PC-1")
    answer = manager.post(f"{url}/{used['id']}/remove", follow_redirects=True)
    assert "PC-1 is part of a plan, so it stays." in text(answer)
    manager.post(
        f"{url}/new?education=1", data={"code": "PB", "programme": "Paket B", "minimum": 0, "maximum": 8, "meetings": 3}
    )
    manager.post(f"{url}/{group(app, filled, 'PB')['id']}/remove")
    assert group(app, filled, "PB") is None
