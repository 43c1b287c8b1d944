"""From an uploaded workbook to the house's rows: all of it or nothing, and safe to run twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from foyer.audit.models import AuditEntry
from foyer.cycles.models import Cycle, CycleState, Enrolment, TeachingGroup
from foyer.database import db, house_scope, utc_now
from foyer.errors import Stale
from foyer.residences.models import GridBlock, Residence, Room, Staff, StaffKind, Trade
from foyer.residents.models import KeepApart, NikState, Resident, Stay
from foyer.workbooks import services
from foyer.workbooks.changes import Action
from foyer.workbooks.messages import write_corrections
from foyer.workbooks.models import UploadState, WorkbookUpload
from foyer.workbooks.problems import Severity
from foyer.workbooks.reading import Unreadable
from tests.factories import make_residence
from tests.workbooks.books import small, taruna, workbook
from tests.workbooks.test_other_houses import english


@pytest.fixture
def here(app: Flask) -> Iterator[Residence]:
    """An empty house, in whose scope and context the test runs."""
    with app.test_request_context(method="POST"):
        residence = make_residence()
        db.session.commit()
        with house_scope(residence.id):
            yield residence


def bring(residence: Residence, data: bytes, name: str = "plan.xlsx") -> services.DryRun:
    """Upload, look, confirm, commit."""
    upload = services.keep_upload(residence=residence, data=data, filename=name, actor_id=None)
    shown = services.dry_run(residence, upload).comparison.fingerprint
    run = services.import_upload(residence, upload, shown=shown, write_corrections=write_corrections)
    db.session.commit()
    return run


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def changed(data: bytes, sheet: str, **cells: Any) -> bytes:
    """The workbook with some cells typed anew."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book[sheet][place] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_demonstration_comes_in_whole_but_for_its_planted_rows(here: Residence) -> None:
    run = bring(here, taruna())
    assert (count(Resident), count(Stay), count(Enrolment)) == (108, 108, 108)
    assert (count(Room), count(Trade), count(TeachingGroup), count(GridBlock), count(KeepApart)) == (36, 9, 16, 72, 10)
    kinds = db.session.execute(select(Staff.kind, func.count()).group_by(Staff.kind)).all()
    assert dict(map(tuple, kinds)) == {
        StaffKind.COUNSELLOR: 10,
        StaffKind.INSTRUCTOR: 11,
        StaffKind.TUTOR: 5,
    }
    cycle = db.session.scalars(select(Cycle)).one()
    assert (cycle.year, cycle.number, cycle.starts_on, cycle.weeks) == (2027, 1, date(2027, 1, 4), 17)
    assert run.upload.result["waiting"] == {"Warga Binaan": 5, "Pisah": 1}


def test_what_came_in_is_what_the_workbook_says(here: Residence) -> None:
    bring(here, taruna())
    hardana = db.session.scalars(select(Resident).where(Resident.full_name == "Hardana Kuswoyo")).one()
    assert hardana.nik == "3275062708073598"
    assert hardana.nik_state is NikState.GIVEN
    stay = hardana.stays[0]
    assert stay.leaves_on == date(2027, 3, 1)
    assert stay.outside_hours == [[day, 0, 720] for day in range(5)]
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.stay_id == stay.id)).one()
    assert [choice.trade.name for choice in enrolment.choices] == [
        "Komputer dan Desain", "Otomotif Sepeda Motor", "Menjahit", "Tata Boga"
    ]  # fmt: skip
    short = db.session.scalars(select(Resident).where(Resident.full_name == "Laksana Pertiwi")).one()
    assert (short.nik, short.nik_state) == (None, NikState.NONE_YET)
    broken = db.session.scalars(select(Room).where(Room.code == "A8")).one()
    assert [(outage.reason, outage.until_on) for outage in broken.outages] == [("atap bocor", None)]
    cooling = db.session.scalars(select(TeachingGroup).where(TeachingGroup.code == "AC-1")).one()
    assert cooling.instructor is not None
    assert (cooling.instructor.full_name, cooling.minutes) == ("Syahrini Iswahyudi", 180)


def test_a_second_import_changes_nothing(here: Residence) -> None:
    first = bring(here, taruna())
    last = db.session.scalar(select(func.max(AuditEntry.id)))
    again = bring(here, taruna())
    assert again.comparison.changes_nothing
    assert {action for counts in again.comparison.counts().values() for action in counts} == {"same"}
    assert [p.code for p in again.comparison.problems] == [p.code for p in first.comparison.problems]
    about = db.session.scalars(select(AuditEntry.subject_type).where(AuditEntry.id > last)).all()
    assert set(about) == {"WorkbookUpload"}


