"""Competencies, school, conduct, independence: what services refuse, what stays, and what the planner learns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import current_app

from foyer.caseload.desk import desk_of
from foyer.caseload.dues import dues_of
from foyer.database import db
from foyer.residents.models import EducationLevel
from foyer.training import competencies, conduct, independence, schooling
from foyer.training.progress_models import ConductArea, Programme, SchoolState, StageItemKind, Tone
from foyer.training.withdrawing import AlreadyWithdrawn, WithdrawalUnexplained, withdraw
from tests.training.conftest import Taught

TODAY = date(2027, 1, 13)


@pytest.fixture
def someone(taught: Taught):
    stay = taught.house.enrolments[1].stay
    return {"resident": stay.resident, "stay": stay, "today": TODAY, "actor_id": taught.manager.id}


def test_the_list_of_a_trade_is_the_house_s_own(taught: Taught) -> None:
    trade = taught.house.trades[0]
    assert competencies.take_starter_list(trade) == len(competencies.list_competencies([trade.id])) > 3
    assert competencies.take_starter_list(trade) == 0  # never twice
    own = competencies.add_competency(trade, "  Membaca   buku servis ")
    assert own.title == "Membaca buku servis"
    with pytest.raises(competencies.TitleTaken):
        competencies.add_competency(trade, "Membaca buku servis")
    with pytest.raises(competencies.TitleMissing):
        competencies.change_competency(own, title=" ", is_active=True, version=own.version)
    competencies.change_competency(own, title=own.title, is_active=False, version=own.version)
    assert own not in competencies.list_competencies([trade.id])
    assert competencies.add_competency(trade, own.title) is own  # taken up again


def test_checked_off_once_and_taken_back_with_a_reason(taught: Taught, someone) -> None:
    trade = taught.house.trades[0]
    competencies.take_starter_list(trade)
    first = competencies.list_competencies([trade.id])[0]
    with pytest.raises(competencies.ReachedTooLate):
        competencies.check_off(first, **someone, on=TODAY + timedelta(days=1))
    check = competencies.check_off(first, **someone, on=TODAY)
    assert competencies.check_off(first, **someone, on=TODAY) is check
    skills = competencies.skills_of(someone["resident"].id, [trade.id])
    assert [skill.check for skill in skills] == [check, *[None] * (len(skills) - 1)]
    with pytest.raises(WithdrawalUnexplained):
        competencies.withdraw_check(check, why=" ", actor_id=taught.manager.id)
    competencies.withdraw_check(check, why="Salah nama", actor_id=taught.manager.id)
    with pytest.raises(AlreadyWithdrawn):
        competencies.withdraw_check(check, why="Lagi", actor_id=taught.manager.id)
    assert competencies.check_off(first, **someone, on=TODAY) is not check


def test_passing_paket_c_raises_the_last_education_that_the_planner_reads(someone) -> None:
    stay = someone["stay"]
    begin = {"programme": Programme.PAKET_C, "provider": "PKBM Harapan", "grade": "Semester 1", **someone}
    found = schooling.begin_schooling(**begin, since_on=date(2027, 1, 4))
    with pytest.raises(schooling.AlreadyInProgramme):
        schooling.begin_schooling(**begin, since_on=TODAY)
    step = {"today": TODAY, "actor_id": someone["actor_id"], "note": "", "grade": ""}
    with pytest.raises(schooling.StepTooEarly):
        schooling.take_step(found, stay, state=SchoolState.EXAM, on=date(2027, 1, 3), version=found.version, **step)
    schooling.take_step(found, stay, state=SchoolState.EXAM, on=date(2027, 1, 8), version=found.version, **step)
    assert stay.education_level is EducationLevel.SMP
    schooling.take_step(found, stay, state=SchoolState.PASSED, on=TODAY, version=found.version, **step)
    assert stay.education_level is EducationLevel.SMA
    assert [one.state for one in found.steps] == [SchoolState.ENROLLED, SchoolState.EXAM, SchoolState.PASSED]
    with pytest.raises(schooling.ProgrammeEnded):
        schooling.take_step(found, stay, state=SchoolState.STUDYING, on=TODAY, version=found.version, **step)


def test_what_was_seen_has_a_next_page_in_each_tone(someone) -> None:
    write = {"area": ConductArea.EFFORT, "words": "Membantu teman", "talked_over": True, **someone}
    for tone in (Tone.PRAISE, Tone.CONCERN):
        for n in range(conduct.PAGE_SIZE + 1):
            conduct.write_note(tone=tone, seen_on=TODAY - timedelta(days=n), **write)
    resident = someone["resident"].id
    pages = [conduct.notes_in_tone(resident, Tone.PRAISE, page) for page in (1, 2)]
    assert [len(page.rows) for page in pages] == [conduct.PAGE_SIZE, 1]
    assert {(page.total, page.pages) for page in pages} == {(conduct.PAGE_SIZE + 1, 2)}
    assert all(note.tone is Tone.PRAISE for page in pages for note in page.rows)
    assert [len(conduct.shared_notes(resident, page).rows) for page in (1, 2, 3)] == [20, 20, 2]


def test_praise_comes_first_and_a_concern_is_read_once_it_was_talked_over(someone) -> None:
    write = {"area": ConductArea.EFFORT, **someone}
    concern = conduct.write_note(tone=Tone.CONCERN, seen_on=TODAY, words="Sering mengantuk", talked_over=False, **write)
    praise = conduct.write_note(
        tone=Tone.PRAISE, seen_on=TODAY - timedelta(days=3), words="Membantu teman", talked_over=False, **write
    )
    resident = someone["resident"].id
    assert conduct.notes_of(resident) == [praise, concern]
    assert conduct.notes_of(resident, shared_only=True) == [praise]
    conduct.share_note(concern)
    assert conduct.notes_of(resident, shared_only=True) == [praise, concern]
    with pytest.raises(conduct.NothingShared):
        conduct.share_note(concern)
    withdraw(concern, why="Salah orang", actor_id=someone["actor_id"])
    assert conduct.notes_of(resident) == [praise]
    with pytest.raises(conduct.SeenTooLate):
        conduct.write_note(tone=Tone.PRAISE, seen_on=TODAY + timedelta(days=1), words="x", talked_over=True, **write)


def review(someone, **options):
    stay = someone["stay"]
    return independence.hold_review(
        stay,
        **{
            "to": stay.independence_stage + 1,
            "met": [],
            "evidence": "Menjalankan jadwal tanpa diingatkan dua minggu ini.",
            "own_words": "Saya sudah siap",
            "all_the_same": "",
            "held_on": TODAY,
            "review_on": TODAY + timedelta(days=30),
            "today": TODAY,
            "actor_id": someone["actor_id"],
            "version": stay.version,
            **options,
        },
    )


def test_a_review_changes_the_stage_that_the_planner_reads_and_keeps_what_it_stood_on(taught: Taught, someone) -> None:
    stay = someone["stay"]
    assert independence.take_starter_ladder(stay.residence_id) > 10
    asked = independence.criteria_for(independence.list_items(), 2)
    with pytest.raises(independence.CriteriaOpen):
        review(someone, met=[asked[0].id])
    done = review(someone, met=[item.id for item in asked])
    assert (stay.independence_stage, done.stage_before, done.stage_after) == (2, 1, 2)
    independence.change_item(asked[0], title="Kata lain", is_active=True, version=asked[0].version)
    db.session.refresh(done)
    assert done.criteria[0] == {"title": "Mengenal jadwal harian dan menjalankannya dengan diingatkan", "met": True}
    again = review(someone, to=3, all_the_same="Sudah bekerja magang setiap hari")
    assert "magang setiap hari" in again.evidence
    assert review(someone, to=2).stage_after == 2
    privileges = independence.privileges_up_to(independence.list_items(), 2)
    assert {item.stage for item in privileges} == {1, 2}


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"to": 3}, independence.StageJump),
        ({"to": 0}, independence.StageJump),
        ({"evidence": " "}, independence.EvidenceMissing),
        ({"review_on": TODAY}, independence.ReviewDateWrong),
        ({"held_on": TODAY + timedelta(days=1)}, independence.ReviewDateWrong),
    ],
)
def test_what_a_review_refuses(someone, options, error) -> None:
    with pytest.raises(error):
        review(someone, **options)


def test_a_line_of_the_ladder_stands_there_once(taught: Taught) -> None:
    add = {"residence_id": taught.house.residence.id, "stage": 2, "kind": StageItemKind.PRIVILEGE}
    item = independence.add_item(title="Memilih menu", **add)
    with pytest.raises(independence.ItemTaken):
        independence.add_item(title="Memilih  menu", **add)
    with pytest.raises(independence.ItemMissing):
        independence.change_item(item, title="", is_active=True, version=item.version)


def test_the_next_look_at_a_stage_is_due_on_the_day_that_the_last_review_set(taught: Taught, someone) -> None:
    independence.take_starter_ladder(taught.house.residence.id)
    review(someone, to=1)
    review(someone, to=1, review_on=TODAY + timedelta(days=14))
    desk = desk_of(taught.manager, taught.house.residence.id)

    def due_looks() -> list[tuple[int, date]]:
        with current_app.test_request_context():
            found = dues_of(desk, [someone["resident"].id])
            return [(due.resident_id, due.due_on) for due in found if due.kind == "stage"]

    assert due_looks() == [(someone["resident"].id, TODAY + timedelta(days=14))]
    someone["stay"].leaves_on = desk.today  # whoever has left climbs no ladder
    someone["stay"].arrives_on = desk.today - timedelta(days=30)
    db.session.flush()
    assert due_looks() == []
