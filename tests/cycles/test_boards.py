"""The boards of a plan: what cards say, whom searches and filters leave, and how much a page costs."""

from __future__ import annotations

import gzip
import html
import re
from datetime import date
from types import SimpleNamespace

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.cycles.boards import Looking, Show, board_of
from foyer.cycles.cards import Colour
from foyer.cycles.holes import holes_of, load_week
from foyer.cycles.models import Enrolment, Plan, PlanCaseload, PlanLodging, PlanMeeting, PlanSeat, PlanState
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import get_plan
from foyer.cycles.review import load_review
from foyer.database import db, house_scope
from foyer.residences.models import Residence, Staff, StaffKind
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.conftest import draft_again
from tests.cycles.house import make_house
from tests.factories import make_user
from tests.queries import count_queries

BOARDS = ("classes", "education", "counsellors", "rooms")
MOST_QUERIES = 12
MOST_BYTES = 250_000


@pytest.fixture
def manager(filled, sign_in):
    browser = sign_in(filled["manager"])
    with browser.session_transaction() as session:
        session["language"] = "en"
    return browser


def text(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def board_url(filled, by: str = "classes", query: str = "", plan: int | None = None) -> str:
    return f"/cycles/{filled['cycle']}/plans/{plan or filled['plan']}/board/{by}{query}"


def drawn(plan_id: int, by: str = "classes", **looking):
    return board_of(load_review(get_plan(plan_id)), by, Looking(**looking))


def names(board) -> list[str]:
    return [card.person.name for card in board.shown]


def in_house(app, filled, act):
    """What ``act`` gives inside the filled house, committed."""
    with app.test_request_context("/"), force_locale("en"), house_scope(filled["house"]):
        found = act()
        db.session.commit()
        return found


@pytest.mark.parametrize("by", BOARDS)
def test_a_board_names_everybody_once_with_how_full_each_column_is(app, filled, manager, by):
    page = manager.get(board_url(filled, by))
    assert page.status_code == 200
    found = in_house(app, filled, lambda: [e.stay.resident.full_name for e in db.session.scalars(select(Enrolment))])
    cards = re.findall(r'class="card"[^>]*><a [^>]*>([^<]*)</a>', page.get_data(as_text=True))
    wanted = found if by != "education" else cards  # not everybody needs an education group
    assert sorted(cards) == sorted(wanted)
    assert len(set(cards)) == len(cards) > 0
    assert re.search(r"\b\d+ of \d+\b", text(page))


def test_every_column_and_card_leads_to_its_week(app, filled, manager):
    page = manager.get(board_url(filled)).get_data(as_text=True)
    assert f"week?of=group-{filled['class']}" in page
    assert f"week?of=counsellor-{filled['counsellor']}" in manager.get(board_url(filled, "counsellors")).get_data(
        as_text=True
    )
    assert 'data-week="' in page


def test_the_mark_says_which_choice_and_whoever_got_none_comes_first(app, filled):
    def act():
        last = db.session.scalars(
            select(PlanSeat).where(PlanSeat.choice_rank == 1).order_by(PlanSeat.id.desc())
        ).first()
        second = db.session.scalars(select(PlanSeat).where(PlanSeat.choice_rank == 1)).first()
        last.choice_rank, second.choice_rank = None, 2
        db.session.flush()
        board = drawn(filled["plan"])
        first, then = board.cards[:2]
        assert (first.person.enrolment.id, first.mark.tone, first.mark.words) == (
            last.enrolment_id,
            "none",
            "none of the choices",
        )
        assert (then.person.enrolment.id, then.mark.figure) == (second.enrolment_id, "2")
        by_name = drawn(filled["plan"], unhappy_first=False)
        assert names(by_name) == sorted(names(by_name), key=str.lower)
        assert names(drawn(filled["plan"], show=Show.NO_CHOICE)) == [first.person.name]

    in_house(app, filled, act)


def test_one_flag_at_most_and_the_worst_one(app, filled):
    def act():
        plan = db.session.get_one(Plan, filled["plan"])
        who = filled["enrolment"]
        plan.pins = [{"kind": "class", "resident": str(who), "target": str(filled["class"])}]
        db.session.flush()

        def flag():
            return next(c.flag for c in drawn(plan.id).cards if c.person.enrolment.id == who)

        assert flag().words == "Pinned"
        assert drawn(plan.id, "rooms").count(Show.PINNED) == 0, "pinned to a class, not to a room"
        plan.unmet = [{"resident": str(who), "need": "counsellor", "subject": ""}]
        db.session.flush()
        assert flag().words == "no counsellor"
        assert names(drawn(plan.id, show=Show.MISSING)) == names(drawn(plan.id, show=Show.PINNED))

    in_house(app, filled, act)


def test_the_board_of_counsellors_says_whose_wish_about_them_was_not_met(app, filled):
    def act():
        enrolment = db.session.get_one(Enrolment, filled["enrolment"])
        own = db.session.scalars(select(PlanCaseload).where(PlanCaseload.enrolment_id == enrolment.id)).one()
        others = db.session.scalars(select(Staff.id).where(Staff.kind == StaffKind.COUNSELLOR))
        enrolment.previous_counsellor_id = next(id_ for id_ in others if id_ != own.staff_id)
        db.session.flush()

        def flag(by):
            return next(c.flag for c in drawn(filled["plan"], by).cards if c.person.enrolment.id == enrolment.id)

        assert flag("counsellors").words == "new counsellor"
        assert flag("classes") is None
        own.staff.skills = []
        next(s for s in db.session.scalars(select(Staff)) if s.id == enrolment.previous_counsellor_id).skills = [
            "trauma"
        ]
        enrolment.stay.needs = ["trauma"]
        db.session.flush()
        assert flag("counsellors").words == "counsellor without the skill that is needed"

    in_house(app, filled, act)


def test_a_draft_says_who_is_elsewhere_than_in_the_published_plan(app, filled):
    other = draft_again(app, filled)

    def act():
        db.session.get_one(Plan, filled["plan"]).state = PlanState.PUBLISHED
        seat = db.session.scalars(
            select(PlanSeat).where(PlanSeat.plan_id == other, PlanSeat.choice_rank.is_not(None))
        ).first()
        left = seat.group
        seat.group_id = next(
            s.group_id
            for s in db.session.scalars(select(PlanSeat).where(PlanSeat.choice_rank.is_not(None)))
            if s.group_id != left.id
        )
        db.session.flush()
        (card,) = drawn(other, show=Show.MOVED).shown
        assert card.person.enrolment.id == seat.enrolment_id
        assert card.flag.words == f"was in {left.code}"
        assert drawn(other, "rooms").count(Show.MOVED) == 0
        assert drawn(filled["plan"]).count(Show.MOVED) == 0, "the published plan is compared with nothing"
        assert drawn(other, "rooms").count(Show.UNHAPPY) == drawn(other).count(Show.UNHAPPY), "the same people"

    in_house(app, filled, act)


def test_summary_and_list_know_who_moved_and_who_waits_as_the_boards_do(app, filled, manager):
    other = draft_again(app, filled)

    def act():
        db.session.get_one(Plan, filled["plan"]).state = PlanState.PUBLISHED
        case = db.session.scalars(select(PlanCaseload).where(PlanCaseload.plan_id == other)).first()
        before = case.staff.full_name
        case.staff_id = next(
            i
            for i in db.session.scalars(select(Staff.id).where(Staff.kind == StaffKind.COUNSELLOR))
            if i != case.staff_id
        )
        for row in db.session.scalars(select(PlanMeeting).where(PlanMeeting.plan_id == other)):
            row.weekday, row.start_minute, row.end_minute = 0, 480, 600  # nobody waits: every class at once
        db.session.flush()
        alone = load_review(get_plan(other))
        assert [p.enrolment.id for p in alone.unhappy] == [case.enrolment_id]
        assert [p.name for p in alone.unhappy] == names(drawn(other, "counsellors", show=Show.MOVED))
        late = db.session.scalars(
            select(PlanMeeting).where(PlanMeeting.plan_id == other, PlanMeeting.group_id == filled["class"])
        ).first()
        late.start_minute, late.end_minute = 1170, 1260  # a free afternoon before it for who also learns in the morning
        db.session.flush()
        review = load_review(get_plan(other))
        assert [p.name for p in review.waiting]
        assert {p.name for p in review.waiting} == set(names(drawn(other, show=Show.HOLES)))
        assert review.unhappy[0].enrolment.id == case.enrolment_id, "who moved comes before who waits"
        return before, alone.unhappy[0].name, len(review.waiting)

    before, name, waiting = in_house(app, filled, act)
    url = f"/cycles/{filled['cycle']}/plans/{other}"
    with count_queries(app) as seen:
        summary = text(manager.get(url))
    assert len(seen) <= MOST_QUERIES, "\n".join(seen.statements)
    assert f"was with {before}" in summary
    assert "1 residents elsewhere than before" in summary
    assert f"{waiting} residents who wait between sessions" in summary
    assert "Everybody who chose" not in summary
    moved = text(manager.get(f"{url}/residents?show=moved"))
    assert name in moved
    assert "1 resident " in moved
    assert f"was with {before}" in moved
    with count_queries(app) as seen:
        holes = text(manager.get(f"{url}/residents?show=holes"))
    assert len(seen) <= MOST_QUERIES
    assert f"{waiting} resident" in holes
    assert "free block" in holes


def test_a_fourth_choice_and_none_look_different(app, filled):
    def act():
        one, none = db.session.scalars(
            select(PlanSeat).where(PlanSeat.plan_id == filled["plan"], PlanSeat.choice_rank == 1)
        ).all()[:2]
        one.choice_rank, none.choice_rank = 6, None
        db.session.flush()
        marks = {card.person.enrolment.id: card.mark for card in drawn(filled["plan"]).cards}
        assert (marks[one.enrolment_id].tone, marks[one.enrolment_id].figure) == ("4", "6")
        assert marks[none.enrolment_id].tone == "none"

    in_house(app, filled, act)


def test_a_draft_without_a_published_plan_is_compared_with_the_one_it_was_made_from(app, filled):
    other = draft_again(app, filled)

    def act():
        db.session.get_one(Plan, other).parent_id = filled["plan"]
        case = db.session.scalars(select(PlanCaseload).where(PlanCaseload.plan_id == other)).first()
        others = db.session.scalars(select(Staff.id).where(Staff.kind == StaffKind.COUNSELLOR))
        case.staff_id = next(id_ for id_ in others if id_ != case.staff_id)
        db.session.flush()
        assert drawn(other, "counsellors").count(Show.MOVED) == 1

    in_house(app, filled, act)


def test_without_a_place_one_has_a_column_of_its_own(app, filled, manager):
    def act():
        for model in (PlanSeat, PlanCaseload, PlanLodging):
            for row in db.session.scalars(select(model).where(model.enrolment_id == filled["enrolment"])):
                db.session.delete(row)

    in_house(app, filled, act)
    for by in ("classes", "counsellors", "rooms"):
        page = manager.get(board_url(filled, by)).get_data(as_text=True)
        before, after = page.split('id="of-none"')[0], page.split('id="of-none"')[1].split("</section>")[0]
        assert f'data-e="{filled["enrolment"]}"' in after, by
        assert "data-target" not in before.split('<div id="board"')[1], "nobody can be dropped there"


def test_search_and_filter_leave_whom_they_name(app, filled, manager):
    name = in_house(app, filled, lambda: db.session.get_one(Enrolment, filled["enrolment"]).stay.resident.full_name)
    page = manager.get(board_url(filled, query=f"?q={name.upper()}&sorted=1"))
    assert "1 resident shown" in text(page)
    assert "Nobody of those searched for." in text(page)
    assert "0 residents shown" in text(manager.get(board_url(filled, query="?q=zzz")))
    assert manager.get(board_url(filled, query="?show=everything")).status_code == 404
    assert manager.get(board_url(filled, query="?colour=gender")).status_code == 404


def test_the_colour_tells_choice_stay_or_stage_and_always_has_words(app, filled):
    def act():
        first, second = db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()[:2]
        first.stay.leaves_on = date(2027, 3, 1)
        first.stay.independence_stage = 3
        second.stay.arrives_on = date(2027, 1, 18)
        second.stay.leaves_on = date(2027, 9, 1)
        db.session.flush()

        def marks(colour):
            return {c.person.enrolment.id: c.mark for c in drawn(filled["plan"], colour=colour).cards}

        assert marks(Colour.STAY)[first.id].words == "leaves on 1 Mar"
        assert marks(Colour.STAY)[second.id].words == "arrives on 18 Jan"
        assert marks(Colour.STAGE)[first.id].words == "stage 3"
        assert all(mark.words and mark.figure for colour in Colour for mark in marks(colour).values())

    in_house(app, filled, act)


def test_beds_are_drawn_over_the_nights_without_gap_or_overlap(app, filled):
    def act():
        lodging = db.session.scalars(select(PlanLodging)).first()
        lodging.from_on, lodging.until_on = date(2027, 1, 11), date(2027, 3, 1)
        db.session.flush()
        board = drawn(filled["plan"], "rooms")
        nights = board.review.cycle.nights
        for column in board.columns:
            assert len(column.rows) == column.load.maximum
            for row in column.rows:
                assert [s.last for s in row[:-1]] == [s.first for s in row[1:]]
                assert (row[0].first, row[-1].last) == (0, nights)
        column = next(c for c in board.columns if c.load.id == lodging.room_id)
        row = column.rows[lodging.bed - 1]
        assert [(s.first, s.last, s.card is not None) for s in row] == [
            (0, 7, False),
            (7, 56, True),
            (56, nights, False),
        ]
        nobody = drawn(filled["plan"], "rooms", q="zzz")
        hidden = next(c for c in nobody.columns if c.load.id == lodging.room_id).rows[lodging.bed - 1][1]
        assert hidden.is_hidden, "a bed that the search leaves out is not shown as free"

    in_house(app, filled, act)


def meeting(group, weekday, start, end):
    return SimpleNamespace(group_id=group, weekday=weekday, start_minute=start, end_minute=end)


def test_a_hole_is_a_free_block_between_two_sessions_of_one_day(app, filled):
    def act():
        # Blocks of the day: 480, 615, 795, 930, 1170. Group 1: the first two; 2: the fourth; 3: the evening, next day.
        meetings = [meeting(1, 0, 480, 720), meeting(2, 0, 930, 1020), meeting(3, 1, 1170, 1260)]
        week = load_week(filled["house"], meetings)
        assert holes_of(week, [1], []) == 0
        assert holes_of(week, [1, 2], []) == 1, "the third block"
        assert holes_of(week, [1, 3], []) == 0, "on two days nothing lies between"
        assert holes_of(week, [3], [[1, 450, 700]]) == 2, "school outside counts as a session"

    in_house(app, filled, act)


def test_whoever_waits_between_sessions_is_flagged(app, filled):
    def act():
        for row in db.session.scalars(select(PlanMeeting).where(PlanMeeting.group_id == filled["class"])):
            row.start_minute, row.end_minute = 480, 600
        free = [c for c in drawn(filled["plan"]).cards if c.person.holes]
        waiting = drawn(filled["plan"], show=Show.HOLES).shown
        assert {c.person.name for c in free} == {c.person.name for c in waiting}
        for card in waiting:
            assert "free block" in card.flag.words

    in_house(app, filled, act)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_managers_see_boards(app, filled, sign_in, role):
    def act():
        house = db.session.get_one(Residence, filled["house"])
        return make_user(None if role is Role.OFFICE else house, role).id

    user = in_house(app, filled, act)
    assert sign_in(user).get(board_url(filled)).status_code == 403


def test_a_published_plan_is_looked_at_and_not_changed(app, filled, manager):
    in_house(app, filled, lambda: setattr(db.session.get_one(Plan, filled["plan"]), "state", PlanState.PUBLISHED))
    page = manager.get(board_url(filled))
    assert "only drafts can be" in text(page)
    assert 'id="hand"' not in page.get_data(as_text=True)
    assert f'action="/cycles/{filled["cycle"]}/plans/{filled["plan"]}/copy"' in page.get_data(as_text=True)


def test_the_board_of_education_is_about_those_who_need_it(app, filled):
    def act():
        board = drawn(filled["plan"], "education")
        in_need = [p for p in board.review.people if p.education]
        assert 0 < len(board.shown) == len(in_need) < len(board.review.people)
        without = next(p for p in board.review.people if not p.education)
        plan = db.session.get_one(Plan, filled["plan"])
        plan.unmet = [{"resident": str(without.enrolment.id), "need": "education", "subject": "Paket C"}]
        db.session.flush()
        again = drawn(filled["plan"], "education")
        assert [card.person.name for card in again.without.cards] == [without.name]
        assert len(again.shown) == len(in_need) + 1

    in_house(app, filled, act)


def house_of_size(size: int) -> tuple[int, str]:
    """A committed house of many residents with a published plan and a draft: its manager and the draft's boards."""
    home = make_house(size)
    with house_scope(home.residence.id):
        problem = build_problem(home.cycle)
        store_plan(home.cycle, problem, plan_by_hand(problem)).state = PlanState.PUBLISHED
        draft = store_plan(home.cycle, problem, plan_by_hand(problem))
        user = make_user(home.residence).id
        db.session.commit()
        return user, f"/cycles/{home.cycle.id}/plans/{draft.id}"


@pytest.mark.parametrize("size", [120, 500])
def test_boards_and_weeks_take_few_queries_and_bytes(app, sign_in, size):
    with app.app_context():
        user, plan = house_of_size(size)
    browser = sign_in(user)
    browser.get("/")
    for page in [f"/board/{by}" for by in BOARDS] + ["/week"]:
        with count_queries(app) as seen:
            answer = browser.get(plan + page)
        assert answer.status_code == 200
        assert len(seen) <= MOST_QUERIES, f"{page}: {len(seen)}\n" + "\n".join(seen.statements)
        assert len(answer.data) < (MOST_BYTES if size == 120 else 2 * MOST_BYTES), page
        wired = browser.get(plan + page, headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"})
        assert wired.headers["Content-Encoding"] == "gzip"
        assert len(wired.data) < MOST_BYTES / 5, page
        assert len(gzip.decompress(wired.data)) > 0.9 * len(answer.data), page