def test_a_changed_cell_is_the_only_change(here: Residence) -> None:
    bring(here, small())
    data = changed(small(), "Warga Binaan", K4="Las", J5=date(2027, 4, 1))
    data = changed(data, "Kamar", D4=3)
    data = changed(data, "Hari", D8="Kegiatan bersama")
    run = bring(here, data)
    moved = [change for change in run.comparison.changes if not change.is_quiet]
    assert [(change.kind, change.action, [one.field for one in change.fields]) for change in moved] == [
        ("rooms", Action.CHANGE, ["beds"]),
        ("grid", Action.CHANGE, ["activity"]),
        ("residents", Action.CHANGE, ["choices"]),
        ("residents", Action.CHANGE, ["leaves_on"]),
    ]
    beds = moved[0].fields[0]
    assert (beds.old, beds.new) == (4, 3)
    assert bring(here, data).comparison.changes_nothing


def test_a_corrected_birth_date_or_name_is_the_same_person(here: Residence) -> None:
    bring(here, small())
    data = changed(small(), "Warga Binaan", E4=date(2010, 7, 29), B5="Laila Hardiansyah", E15=date(2009, 5, 15))
    run = bring(here, data)
    moved = {change.label: change for change in run.comparison.changes if not change.is_quiet}
    assert [one.field for one in moved["Koko Padmasari"].fields] == ["birth_date"]
    assert [(one.field, one.new) for one in moved["Lala Hardiansyah"].fields] == [("name", "Laila Hardiansyah")]
    assert [one.field for one in moved["Manah Nainggolan"].fields] == ["birth_date"]
    assert count(Resident) == 11


def test_a_number_that_another_resident_holds_is_left_out(here: Residence) -> None:
    bring(here, small())
    head = ["Nama", "NIK", "Tgl Lahir", "L/P", "Pendidikan Terakhir"]
    data = workbook({"Warga Binaan": [head, ["Siti Aisyah", "3275063007102364", "30/7/2010", "P", "SMP"]]})
    run = bring(here, data)
    assert [change.label for change in run.comparison.of("residents")] == ["Koko Padmasari"]  # the number decides
    data = workbook(
        {"Warga Binaan": [head, ["Lala Hardiansyah", "3275063007102364", "15/6/2008", "P", "SMK"]]}
    )  # another resident's number on a known person
    run = bring(here, data)
    assert [p.code for p in run.comparison.problems if p.severity is Severity.WARNING][-1] == "nik_of_another"
    assert count(Resident) == 11


def test_a_blank_cell_clears_wishes_but_never_what_is_known_of_a_person(here: Residence) -> None:
    bring(here, small())
    bring(here, changed(small(), "Warga Binaan", C4=None, D4=None, Q4=None, N4=None))
    koko = db.session.scalars(select(Resident).where(Resident.full_name == "Koko Padmasari")).one()
    assert (koko.nik, koko.birth_place) == ("3275063007102364", "Tebet")
    assert koko.stays[0].needs == []
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.stay_id == koko.stays[0].id)).one()
    assert len(enrolment.choices) == 3


def test_the_corrections_come_back_and_come_in(here: Residence) -> None:
    """The round trip: what waited is corrected in the downloaded workbook and imported, without the other sheets."""
    first = bring(here, taruna())
    waiting = services.corrections_of(first.upload)
    book = openpyxl.load_workbook(io.BytesIO(waiting))
    sheet = book["Warga Binaan"]
    assert sheet["T3"].value == "Yang perlu diperbaiki" or sheet["T3"].value == "What to correct"
    assert sheet["K4"].fill.fgColor.rgb == "00FDE2B8"
    assert sheet["T5"].value
    uncorrected = bring(here, waiting)
    assert uncorrected.comparison.changes_nothing
    assert [p.code for p in uncorrected.found.of(Severity.ERROR)] == [
        "unknown_trade", "impossible_date", "missing_gender", "age_outside"
    ]  # fmt: skip
    fixed = changed(waiting, "Warga Binaan", K4="Las", E5="11/01/2008", F6="L", E7="30/05/2009")
    run = bring(here, fixed)
    assert run.found.problems == [] or {p.severity for p in run.found.problems} <= {Severity.WARNING, Severity.NOTE}
    assert {kind: counts.get("create", 0) for kind, counts in run.comparison.counts().items()} == {
        "cycle": 0, "trades": 0, "residents": 4, "pairs": 1
    }  # fmt: skip
    assert (count(Resident), count(KeepApart)) == (112, 11)
    assert run.upload.corrections is None
    with pytest.raises(services.NothingWaits):
        services.corrections_of(run.upload)


