from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from foyer.cycles.balance import balance_of
from foyer.cycles.balance_words import balance_lines
from foyer.cycles.house import load_facts
from foyer.cycles.models import GroupKind
from foyer.cycles.planning import problem_of
from foyer.cycles.readiness import ReadinessItem, Severity, assess
from foyer.cycles.sentences import READINESS, SHORTAGES, Names, place_of, readiness_lines, shortage_lines
from foyer.database import db, house_scope, utc_now
from foyer.residences.models import DayVariant, Gender, RoomOutage, VariantKind
from foyer.residents.models import KeepApart
from foyer.scheduling import counting
from foyer.scheduling.plan import Shortage
from foyer.workbooks.models import UploadState, WorkbookUpload
from tests.cycles.house import House, make_enrolment, make_group, saved
from tests.factories import make_cycle, make_residence


def found(home: House) -> dict[str, tuple[Severity, int]]:
    return {item.code: (item.severity, item.count) for item in assess(home.cycle).items}


def test_a_house_with_everything_needs_only_places_for_education(home):
    assert found(home) == {"education_without_venue": (Severity.ADVICE, 1), "ramadan_hours": (Severity.ADVICE, 1)}
    assert assess(home.cycle).is_clear


def test_hours_for_ramadan_are_asked_for_until_the_house_has_them(home):
    item = next(item for item in assess(home.cycle).items if item.code == "ramadan_hours")
    assert item.day == date(2027, 2, 8)
    assert readiness_lines([item], home.cycle)[0].url == "/house/day"
    days = {"from_on": date(2027, 2, 9), "to_on": date(2027, 3, 8)}
    saved(DayVariant(residence_id=home.residence.id, kind=VariantKind.RAMADAN, name="Ramadan", **days))
    assert "ramadan_hours" not in found(home)


def test_what_a_copied_class_stands_on_is_looked_at(home):
    home.classes[0].venue.is_active = False
    home.instructors[1].is_active = False
    home.trades[1].is_active = False
    db.session.flush()
    items = {item.code: item.names for item in assess(home.cycle).items}
    assert items["class_place_closed"] == ("OTO-1",)
    assert items["class_instructor_left"] == ("TAT-1",)
    assert items["class_trade_retired"] == ("TAT-1",)
    problem = assess(home.cycle).problem
    assert {group.id: group.venues for group in problem.groups}[str(home.classes[0].id)] == ()
    assert str(home.venues[0].id) not in {venue.id for venue in problem.venues}


def test_qualifications_that_are_over_or_end_are_named_and_only_valid_ones_are_planned(home):
    first, second = (teacher.trades[0] for teacher in home.instructors)
    first.until_on, second.until_on = date(2027, 1, 3), date(2027, 2, 1)
    home.classes[1].instructor_id = None
    db.session.flush()
    items = {item.code: item.names for item in assess(home.cycle).items}
    assert items["instructor_qualification_over"] == (f"OTO-1: {home.instructors[0].full_name}",)
    assert items["instructor_qualification_ends"] == (f"TAT-1: {home.instructors[1].full_name}",)
    teachers = {group.id: group.instructors for group in problem_of(load_facts(home.cycle)).groups}
    assert teachers[str(home.classes[1].id)] == (str(home.instructors[1].id),)
    later = {group.id: group.instructors for group in problem_of(load_facts(home.cycle, date(2027, 2, 2))).groups}
    assert later[str(home.classes[1].id)] == ()


def test_needs_are_counted_beside_what_there_is(home):
    lines = {line.code: (line.needed, line.there) for line in balance_of(assess(home.cycle))}
    assert lines["beds"] == (8, 16)
    assert lines["class_places"] == (8, 32)
    assert lines["education_places"] == (4, 30)
    assert lines["counsellor_places"] == (8, 28)
    assert lines["counselling_hours"] == (3, 85)  # eight times 45 minutes every two weeks; two counsellors
    assert lines["wishes"] == (8, 8)
    assert not any(line.is_short for line in balance_of(assess(home.cycle)))
    for room in home.rooms[1:]:
        saved(RoomOutage(residence_id=home.residence.id, room_id=room.id, from_on=None, until_on=None))
    db.session.expire_all()
    beds = next(line for line in balance_of(assess(home.cycle)) if line.code == "beds")
    assert (beds.there, beds.is_short) == (4, True)
    assert all(line.url for line in balance_lines([beds], home.cycle))


def test_a_class_for_an_age_and_a_gender_takes_nobody_else(home):
    group = home.classes[0]
    group.minimum_age, group.maximum_age, group.gender, group.target = 17, 19, Gender.FEMALE, 10
    db.session.flush()
    rules = next(g for g in problem_of(load_facts(home.cycle)).groups if g.id == str(group.id))
    assert (rules.minimum_age, rules.maximum_age, rules.genders, rules.target) == (17, 19, ("female",), 10)


def test_an_empty_house_lacks_everything(home):
    empty = make_cycle(make_residence())
    with house_scope(empty.residence_id):
        codes = {item.code for item in assess(empty).items if item.severity is Severity.BLOCKING}
    assert codes == {"no_residents", "no_rooms", "no_grid", "no_classes", "no_counsellors"}


