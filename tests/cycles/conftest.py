from __future__ import annotations

from collections.abc import Iterator

import pytest

from foyer.accounts.models import Role
from foyer.cycles.models import Plan
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, make_house
from tests.factories import make_user


@pytest.fixture
def home(app) -> Iterator[House]:
    """A small house that can be planned, inside a request of nobody's."""
    with app.test_request_context("/"):
        home = make_house(8)
        with house_scope(home.residence.id):
            yield home


@pytest.fixture
def filled(app) -> dict[str, int]:
    """The ids of a committed house with a manager, and of a draft made by hand."""
    with app.app_context():
        home = make_house(8)
        with house_scope(home.residence.id):
            manager = make_user(home.residence, Role.MANAGER)
            problem = build_problem(home.cycle)
            draft = store_plan(home.cycle, problem, plan_by_hand(problem), created_by_id=manager.id)
            db.session.commit()
            return {
                "house": home.residence.id,
                "cycle": home.cycle.id,
                "manager": manager.id,
                "plan": draft.id,
                "version": draft.version,
                "enrolment": home.enrolments[0].id,
                "class": home.classes[0].id,
                "counsellor": home.counsellors[0].id,
                "venue": home.venues[0].id,
            }


def draft_again(app, filled: dict[str, int]) -> int:
    """One more draft of the same cycle."""
    with app.app_context(), house_scope(filled["house"]):
        from foyer.cycles.queries import get_cycle

        cycle = get_cycle(filled["cycle"])
        problem = build_problem(cycle)
        row: Plan = store_plan(cycle, problem, plan_by_hand(problem))
        db.session.commit()
        return row.id
