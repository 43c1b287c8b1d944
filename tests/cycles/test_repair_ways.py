"""A repair that nobody can make, or that takes from somebody what the plan gave: the cause, and ways out that work."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.cycles import repair_jobs, repair_run_views, repair_views, ways_job, ways_views
from foyer.cycles.events import record_interruption, record_pair
from foyer.cycles.interruptions import Interruption, InterruptionKind
from foyer.cycles.models import PlanState, TeachingGroup
from foyer.cycles.queries import get_cycle, list_plans
from foyer.database import db, house_scope
from foyer.jobs.models import Run
from foyer.jobs.worker import work_once
from foyer.residences.models import Room, RoomOutage, Staff
from foyer.residences.services import add_outage
from foyer.scheduling.plan import Limits
from tests.cycles.running import Running, make_running
from tests.cycles.test_repair_views import start, text
from tests.queries import count_queries


@pytest.fixture
def running(app, monkeypatch):
    made = make_running(app)
    for module in (repair_jobs, ways_job):
        monkeypatch.setattr(module, "_limits", lambda context: Limits(seconds=30, workers=1, seed=1))
    for module in (repair_views, repair_run_views, ways_views):
        monkeypatch.setattr(module, "today", lambda: made.day)
    return made


@pytest.fixture
def manager(running, sign_in):
    return sign_in(running.manager)


def read(manager, url: str, language: str) -> str:
    return text(manager.get(url, headers={"Accept-Language": language}, follow_redirects=True))


def no_instructor(running: Running) -> None:
    for person in running.instructors:
        record_interruption(
            get_cycle(running.cycle), InterruptionKind.STAFF, person, from_on=running.day, until_on=None
        )


def rooms_closed(running: Running, *numbers: int) -> None:
    for number in numbers:
        room = db.session.get_one(Room, running.rooms[number])
        add_outage(room, from_on=running.day, until_on=None, reason="")


def no_bed(running: Running) -> None:
    """Two of the three rooms for boys close."""
    rooms_closed(running, 1, 2)


def no_other_room(running: Running) -> None:
    """Two girls must be parted, and the other room for girls is closed."""
    rooms_closed(running, 4)
    values = {"in_room": True, "in_class": False, "until_on": None, "reason": None}
    record_pair(running.residence, (running.residents[0], running.residents[4]), values)


def happens(app, running, event) -> None:
    with app.app_context(), house_scope(running.residence):
        event(running)
        db.session.commit()


def searched(app, running, manager) -> str:
    """Repair, look for ways out, and give the page that shows them."""
    start(manager, running)
    run_id = work_once(app)
    with app.app_context(), house_scope(running.residence):
        result = db.session.get_one(Run, run_id).result
    assert result["outcome"] == "infeasible" or result["newly_open"]
    assert "Look for ways out" in read(manager, f"/cycles/{running.cycle}/repair/runs/{run_id}", "en")
    search = manager.post(f"/cycles/{running.cycle}/runs/{run_id}/ways").location
    work_once(app)
    return search


SITUATIONS = [
    (
        no_instructor,
        (
            "No repair gives everybody what the plan gave.",
            "takes over what",
            "This changes in the house:",
            "Then nobody has to go without. Changes:",
            "is available after all on Monday 08.00",
        ),
        (
            "Tidak ada perbaikan yang membuat kebutuhan semua tetap terpenuhi.",
            "mengambil alih semua kelas",
            "Yang berubah di panti:",
            "Dengan begitu kebutuhan semua tetap terpenuhi. Perubahan:",
        ),
    ),
    (
        no_bed,
        (
            "Beds for boys: 9 needed on",
            "4 free, since rooms are out of service.",
            "is put back into service in time.",
            "more beds for boys",
            "Then nobody has to go without, and nothing else in the plan changes.",
        ),
        ("Dengan begitu kebutuhan semua tetap terpenuhi, dan selebihnya rencana tidak berubah.",),
    ),
    (
        no_other_room,
        (
            "these rules cannot all be kept at once; without any one of them they could.",
            "is put back into service in time.",
            "Find 1 more bed for girls",
            "may share a room, or be parted, in spite of what was decided.",
            "A person has to decide this",
        ),
        ("Dengan begitu kebutuhan semua tetap terpenuhi. Perubahan: 1.",),
    ),
]


@pytest.mark.parametrize(("event", "english", "indonesian"), SITUATIONS, ids=["instructors", "rooms", "pair"])
def test_the_cause_and_several_ways_are_told_in_both_languages(app, manager, running, event, english, indonesian):
    happens(app, running, event)
    page = searched(app, running, manager)
    for language, sentences in (("en", english), ("id", indonesian)):
        told = read(manager, page, language)
        assert [s for s in sentences if s not in told] == [], told
    told = read(manager, page, "en")
    assert "Way 3" in told
    assert "This has happened since the plan was published:" in told
    with count_queries(app) as queries:
        manager.get(page)
    assert len(queries) <= 12, [q[q.find("FROM") :][:60] for q in queries.statements]


def test_a_colleague_takes_over_by_a_button_and_the_repair_is_whole(app, manager, running):
    happens(app, running, no_instructor)
    page = searched(app, running, manager)
    offered, offered_there = read(manager, page, "en"), read(manager, page, "id")
    answer = manager.post(f"{page}/1")
    assert (answer.status_code, "/repair/runs/" in answer.location) == (303, True)
    again = manager.post(f"{page}/1", headers={"Accept-Language": "en"}, follow_redirects=True)
    assert "Nothing was done" in text(again)
    with app.app_context(), house_scope(running.residence):
        instead = [row.instead_staff_id for row in db.session.scalars(select(Interruption))]
        assert sum(id_ is not None for id_ in instead) == 1
        taken = next(id_ for id_ in instead if id_ is not None)
        name = db.session.get_one(Staff, taken).full_name
        away = next(row for row in db.session.scalars(select(Interruption)) if row.instead_staff_id == taken)
        gone = db.session.get_one(Staff, away.staff_id).full_name
    assert f"{name} takes over from {gone}." in offered
    assert f"{name} menggantikan {gone}." in offered_there
    with app.app_context(), house_scope(running.residence):
        changed = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "Interruption")).all()
        assert any(
            "instead_staff_id" in (entry.changes or {}) and entry.actor_id == running.manager for entry in changed
        )
    work_once(app)
    moves = read(manager, answer.location, "en")
    assert "0 needs are left open" in moves
    assert f"taught by {name}" in moves or name in moves
    with app.app_context(), house_scope(running.residence):
        made = max(list_plans(running.cycle), key=lambda plan: plan.number)
        assert (made.state, made.unmet) == (PlanState.DRAFT, [])


def test_where_the_rules_allow_no_repair_at_all_ways_are_offered_too(app, manager, running):
    def must_open(running: Running) -> None:
        no_instructor(running)
        for id_ in running.classes:
            db.session.get_one(TeachingGroup, id_).is_mandatory = True

    happens(app, running, must_open)
    page = searched(app, running, manager)
    told = read(manager, page, "en")
    assert "takes over what" in told
    assert "Do this and repair again" in told


def test_a_way_into_another_house_is_stale(app, manager, running):
    happens(app, running, no_bed)
    page = searched(app, running, manager)
    with app.app_context(), house_scope(running.residence):
        for outage in db.session.scalars(select(RoomOutage)):
            db.session.delete(outage)
        db.session.commit()
    answer = manager.post(f"{page}/1", headers={"Accept-Language": "en"}, follow_redirects=True)
    assert "The house has changed since these ways were found. Nothing was done" in text(answer)
