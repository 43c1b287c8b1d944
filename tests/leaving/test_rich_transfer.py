"""Somebody of whom everything is written down moves to another house: what travels is there and can be read, what stays
stays, and the sending house keeps all of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from foyer.accounts.models import Role, User
from foyer.audit.services import act_as, record
from foyer.care.models import (
    Assessment,
    ConferenceParticipant,
    RpiState,
    ServicePlan,
    ServiceStep,
)
from foyer.caseload.desk import desk_of
from foyer.caseload.dues import dues_of
from foyer.counselling.flags import flags_today
from foyer.counselling.models import FlagKind, ResidentFlag
from foyer.database import Base, EncryptedText, db, house_scope, utc_now
from foyer.intake.models import Agency, Referral
from foyer.leaving import transfers
from foyer.leaving.models import Exit, ExitState
from foyer.leaving.transfer_models import TransferArrival, TransferOffer, TransferState
from foyer.leaving.travelling import TRAVELS
from foyer.papers.services import next_sequence
from foyer.registers.models import MedicineDose, Valuable
from foyer.residences.models import Trade
from foyer.residents.aptitude import Aptitude
from foyer.residents.attachments import Attachment
from foyer.residents.models import Resident, Stay
from foyer.training.progress_models import Competency, CompetencyCheck
from tests.conventions.walking import Filled, fill_house
from tests.leaving.house import another_house

TODAY = date(2027, 2, 3)
PAGES = (
    "residents.resident residents.family residents.ppks residents.attachments care.assessments care.rpi "
    "care.conferences training.progress training.ladder_of leaving.index leaving.aftercare history.trail copies.copy"
)
MATCHED = {"aptitudes", "competency_checks"}  # where both houses teach the same
NEW_TABLES = {
    "residents",
    "stays",
    "assignments",
    "audit_entries",
    "transfer_arrivals",
    "valuables",
}  # made by the move itself


def rows_of(resident_id: int) -> dict[str, int]:
    """How many records of which table are about somebody."""
    found = {}
    for mapper in Base.registry.mappers:
        if hasattr(mapper.class_, "resident_id"):
            count = select(func.count()).select_from(mapper.class_).where(mapper.class_.resident_id == resident_id)
            if number := db.session.scalar(count):
                found[str(mapper.local_table.description)] = number
    return found


def values_of_table(name: str, resident_id: int) -> list[dict[str, Any]]:
    """What people wrote, decrypted, in the order of writing."""
    kind = next(mapper for mapper in Base.registry.mappers if mapper.local_table.description == name)
    keys = [one.key for one in kind.column_attrs if isinstance(one.columns[0].type, EncryptedText)]
    found = db.session.scalars(
        select(kind.class_).where(kind.class_.resident_id == resident_id).order_by(kind.class_.id)
    )
    return [{key: getattr(row, key) for key in keys} for row in found]


@pytest.fixture
def filled(app: Flask) -> Filled:
    app.config["FOYER"] = app.config["FOYER"].model_copy(update={"demonstration_day": TODAY})
    with app.app_context():
        return fill_house("Panti Mawar")


def make_ready(filled: Filled) -> tuple[Resident, Stay]:
    """The filled house's resident as one of a real house: a finished and an open assessment, an agreed plan with a step
    of the staff, a conference with the staff, no exit and no offer that stands."""
    resident = db.session.get_one(Resident, filled.ids["resident"])
    stay = db.session.get_one(Stay, filled.ids["stay"])
    db.session.get_one(Exit, filled.ids["exit"]).state = ExitState.WITHDRAWN
    for offer in db.session.scalars(select(TransferOffer)):
        offer.state = TransferState.WITHDRAWN
    done = db.session.get_one(Assessment, filled.ids["assessment"])
    done.finished_at, done.note = utc_now(), "Catatan asesmen"
    own = {"residence_id": resident.residence_id, "resident_id": resident.id}
    about = {"stay_id": stay.id, "assessed_on": stay.arrives_on, "assessed_by_id": filled.users[Role.COUNSELLOR]}
    db.session.add(Assessment(**own, **about, cycle_id=filled.ids["cycle"], point="middle"))
    plan = db.session.get_one(ServicePlan, filled.ids["rpi"])
    plan.state, plan.agreed_on = RpiState.AGREED, stay.arrives_on
    step = {"goal_id": filled.ids["goal"], "position": 2, "title": "Mendaftarkan", "due_on": stay.leaves_on}
    db.session.add(ServiceStep(**own, **step, doer="staff", staff_id=filled.ids["staff"]))
    db.session.add(ConferenceParticipant(**own, conference_id=filled.ids["conference"], staff_id=filled.ids["staff"]))
    for kind, text in ((FlagKind.SAFETY, "Jangan temui paman"), (FlagKind.CLOSE, "Temani sore")):
        span = {"from_on": stay.arrives_on, "until_on": TODAY + timedelta(days=30)}
        db.session.add(ResidentFlag(**own, **span, kind=kind, text=text, set_by_id=filled.users[Role.COUNSELLOR]))
    for dose in db.session.scalars(select(MedicineDose)):  # one of them struck through
        dose.at = datetime(2027, 2, 1, 3, tzinfo=UTC)
    db.session.flush()
    return resident, stay


def test_a_rich_file_travels_whole_and_is_read_in_the_new_house(
    app: Flask, filled: Filled, sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.test_request_context(method="POST"):
        sender_id = db.session.get_one(User, filled.users[Role.MANAGER]).residence_id or 0
        other = another_house()
        act_as(actor_id=other.manager.id, residence_id=sender_id)
        with house_scope(sender_id):
            resident, stay = make_ready(filled)
            taught = _taught_there_too(filled, resident, stay, other)
            before, moves_on = rows_of(resident.id), TODAY
            offer = transfers.Offer(other.residence, moves_on, "Dekat keluarga")
            sent = transfers.offer_transfer(
                resident, stay, offer, actor=db.session.get_one(User, filled.users[Role.MANAGER])
            )
            with house_scope(other.residence.id):
                arrival = db.session.scalars(select(TransferArrival).where(TransferArrival.offer_id == sent.id)).one()
                transfers.agree_arrival(arrival, answer="", actor=other.manager, version=None)
                by: dict[str, Any] = {"actor": other.manager, "version": None, "counsellor": other.staff}
                leaves_on = moves_on + timedelta(days=90)
                new = transfers.take_over(arrival, arrived_on=moves_on, leaves_on=leaves_on, today=moves_on, **by)
            after = rows_of(resident.id)
            lost = {name: (count, after.get(name, 0)) for name, count in before.items() if after.get(name, 0) < count}
            assert lost == {}  # the sending house keeps everything
            assert db.session.get_one(ServicePlan, filled.ids["rpi"]).state is RpiState.AGREED
            told = {name: values_of_table(name, resident.id) for name in TRAVELS}
        with house_scope(other.residence.id):
            there = rows_of(new.id)
            assert set(there) - TRAVELS - NEW_TABLES - MATCHED == set()  # nothing travels that is not named
            assert [row.trade_id for row in db.session.scalars(select(Aptitude))] == [taught]
            assert [row.competency.title for row in db.session.scalars(select(CompetencyCheck))] == ["Mengganti oli"]
            sheets = db.session.scalars(select(Attachment).where(Attachment.media_type == "application/pdf")).all()
            said = {sheet.title: _words_of(sheet) for sheet in sheets}
            assert set(said) == {"Riwayat dari Panti Mawar", "Rujukan ke Panti Mawar"}
            for part in (
                "Mengganti oli",
                "Menyiapkan bumbu dasar",
                "4 dari 5",
                "Konseling",
                "Parasetamol",
                "Jam tangan",
            ):
                assert part in said["Riwayat dari Panti Mawar"]
            agency = _agency_of(resident, sender_id)
            assert agency in said["Rujukan ke Panti Mawar"]
            assert agency not in said["Riwayat dari Panti Mawar"], "who referred is on a sheet of its own"
            assert "RAHASIAcounselling" not in " ".join(said.values())  # what was said in counselling stays
            dose = db.session.scalars(select(MedicineDose)).one()
            assert (dose.medicine, dose.note, dose.staff_id) == ("Parasetamol", "Catatan (Panti Mawar)", None)
            thing = db.session.scalars(select(Valuable)).one()
            assert (thing.thing, thing.is_awaited, thing.other_house) == ("Jam tangan", True, "Panti Mawar")
            flags = db.session.scalars(select(ResidentFlag)).all()
            assert [(flag.kind, flag.text) for flag in flags] == [
                (FlagKind.SAFETY, "Jangan temui paman (Panti Mawar)")  # neither what is over nor what was theirs
            ]
            assert [flag.text for flag in flags_today(desk_of(other.manager, other.residence.id), [new.id])[new.id]]
            expected = {name: after[name] for name in TRAVELS if name in after} | {"assessments": 1}
            expected["stage_steps"] += 1  # the new stay's own
            expected["attachments"] += 2  # the sheets
            expected["resident_flags"] = expected["medicine_doses"] = 1
            assert {name: there.get(name, 0) for name in expected} == expected
            for name in (
                "relatives",
                "legal_cases",
                "stage_reviews",
                "school_steps",
                "assessment_scores",
                "own_answers",
            ):
                assert values_of_table(name, new.id) == told[name], name  # decrypted and encrypted again
            plan = db.session.scalars(select(ServicePlan)).one()
            assert (plan.state, plan.ended_on, plan.stay.elsewhere) == (RpiState.ENDED, moves_on, "Panti Mawar")
            by_staff = db.session.scalars(select(ServiceStep).order_by(ServiceStep.position.desc())).first()
            assert by_staff is not None
            assert by_staff.title.startswith("Mendaftarkan (")
            assert "Panti Mawar" in by_staff.title
            guests = [one.guest or "" for one in db.session.scalars(select(ConferenceParticipant))]
            assert any("Panti Mawar" in guest for guest in guests)
            assert next_sequence(moves_on.year) == 1  # numbers of papers are each house's own
            desk = desk_of(other.manager, other.residence.id)
            due = [one.kind for one in dues_of(desk, [new.id]) if one.days_late(moves_on) > 0]
            assert due == []  # what the other house left undone is not late here
            new_id, manager_id, plan_id = new.id, other.manager.id, plan.id
        db.session.commit()
    browser = sign_in(manager_id)
    mine = sign_in(filled.users[Role.RESIDENT]).get("/my-file/readers").text  # the account moved along
    assert "(Panti Mawar)" in mine
    pages = {name: browser.get(address(app, name, new_id)) for name in PAGES.split()}
    assert {name: page.status_code for name, page in pages.items() if page.status_code != 200} == {}
    for name, words in {
        "residents.family": "Ibu Sari",
        "care.rpi": "Berakhir",
        "care.conferences": "CC",
        "leaving.index": "Panti Mawar",
        "history.trail": "Panti Mawar",
    }.items():
        assert words in pages[name].text, name
    assert "Mendaftarkan" in browser.get(f"{address(app, 'care.rpi', new_id)}/versions/{plan_id}").text
    assert sign_in(filled.users[Role.MANAGER]).get(address(app, "care.rpi", new_id)).status_code == 404
    handed = {"audience": "resident", "parts": ["papers", "referral"]}
    copy = browser.post(f"/residents/{new_id}/copy", data=handed)
    with zipfile.ZipFile(io.BytesIO(copy.data)) as archive:
        told = "".join(_pdf(archive.read(name)) for name in archive.namelist() if name.endswith(".pdf"))
    assert "Menyiapkan bumbu dasar" in told
    assert agency not in told, "the resident's copy says nothing of who referred and reported"


def _pdf(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def _words_of(sheet: Attachment) -> str:
    return _pdf(sheet.content)


def _agency_of(resident: Resident, residence_id: int) -> str:
    """Who referred the resident to the house."""
    with house_scope(residence_id):
        referral = db.session.scalars(select(Referral).where(Referral.resident_id == resident.id)).first()
        assert referral is not None
        return db.session.get_one(Agency, referral.agency_id).name


def _taught_there_too(filled: Filled, resident: Resident, stay: Stay, other: Any) -> int:
    """An aptitude and a competency in a trade that both houses teach; the trade over there."""
    own = {"residence_id": resident.residence_id}
    here = Trade(**own, name="Otomotif Lanjut", name_key="otomotif lanjut")
    there = Trade(residence_id=other.residence.id, name="Otomotif Lanjut", name_key="otomotif lanjut")
    db.session.add_all([here, there])
    db.session.flush()
    skills = [
        Competency(residence_id=trade.residence_id, trade_id=trade.id, position=1, title="Mengganti oli")
        for trade in (here, there)
    ]
    db.session.add_all(skills)
    db.session.flush()
    about = {**own, "resident_id": resident.id}
    db.session.add(Aptitude(**about, trade_id=here.id, level=4, assessed_on=TODAY))
    db.session.add(CompetencyCheck(**about, stay_id=stay.id, competency_id=skills[0].id, reached_on=TODAY))
    record("read", resident, resident_id=resident.id)
    db.session.flush()
    return int(there.id)


def address(app: Flask, endpoint: str, resident_id: int) -> str:
    rule = next(iter(app.url_map.iter_rules(endpoint)))
    return rule.rule.replace("<int:resident_id>", str(resident_id))
