"""Assessments: three points a cycle, both sides' levels, closed when finished, read as a distance."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.care import assessing
from foyer.care.assessing import Answer
from foyer.care.facts import aptitudes_of, confirm_facts, confirmations_of
from foyer.care.models import Assessment, Domain, PlannerFact, Point, Side
from foyer.care.rules import assessment_windows, change_rules, rules_of
from foyer.care.scale import LEVELS, SCALE
from foyer.cycles.planning import build_problem
from foyer.database import db
from foyer.errors import Stale
from tests.care.conftest import TODAY, Place


def begin(place: Place, point: Point = Point.ENTRY, on: date = TODAY) -> Assessment:
    return assessing.begin_assessment(
        place.the_stay(), cycle=place.the_cycle(), point=point, on=on, today=TODAY, actor=place.worker()
    )


def everywhere(level: int, **others: int) -> dict[Domain, Answer]:
    return {domain: Answer(others.get(domain.value, level), "seen") for domain in Domain}


def test_every_level_of_every_domain_has_words_for_both_sides() -> None:
    assert set(SCALE) == set(Domain)
    for anchors in SCALE.values():
        assert len(anchors.levels) == len(anchors.own) == len(LEVELS)


def test_one_assessment_for_each_point_of_a_cycle_and_none_ahead(within: Place) -> None:
    begin(within)
    with pytest.raises(assessing.AssessmentExists):
        begin(within)
    with pytest.raises(assessing.DayAhead):
        begin(within, Point.MIDDLE, TODAY + timedelta(days=1))


def test_an_assessment_is_finished_with_a_level_everywhere_and_stays_as_it_is(within: Place) -> None:
    assessment = begin(within)
    some = {Domain.SOCIAL: Answer(2, "talks with Rian")}
    assessing.write_levels(assessment, some, note="begun", version=assessment.version)
    with pytest.raises(assessing.LevelsMissing):
        assessing.finish_assessment(assessment, version=assessment.version, actor=within.worker())
    with pytest.raises(Stale):
        assessing.write_levels(assessment, some, note="", version=assessment.version - 1)
    assessing.write_levels(assessment, everywhere(3, social=2), note="", version=assessment.version)
    assessing.finish_assessment(assessment, version=assessment.version, actor=within.worker())
    with pytest.raises(assessing.AssessmentFinished):
        assessing.write_levels(assessment, everywhere(5), note="", version=assessment.version)
    with pytest.raises(assessing.AssessmentFinished):
        assessing.answer_own(assessment, dict.fromkeys(Domain, 3), said=None, version=0, actor=within.me())


def test_the_residents_own_answers_stand_beside_the_workers_and_may_be_sent_again(within: Place) -> None:
    assessment = begin(within)
    with pytest.raises(assessing.LevelsMissing):
        assessing.answer_own(assessment, {Domain.SOCIAL: 4}, said=None, version=0, actor=within.me())
    assessing.answer_own(assessment, dict.fromkeys(Domain, 4), said="rindu rumah", version=0, actor=within.me())
    own = assessing.get_assessment(within.resident, assessment.id).own
    assert own is not None
    with pytest.raises(Stale):
        assessing.answer_own(assessment, dict.fromkeys(Domain, 5), said=None, version=0, actor=within.me())
    assessing.answer_own(assessment, dict.fromkeys(Domain, 5), said=None, version=own.version, actor=within.me())
    assessing.write_levels(assessment, everywhere(2), note=None, version=assessment.version)
    assert set(assessment.levels(Side.RESIDENT).values()) == {5}
    assert set(assessment.levels(Side.WORKER).values()) == {2}


def test_the_distance_travelled_keeps_both_sides_apart_and_hides_what_is_not_finished(within: Place) -> None:
    first, second = begin(within, on=TODAY - timedelta(days=7)), begin(within, Point.MIDDLE)
    for assessment, worker, own in ((first, 2, 1), (second, 4, 3)):
        assessing.write_levels(assessment, everywhere(worker), note=None, version=None)
        assessing.answer_own(assessment, dict.fromkeys(Domain, own), said=None, version=0, actor=within.me())
    assessing.finish_assessment(first, version=None, actor=within.worker())
    every = assessing.assessments_of(within.resident)
    track = assessing.tracks(every)[0]
    assert (list(track.worker), list(track.own)) == ([(0, 2), (1, 4)], [(0, 1), (1, 3)])
    assert (track.moved, track.own_moved) == (2, 2)
    shown = assessing.tracks(every, worker_shown=False)[0]
    assert list(shown.worker) == [(0, 2)]
    assert shown.moved is None


def test_the_trail_says_that_levels_changed_and_never_which_or_what_was_seen(within: Place) -> None:
    assessment = begin(within)
    assessing.write_levels(assessment, everywhere(3), note="KATA-RAHASIA", version=None)
    assessing.write_levels(assessment, everywhere(4), note="KATA-LAIN", version=None)
    trail = db.session.scalars(select(AuditEntry).where(AuditEntry.resident_id == within.resident)).all()
    levels = [entry.changes["level"] for entry in trail if "level" in entry.changes]
    assert len(levels) == 2 * len(Domain)
    assert not any(isinstance(value, int) for change in levels for value in change)
    assert not any(word in str(entry.changes) for entry in trail for word in ("KATA", "seen"))


def test_windows_follow_the_stay_the_cycle_and_the_days_of_the_house(within: Place) -> None:
    stay, cycle = within.the_stay(), within.the_cycle()
    stay.arrives_on, stay.leaves_on = date(2027, 1, 4), date(2027, 5, 2)
    windows = assessment_windows(stay, cycle, rules_of(within.residence))
    assert windows[Point.ENTRY].due_on == date(2027, 1, 18)
    assert (windows[Point.MIDDLE].from_on, windows[Point.MIDDLE].due_on) == (date(2027, 2, 25), date(2027, 3, 11))
    assert windows[Point.EXIT].due_on == date(2027, 5, 1)
    change_rules(within.residence, {"entry_days": 7}, version=0)
    assert assessment_windows(stay, cycle, rules_of(within.residence))[Point.ENTRY].due_on == date(2027, 1, 11)
    stay.arrives_on = date(2027, 3, 1)  # comes in the middle: nothing to measure there
    assert set(assessment_windows(stay, cycle, rules_of(within.residence))) == {Point.ENTRY, Point.EXIT}
    assert set(assessment_windows(stay, None, rules_of(within.residence))) == {Point.ENTRY}


def test_what_is_confirmed_has_a_day_and_a_person_and_what_is_changed_is_confirmed_by_it(within: Place) -> None:
    stay = within.the_stay()
    motor = within.trades[0]
    values = {"needs": ["trauma"], "education_level": stay.education_level}
    confirm_facts(
        within.person(),
        stay,
        values,
        {motor: 5, within.trades[1]: None},
        [PlannerFact.APART],
        on=TODAY,
        version=stay.version,
        actor=within.worker(),
    )
    confirmed = confirmations_of(stay.id)
    assert set(confirmed) == {PlannerFact.APART, PlannerFact.NEEDS, PlannerFact.APTITUDE}
    assert confirmed[PlannerFact.NEEDS].on == TODAY
    assert confirmed[PlannerFact.NEEDS].by == within.worker().display_name
    assert [(row.trade_id, row.level) for row in aptitudes_of(within.resident)] == [(motor, 5)]


def test_the_planner_weighs_the_aptitude_that_was_seen(within: Place) -> None:
    stay = within.the_stay()
    same = {"needs": list(stay.needs), "education_level": stay.education_level}
    levels = {within.trades[0]: 5, within.trades[1]: 2}
    confirm_facts(within.person(), stay, same, levels, [], on=TODAY, version=None, actor=within.worker())
    known = [resident.aptitude for resident in build_problem(within.the_cycle()).residents if resident.aptitude]
    assert known == [((str(within.trades[0]), 1.0), (str(within.trades[1]), 0.25))]
