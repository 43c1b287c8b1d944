"""Two residents who change places: exactly that change, checked and counted, whatever is changed."""

from __future__ import annotations

import pytest

from foyer.scheduling import check, solve, swaps
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.answers.what_if import UnknownWish
from foyer.scheduling.plan import Limits
from tests.scheduling.house import make_house


@pytest.fixture(scope="module")
def planned():
    problem = make_house(24, seed=2)
    return problem, solve(problem, Limits(seconds=5, workers=1))


def places(problem, plan, kind: str) -> dict[str, str]:
    """By resident."""
    classes = {g.id for g in problem.groups if g.kind == "vocational"}
    return {
        "class": {s.resident: s.group for s in plan.seats if s.group in classes},
        "room": {x.resident: x.room for x in plan.lodgings},
        "counsellor": {c.resident: c.counsellor for c in plan.caseloads},
        "appointment": {a.resident: f"{a.week}:{a.period}" for a in plan.appointments},
    }[kind]


@pytest.mark.parametrize("kind", ["class", "room", "counsellor", "appointment"])
def test_the_two_have_what_the_other_had_and_nobody_else_anything_new(planned, kind):
    problem, plan = planned
    before = places(problem, plan, kind)
    tried = 0
    for who in list(before)[:3]:
        for target in dict.fromkeys(before.values()):
            for swap in swaps(problem, plan, Wish(kind, who, target)):
                now = places(problem, swap.plan, kind)
                assert (now[who], now[swap.other]) == (target, before[who])
                assert {r for r in before if now[r] != before[r]} == {who, swap.other}
                assert bool(check(problem, swap.plan)) == bool(swap.broken)
                assert {c.who for c in swap.changes} <= {who, swap.other}
                assert swap.points == pytest.approx(swap.plan.score - plan.score, abs=0.011)
                tried += not swap.broken
    assert tried


def test_there_is_nobody_to_change_with_for_a_place_that_one_has_or_nobody_has(planned):
    problem, plan = planned
    who, room = next((x.resident, x.room) for x in plan.lodgings)
    empty = next(m.id for m in problem.rooms if m.id not in places(problem, plan, "room").values())
    assert swaps(problem, plan, Wish("room", who, room)) == ()
    assert swaps(problem, plan, Wish("room", who, empty)) == ()
    with pytest.raises(UnknownWish):
        swaps(problem, plan, Wish("meeting", who, "nothing"))
