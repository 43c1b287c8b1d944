"""Two plans beside each other, and parts of one taken over into the other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from foyer.cycles.changing import undo
from foyer.cycles.comparing import NothingTaken, TakingBreaks, differences, take_parts
from foyer.cycles.drafting import copy_plan
from foyer.cycles.models import Plan, PlanState, PlanStep, StepAction
from foyer.cycles.opened import opened
from foyer.cycles.planning import build_problem, replace_answer, store_plan
from foyer.cycles.queries import get_plan
from foyer.cycles.services import NotADraft
from foyer.database import db, house_scope
from foyer.errors import NotFound, Stale
from foyer.scheduling import check, solve
from foyer.scheduling.answers.editing import finished, rebooked
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.answers.verdict import edited
from foyer.scheduling.answers.viewing import seen
from foyer.scheduling.plan import Limits
from tests.cycles.house import House, make_house
from tests.cycles.test_drafts import manager  # noqa: F401
from tests.cycles.test_views import text
from tests.factories import make_user
from tests.queries import count_queries


@pytest.fixture
def two(home) -> tuple[Plan, Plan]:
    """A solved draft and a copy of it in which two residents have another counsellor, one of them another room."""
    return two_of(home)


def two_of(home: House) -> tuple[Plan, Plan]:
    problem = build_problem(home.cycle)
    first = store_plan(home.cycle, problem, solve(problem, Limits(seconds=20, workers=1, seed=1)))
    second = copy_plan(plan_id=first.id, actor_id=None, name="Lain")
    answer = opened(second).answer
    index, now = seen(problem, answer)
    for wish in wishes(problem, answer):
        now = edited(index, now, wish)
        if wish.kind == "counsellor":  # its hour came along, and may be taken there
            kept = tuple(a for a in now.appointments if a.resident != wish.resident)
            now = rebooked(index, replace(now, appointments=kept), also=(wish.resident,))
    now = finished(index, now)
    assert check(problem, now) == ()
    replace_answer(second, replace(now, problem_hash=answer.problem_hash))
    return first, second


def wishes(problem, answer) -> list[Wish]:
    counsellors = [counsellor.id for counsellor in problem.counsellors]
    changed = []
    for case in answer.caseloads[:2]:
        other = next(c for c in counsellors if c != case.counsellor)
        changed.append(Wish("counsellor", case.resident, other))
    lodged = {x.resident: x.room for x in answer.lodgings}
    genders = {r.id: r.gender for r in problem.residents}
    for who, room in lodged.items():
        free = [
            m.id
            for m in problem.rooms
            if m.id != room and m.policy == genders[who] and sum(r == m.id for r in lodged.values()) < m.beds
        ]
        if free:
            return [*changed, Wish("room", who, free[0])]
    return changed


def kinds(first, second) -> list[str]:
    return sorted({row.kind for row in differences(first, second)})


def test_everything_that_differs_is_found_by_kind_and_nothing_else(two):
    first, second = two
    assert differences(first, first) == []
    found = differences(first, second)
    assert [row.kind for row in found if row.kind in ("counsellor", "room")] == ["counsellor", "counsellor", "room"]
    assert {row.kind for row in found} <= {"counsellor", "room", "appointment"}
    back = {row.part: row.changes for row in differences(second, first)}
    (change,) = found[0].changes
    assert (back[found[0].part][0].before, back[found[0].part][0].after) == (change.after, change.before)


def test_one_part_is_taken_as_one_step_and_undone(two):
    first, second = two
    before = opened(first).answer
    room = next(row for row in differences(first, second) if row.kind == "room")
    version = first.version
    take_parts(plan_id=first.id, version=version, other_id=second.id, parts={room.part}, actor_id=None)
    assert room.part not in {row.part for row in differences(first, second)}
    assert kinds(first, second) == [kind for kind in ("appointment", "counsellor") if kind in kinds(first, second)]
    step = db.session.scalars(select(PlanStep).where(PlanStep.plan_id == first.id)).one()
    assert (step.action, step.detail["from"]) == (StepAction.TAKE, second.id)
    undo(plan_id=first.id, version=first.version, actor_id=None)
    assert opened(first).answer == before


def test_all_parts_taken_make_the_two_alike_and_the_figures_are_counted_anew(two):
    first, second = two
    parts = {row.part for row in differences(first, second)}
    take_parts(plan_id=first.id, version=first.version, other_id=second.id, parts=parts, actor_id=None)
    assert differences(first, second) == []
    assert first.score == second.score
    assert check(opened(first).problem, opened(first).answer) == ()


def test_what_breaks_a_rule_is_refused_and_leaves_the_draft_whole(two):
    first, second = two
    problem, answer = opened(second).problem, opened(second).answer
    rooms = [x.room for x in answer.lodgings]
    full = next(m for m in problem.rooms if 0 < rooms.count(m.id) <= m.beds)
    gender = {r.id: r.gender for r in problem.residents}
    inside = next(x.resident for x in answer.lodgings if x.room == full.id)
    stranger = next(x for x in answer.lodgings if gender[x.resident] != gender[inside])
    moved = tuple(replace(x, room=full.id, bed=full.beds) if x is stranger else x for x in answer.lodgings)
    replace_answer(second, replace(answer, lodgings=moved))
    before, step = first.answer, first.step
    with pytest.raises(TakingBreaks) as refused:
        take_parts(
            plan_id=first.id,
            version=first.version,
            other_id=second.id,
            parts={("room", stranger.resident)},
            actor_id=None,
        )
    assert {violation.rule for violation in refused.value.broken} & {"room_gender", "room_policy"}
    assert (first.answer, first.step) == (before, step)


def test_a_pinned_place_is_not_taken_over(two):
    first, second = two
    part = next(row for row in differences(first, second) if row.kind == "counsellor")
    first.pins = [{"kind": "counsellor", "resident": part.who, "target": str(part.changes[0].before)}]
    db.session.flush()
    with pytest.raises(TakingBreaks) as refused:
        take_parts(plan_id=first.id, version=first.version, other_id=second.id, parts={part.part}, actor_id=None)
    assert [violation.rule for violation in refused.value.broken] == ["pin"]


def test_a_stale_page_an_empty_choice_and_a_published_plan_are_refused(two):
    first, second = two
    part = differences(first, second)[0].part
    asked = {"plan_id": first.id, "other_id": second.id, "actor_id": None}
    with pytest.raises(Stale):
        take_parts(version=99, parts={part}, **asked)
    with pytest.raises(NothingTaken):
        take_parts(version=first.version, parts={("class", "0")}, **asked)
    with pytest.raises(NotFound):
        take_parts(version=first.version, parts={part}, **{**asked, "other_id": 999})
    first.state = PlanState.PUBLISHED
    db.session.flush()
    with pytest.raises(NotADraft):
        take_parts(version=first.version, parts={part}, **asked)


# Pages


@pytest.fixture
def pair(app, filled) -> tuple[int, int]:
    """The ids of two drafts of the filled house."""
    with app.app_context(), house_scope(filled["house"]):
        home = House(get_plan(filled["plan"]).cycle.residence_id, get_plan(filled["plan"]).cycle)  # type: ignore[arg-type]
        first, second = two_of(home)
        db.session.commit()
        return first.id, second.id


def url(filled, pair, more="") -> str:
    return f"/cycles/{filled['cycle']}/compare?a={pair[0]}&b={pair[1]}{more}"


def test_the_page_tells_who_changes_what_and_the_figures_of_both(filled, manager, pair):  # noqa: F811
    page = text(manager.get(url(filled, pair)))
    assert "Score by the house's weights" in page
    assert "Plan 3 “Lain”" in page
    assert "From room" in page or "From " in page
    assert "Take into Plan 2" in page
    only = text(manager.get(url(filled, pair, "&kind=room")))
    assert "1 difference" not in only  # the count is of all
    assert "room" in only


def test_the_list_can_be_narrowed_by_kind_and_by_name(filled, manager, pair):  # noqa: F811
    rows = manager.get(url(filled, pair)).get_data(as_text=True).count('name="part"')
    fewer = manager.get(url(filled, pair, "&kind=room")).get_data(as_text=True).count('name="part"')
    assert (rows > fewer, fewer) == (True, 1)
    assert "No difference fits this filter." in text(manager.get(url(filled, pair, "&q=nobody-of-this-name")))


def test_parts_are_taken_from_the_page_and_a_second_click_takes_nothing(app, filled, manager, pair):  # noqa: F811
    with app.app_context(), house_scope(filled["house"]):
        first, second = map(get_plan, pair)
        key = next(f"{row.kind}.{row.who}" for row in differences(first, second) if row.kind == "room")
        version = first.version
    data = {"a": pair[0], "b": pair[1], "into": pair[0], f"version_{pair[0]}": version, "part": [key]}
    where = f"/cycles/{filled['cycle']}/compare/take"
    assert "1 part was taken into Plan 2." in text(manager.post(where, data=data, follow_redirects=True))
    again = text(manager.post(where, data=data, follow_redirects=True))
    assert "Somebody changed the draft meanwhile, so nothing was taken." in again
    nothing = text(manager.post(where, data={**data, "part": []}, follow_redirects=True))
    assert "nothing was taken" in nothing.lower()


def test_one_plan_alone_cannot_be_compared(filled, manager):  # noqa: F811
    for asked in ("", f"?a={filled['plan']}", f"?b={filled['plan']}"):
        assert "There is nothing to compare yet" in text(manager.get(f"/cycles/{filled['cycle']}/compare{asked}"))


def test_comparing_takes_few_queries(app, sign_in):
    counts = []
    for size in (8, 40):
        with app.app_context():
            home = make_house(size)
            with house_scope(home.residence.id):
                first, second = two_of(home)
                user = make_user(home.residence).id
                db.session.commit()
                address = f"/cycles/{home.cycle.id}/compare?a={first.id}&b={second.id}"
        browser = sign_in(user)
        with count_queries(app) as seen_:
            assert browser.get(address).status_code == 200
        counts.append(len(seen_))
    assert counts[0] == counts[1] <= 12