def test_residents_without_choices_are_named(home):
    make_enrolment(home.cycle, full_name="Bunga Lestari")
    item = next(item for item in assess(home.cycle).items if item.code == "no_choices")
    assert (item.count, item.names) == (1, ("Bunga Lestari",))


def test_a_class_without_teacher_or_place_is_mentioned_and_one_without_time_blocks(home):
    trade = home.trades[0]
    make_group(home.cycle, code="OTO-8", trade=trade, minutes=400)
    for teacher in home.instructors:
        teacher.is_active = False
    db.session.flush()
    items = found(home)
    assert items["group_without_times"] == (Severity.BLOCKING, 1)
    assert items["class_without_venue"] == (Severity.ADVICE, 1)
    assert items["class_without_instructor"] == (Severity.ADVICE, 3)
    assert home.education[0].kind is GroupKind.EDUCATION


def test_a_counsellor_of_unknown_gender_blocks(home):
    home.counsellors[0].gender = None
    db.session.flush()
    assert found(home)["counsellor_gender"] == (Severity.BLOCKING, 1)


def test_a_pair_of_whom_one_is_not_here_is_mentioned(home):
    gone = make_enrolment(home.cycle, full_name="Pergi Jauh", arrives_on=date(2026, 1, 5), leaves_on=date(2026, 5, 5))
    low, high = sorted([home.enrolments[0].stay.resident_id, gone.stay.resident_id])
    saved(KeepApart(residence_id=home.residence.id, resident_a_id=low, resident_b_id=high))
    item = next(item for item in assess(home.cycle).items if item.code == "pair_has_left")
    assert item.names == ("Pergi Jauh",)


def test_rows_of_an_import_that_wait_are_counted(home):
    saved(
        WorkbookUpload(
            residence_id=home.residence.id,
            filename="rencana.xlsx",
            digest="0" * 64,
            starts_on=home.cycle.starts_on,
            weeks=17,
            state=UploadState.IMPORTED,
            result={"waiting": {"Warga Binaan": 4, "Pisah": 1}},
            imported_at=utc_now(),
            expires_at=utc_now(),
        )
    )
    assert found(home)["import_rows_waiting"] == (Severity.ADVICE, 5)


def test_shortages_name_the_worst_night(home):
    for room in home.rooms:
        if room.policy == Gender.FEMALE.value:
            saved(RoomOutage(residence_id=home.residence.id, room_id=room.id, from_on=None, until_on=None))
    db.session.expire_all()
    readiness = assess(home.cycle)
    lines = shortage_lines(readiness.shortages, Names(readiness.facts))
    assert not readiness.is_clear
    assert readiness.is_startable
    assert any("4 Januari 2027" in line.text for line in lines)
    assert all(line.url == "/house/rooms" for line in lines)


def test_every_readiness_code_has_its_sentence_and_place(home):
    for code in READINESS:
        line = readiness_lines([ReadinessItem(code, Severity.ADVICE, 2)], home.cycle)[0]
        assert line.text != code
        assert line.url, code
        assert line.act


def test_every_shortage_of_the_engine_has_its_sentence(home):
    names = Names(assess(home.cycle).facts)
    resident = str(home.enrolments[0].id)
    values = {
        "gender": "female",
        "night": 0,
        "needed": 27,
        "free": 24,
        "detail": 2,
        "subject": "Paket C",
        "groups": str(home.classes[0].id),
        "group": str(home.classes[0].id),
        "resident": resident,
        "instructor": str(home.instructors[0].id),
        "venue": str(home.venues[0].id),
        "counsellor": str(home.counsellors[0].id),
        "counsellors": str(home.counsellors[0].id),
        "weeks": 2,
        "kind": "class",
        "target": str(home.classes[0].id),
        "targets": "1, 2",
        "scope": "class",
        "stage": "times",
    }
    for code in SHORTAGES:
        line = shortage_lines([Shortage(code, tuple(values.items()), (resident,))], names)[0]
        assert line.text
        assert "%(" not in line.text
        if not code.startswith("pin"):
            assert line.url, code


def test_the_engine_has_no_shortage_without_a_sentence():
    """The codes are written down in docs/engine.md, section 7; they are also literals in the counting."""
    engine = Path(counting.__file__).parent
    files = {*engine.glob("*.py"), *engine.parent.glob("*.py")}
    sources = "".join(path.read_text() for path in files)
    literal = set(re.findall(r'Shortage\(\s*"([a-z_]+)"', sources)) | set(re.findall(r'code = "([a-z_]+)"', sources))
    for kind in ("class", "education"):
        literal |= {f"{kind}_{what}" for what in ("seats", "hours", "not_admitted", "not_offered", "apart")}
    literal |= {"instructor_periods", "venue_periods"}
    assert literal - set(SHORTAGES) == set()
    assert place_of("pins_apart", None) == (None, "")  # type: ignore[arg-type]