def test_nothing_is_half_imported_when_the_database_refuses_in_the_middle(
    here: Residence, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foyer.workbooks import applying

    made: list[str] = []
    write = applying._WRITERS["residents"]

    def fail_at_the_fifth(desk: Any, change: Any) -> None:
        made.append(change.label)
        write(desk, change)
        if len(made) == 5:
            db.session.add(Trade(residence_id=here.id, name="Las", name_key="pengelasan"))  # taken already

    monkeypatch.setitem(applying._WRITERS, "residents", fail_at_the_fifth)
    upload = services.keep_upload(residence=here, data=small(), filename="plan.xlsx", actor_id=None)
    db.session.commit()
    with pytest.raises(IntegrityError):
        services.import_upload(here, upload, shown=None, write_corrections=write_corrections)
    db.session.rollback()
    assert len(made) >= 5
    assert [count(model) for model in (Resident, Room, Trade, Cycle, Staff, GridBlock)] == [0] * 6
    again = services.upload_for(upload.id)
    assert again.state is UploadState.WAITING
    monkeypatch.undo()
    services.import_upload(here, again, shown=None, write_corrections=write_corrections)
    db.session.commit()
    assert count(Resident) == 11


def test_what_was_not_shown_is_not_imported(here: Residence) -> None:
    upload = services.keep_upload(residence=here, data=small(), filename="plan.xlsx", actor_id=None)
    shown = services.dry_run(here, upload).comparison.fingerprint
    db.session.add(Room(residence_id=here.id, code="A1", beds=2, policy="male"))
    db.session.flush()
    with pytest.raises(Stale):
        services.import_upload(here, upload, shown=shown, write_corrections=write_corrections)


def test_the_file_is_encrypted_while_it_waits_and_gone_once_imported(here: Residence) -> None:
    upload = services.keep_upload(residence=here, data=small(), filename="plan.xlsx", actor_id=None)
    db.session.commit()
    stored = db.session.connection().exec_driver_sql("SELECT content FROM workbook_uploads").scalar_one()
    assert stored.startswith("gAAAA")
    services.import_upload(here, upload, shown=None, write_corrections=write_corrections)
    db.session.commit()
    stored = db.session.connection().exec_driver_sql("SELECT content, corrections FROM workbook_uploads").one()
    assert stored[0] is None
    assert stored[1].startswith("gAAAA")
    with pytest.raises(services.AlreadyImported):
        services.dry_run(here, upload)


def test_files_whose_time_is_up_are_forgotten(here: Residence) -> None:
    old = services.keep_upload(residence=here, data=small(), filename="old.xlsx", actor_id=None)
    old.expires_at = utc_now() - timedelta(seconds=1)
    db.session.flush()
    with pytest.raises(services.AlreadyImported):
        services.dry_run(here, old)
    services.keep_upload(residence=here, data=small(), filename="new.xlsx", actor_id=None)
    assert old.content is None


def test_no_name_or_number_of_a_person_is_kept_with_the_upload(here: Residence) -> None:
    bring(here, small())
    upload = db.session.scalars(select(WorkbookUpload)).one()
    kept = repr((upload.filename, upload.result))
    assert "Koko" not in kept
    assert "3275" not in kept


def test_a_file_that_is_no_workbook_leaves_nothing_behind(here: Residence) -> None:
    with pytest.raises(Unreadable):
        services.keep_upload(residence=here, data=b"hello", filename="plan.xlsx", actor_id=None)
    assert count(WorkbookUpload) == 0


def test_another_house_is_asked_once_and_then_remembered(here: Residence) -> None:
    upload = services.keep_upload(residence=here, data=english(), filename="spring.xlsx", actor_id=None)
    run = services.dry_run(here, upload)
    assert [question.heading for question in run.found.questions] == ["Lucky colour"]
    with pytest.raises(services.QuestionsOpen):
        services.import_upload(here, upload, shown=None, write_corrections=write_corrections)
    question = run.found.questions[0]
    services.remember_answers(here, upload, {(question.about, question.signature): "ignore"})
    services.import_upload(here, upload, shown=None, write_corrections=write_corrections)
    assert count(Resident) == 3
    again = services.keep_upload(residence=here, data=english(), filename="spring.xlsx", actor_id=None)
    assert services.dry_run(here, again).found.questions == []
    assert services.dry_run(here, again).comparison.changes_nothing
    with house_scope(make_residence().id):
        assert services.answers_of(here.id).columns == {}


def test_answers_that_mean_nothing_are_not_kept(here: Residence) -> None:
    upload = services.keep_upload(residence=here, data=english(), filename="spring.xlsx", actor_id=None)
    services.remember_answers(
        here, upload, {("column", "residents|lucky colour"): "password", ("sheet", "x"): "nothing"}
    )
    assert services.answers_of(here.id).columns == {}


def test_a_grid_described_anew_replaces_the_days_it_describes(here: Residence) -> None:
    head = ["Hari", "Mulai", "Selesai", "Kegiatan"]
    first = [
        ["Senin", "08:00", "10:00", "Kegiatan"],
        ["Senin", "12:00", "13:00", "Makan"],
        ["Selasa", "08:00", "9:00", "Kelas"],
    ]
    bring(here, workbook({"Hari": [head, *first]}))
    then = [["Senin", "08:30", "10:00", "Kegiatan"], ["Senin", "12:00", "13:00", "Makan"]]
    run = bring(here, workbook({"Hari": [head, *then]}))
    assert [(change.action, change.wanted["start"]) for change in run.comparison.of("grid")] == [
        (Action.CREATE, 510),
        (Action.SAME, 720),
        (Action.REMOVE, 480),
    ]
    blocks = db.session.execute(select(GridBlock.weekday, GridBlock.start_minute).order_by(GridBlock.id)).all()
    assert sorted(map(tuple, blocks)) == [(0, 510), (0, 720), (1, 480)]


def test_a_cycle_starts_on_a_monday_and_lies_on_no_other(here: Residence) -> None:
    bring(here, small())
    upload = services.keep_upload(residence=here, data=small(), filename="plan.xlsx", actor_id=None)
    with pytest.raises(services.NotAMonday):
        services.choose_cycle(here, upload, starts_on=date(2027, 5, 4), weeks=17)
    with pytest.raises(services.CyclesOverlap):
        services.choose_cycle(here, upload, starts_on=date(2027, 1, 11), weeks=17)
    services.choose_cycle(here, upload, starts_on=date(2027, 5, 3), weeks=16)
    run = services.dry_run(here, upload)
    assert run.state.cycle is None
    assert {p.code for p in run.found.of(Severity.ERROR)} >= {"leaves_before_cycle"}


def test_a_closed_cycle_is_history(here: Residence) -> None:
    bring(here, small())
    db.session.scalars(select(Cycle)).one().state = CycleState.CLOSED
    upload = services.keep_upload(residence=here, data=small(), filename="plan.xlsx", actor_id=None)
    with pytest.raises(services.CycleIsClosed):
        services.import_upload(here, upload, shown=None, write_corrections=write_corrections)


def test_a_new_cycle_takes_residents_into_a_second_stay_or_the_same(here: Residence) -> None:
    """The next cycle's workbook: who stays on keeps the stay, who is back has a new one."""
    bring(here, small())
    head = ["Nama", "Tgl Lahir", "L/P", "Pendidikan Terakhir", "Tgl Masuk", "Rencana Keluar"]
    data = workbook(
        {
            "Warga Binaan": [
                ["SIKLUS II TAHUN 2027"],
                head,
                ["Koko Padmasari", "30/7/2010", "L", "SMP", "3/5/2027", "29/8/2027"],
            ]
        }
    )
    run = bring(here, data)
    cycles = db.session.scalars(select(Cycle).order_by(Cycle.starts_on)).all()
    assert [(cycle.number, cycle.starts_on) for cycle in cycles] == [(1, date(2027, 1, 4)), (2, date(2027, 5, 3))]
    assert run.comparison.counts()["residents"] == {"change": 1}
    koko = db.session.scalars(select(Resident).where(Resident.full_name == "Koko Padmasari")).one()
    assert [stay.arrives_on for stay in koko.stays] == [date(2027, 1, 4), date(2027, 5, 3)]


def test_a_wish_that_was_entered_in_the_app_stays_and_the_workbook_says_so(here: Residence) -> None:
    """A workbook does not say when its choices were made; untouched wishes still follow it."""
    bring(here, small())
    everybody = db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    first, second = [enrolment for enrolment in everybody if len(enrolment.choices) > 1][:2]
    for enrolment in (first, second):
        for choice in list(enrolment.choices)[1:]:
            enrolment.choices.remove(choice)
    first.wished_at = utc_now()
    db.session.commit()
    run = bring(here, small())
    db.session.expire_all()
    notes = [problem for problem in run.comparison.problems if problem.code == "newer_wish"]
    assert [problem.severity for problem in notes] == [Severity.NOTE]
    assert notes[0].values["name"] == first.stay.resident.full_name
    assert (len(first.choices), len(second.choices) > 1) == (1, True)
