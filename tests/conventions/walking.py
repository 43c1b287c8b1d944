"""A filled house, and a value for every parameter that an address may carry: what the walk along all addresses needs.

A new parameter name in a route needs a line in ``SAMPLES``. A record of a house goes in as the attribute of ``Filled``
that holds its id: the walk then also asks for another house's, and expects 404.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from werkzeug.routing import AnyConverter, Rule

from foyer.accounts.models import Role
from foyer.accounts.services import grant_house
from foyer.care.models import CaseConference
from foyer.cycles.collecting import OfferedTrade, WishCollection
from foyer.cycles.interruptions import Interruption, InterruptionKind
from foyer.cycles.models import PlanState
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from foyer.jobs.models import Run, RunState
from foyer.names import name_key
from foyer.own.models import CorrectionRequest
from foyer.papers.models import IssuedPaper, PaperKind
from foyer.residences.models import DayVariant, GridBlock, Holiday, RoomOutage, StaffKind, StaffUnavailability
from foyer.residents.models import KeepApart
from foyer.together.models import TogetherAct, TogetherKind
from foyer.training.models import AttendanceCorrection, AttendanceMark, ClassRegister, Presence
from foyer.training.progress_models import (
    Competency,
    CompetencyCheck,
    ConductArea,
    ConductNote,
    EarnedCertificate,
    Programme,
    Schooling,
    SchoolState,
    SchoolStep,
    StageItem,
    StageItemKind,
    StageReview,
    Tone,
)
from foyer.unsent.models import UnsentForm
from foyer.voices.models import Suggestion
from foyer.workbooks.models import WorkbookUpload
from tests.care.rows import care_ids
from tests.concerns.rows import concern_ids
from tests.counselling.rows import counselling_ids
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, make_house
from tests.factories import make_residence, make_resident, make_staff, make_user
from tests.incidents.rows import incident_ids
from tests.intake.rows import intake_ids
from tests.leaving.rows import leaving_ids
from tests.registers.rows import register_ids
from tests.residences.rows import check_ids
from tests.residents.rows import person_ids

# Parameter of an address: the attribute of Filled that holds a house's own record, or a plain value.
RECORDS = {
    "accommodation_id": "accommodation",
    "assessment_id": "assessment",
    "conference_id": "conference",
    "decision_id": "decision",
    "destruction_id": "destruction",
    "goal_id": "goal",
    "rpi_id": "rpi",
    "step_id": "step",
    "attachment_id": "attachment",
    "correction_id": "correction",
    "aftercare_id": "aftercare",
    "arrival_id": "arrival",
    "agency_id": "agency",
    "contact_id": "contact",
    "merge_id": "merge",
    "other_id": "other_resident",
    "referral_id": "referral",
    "block_id": "block",
    "breach_id": "breach",
    "certificate_id": "certificate",
    "check_id": "check",
    "check_kind_id": "check_kind",
    "competency_id": "competency",
    "case_id": "legal_case",
    "concern_id": "concern",
    "concern_step_id": "concern_step",
    "consent_id": "consent",
    "assignment_id": "assignment",
    "cover_id": "cover",
    "cycle_id": "cycle",
    "enrolment_id": "enrolment",
    "flag_id": "flag",
    "dose_id": "dose",
    "duty_id": "duty",
    "exit_id": "exit",
    "group_id": "group",
    "hold_id": "hold",
    "holiday_id": "holiday",
    "mark_id": "mark",
    "relative_id": "relative",
    "interruption_id": "interruption",
    "incident_id": "incident",
    "measure_id": "measure",
    "clock_id": "clock",
    "observation_id": "observation",
    "notice_id": "notice",
    "opening_id": "opening",
    "outage_id": "outage",
    "pair_id": "pair",
    "paper_id": "paper",
    "plan_id": "plan",
    "point_id": "point",
    "resident_id": "resident",
    "response_id": "response",
    "room_id": "room",
    "run_id": "run",
    "rung_id": "rung",
    "schooling_id": "schooling",
    "session_id": "session",
    "slip_id": "slip",
    "staff_check_id": "staff_check",
    "staff_id": "staff",
    "stay_id": "stay",
    "supervision_id": "supervision",
    "together_id": "together",
    "trade_id": "trade",
    "transfer_id": "transfer",
    "unavailability_id": "unavailability",
    "upload_id": "upload",
    "user_id": "user",
    "valuable_id": "valuable",
    "variant_id": "variant",
    "venue_id": "venue",
    "visit_id": "visit",
}
SAMPLES: dict[str, Any] = {
    "filename": "css/app.css",
    "kind": "resident",
    "number": 1,
    "part": "problem",
    "picture": "today-manager-laptop.png",
    "session_day": "2027-01-04",
    "slug": "1-set-up",
    "start": 480,
    "token": "no-such-token",
}


@dataclass
class Filled:
    """Ids of one house's records, and its accounts by role."""

    ids: dict[str, int]
    users: dict[Role, int] = field(default_factory=dict)


class UnknownParameter(AssertionError):
    pass


def values_of(rule: Rule, filled: Filled, other: Filled | None = None, other_name: str | None = None) -> dict[str, Any]:
    """A value for every parameter of the rule; the one called ``other_name`` is another house's."""
    found: dict[str, Any] = {}
    for name in rule.arguments:
        if name in RECORDS:
            house = other if other is not None and name == other_name else filled
            found[name] = house.ids[RECORDS[name]]
        elif name in SAMPLES:
            found[name] = SAMPLES[name]
        elif isinstance(rule._converters[name], AnyConverter):
            found[name] = min(rule._converters[name].items)
        else:
            raise UnknownParameter(
                f"{rule.rule} has a parameter {name!r} that the walk does not know. Add it to RECORDS (and make such a "
                f"record in fill_house) or to SAMPLES in tests/conventions/walking.py."
            )
    return found


def fill_house(name: str) -> Filled:
    """A house with something of everything, a published plan, and one account of each role."""
    residence = make_residence(name=name)
    with house_scope(residence.id):
        house = make_house(4, residence=residence)
        filled = Filled(ids=_ids_of(house))
        filled.ids |= _plan_ids(house)
        filled.ids |= _learning_ids(house, filled.ids["plan"])
        filled.users = _accounts(house)
        filled.ids["user"] = filled.users[Role.MANAGER]
        act = TogetherAct(
            residence_id=residence.id, kind=TogetherKind.FLAG, row_ids=[], made_by_id=filled.users[Role.COUNSELLOR]
        )
        filled.ids["together"] = _saved(act)
        db.session.add(UnsentForm(user_id=filled.users[Role.COUNSELLOR], address="/somewhere", fields="[]"))
        filled.ids |= care_ids(house, filled.users[Role.COUNSELLOR])
        filled.ids |= person_ids(house.enrolments[0].stay.resident, filled.users[Role.MANAGER])
        filled.ids |= intake_ids(house.enrolments[0].stay.resident, filled.users[Role.MANAGER])
        about = db.session.get_one(CaseConference, filled.ids["conference"])
        about.referral_id = filled.ids["referral"]  # the file's, and one that prepared a decision
        filled.ids |= counselling_ids(house, filled.users)
        filled.ids |= leaving_ids(house, filled.users)
        filled.ids |= incident_ids(house, filled.users)
        filled.ids |= concern_ids(residence.id, filled.users)
        filled.ids |= check_ids(house, filled.users)
        filled.ids |= register_ids(house, filled.users)
        filled.ids["stranger"] = make_resident(residence).id  # of this house, in nobody's caseload
    db.session.commit()
    return filled


def _ids_of(house: House) -> dict[str, int]:
    enrolment = house.enrolments[0]
    return {
        "cycle": house.cycle.id,
        "enrolment": enrolment.id,
        "group": house.classes[1].id,  # where the resident below sits
        "resident": enrolment.stay.resident_id,
        "room": house.rooms[0].id,
        "staff": house.counsellors[0].id,
        "stay": enrolment.stay_id,
        "trade": house.trades[1].id,
        "venue": house.venues[0].id,
        **{key: _saved(row) for key, row in _rows_of(house).items()},
    }


def _rows_of(house: House) -> dict[str, Any]:
    own = {"residence_id": house.residence.id}
    a, b = sorted(enrolment.stay.resident_id for enrolment in house.enrolments[:2])
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "block": GridBlock(**own, weekday=6, start_minute=480, end_minute=540, name="Kerja bakti", kind="activity"),
        "holiday": Holiday(**own, on=date(2027, 1, 1), name="Tahun Baru"),
        "variant": DayVariant(**own, kind="exams", name="Ujian", from_on=date(2027, 3, 1), to_on=date(2027, 3, 5)),
        "outage": RoomOutage(**own, room_id=house.rooms[0].id, from_on=date(2027, 8, 1)),
        "collection": WishCollection(
            **own,
            cycle_id=house.cycle.id,
            from_on=date(2026, 1, 1),
            to_on=date(2099, 1, 1),
            offers=[OfferedTrade(**own, trade_id=house.trades[0].id)],
        ),
        "correction": CorrectionRequest(**own, resident_id=house.enrolments[0].stay.resident_id, wrong="Tanggal"),
        "interruption": Interruption(
            **own,
            kind=InterruptionKind.STAFF,
            staff_id=house.counsellors[0].id,
            from_on=house.cycle.starts_on,
            weekdays=[6],
        ),
        "paper": IssuedPaper(
            **own,
            resident_id=house.enrolments[0].stay.resident_id,
            kind=PaperKind.LEAVE,
            year=2027,
            sequence=1,
            number_text="001/SI/I/2027",
            issued_on=house.cycle.starts_on,
            typed="{}",
            docx=b"",
            pdf=b"",
        ),
        "pair": KeepApart(**own, resident_a_id=a, resident_b_id=b, in_room=True, in_class=False),
        "slip": Suggestion(
            **own, words="Tambah lampu", week_of=now.date(), shown_words="Lampu", reply="Ya", published_on=now.date()
        ),
        "unavailability": StaffUnavailability(**own, staff_id=house.counsellors[0].id, weekday=6),
        "upload": WorkbookUpload(
            **own,
            filename="rencana.xlsx",
            digest="0" * 64,
            content=None,
            corrections=b64encode(b"a workbook").decode(),
            starts_on=house.cycle.starts_on,
            weeks=house.cycle.weeks,
            expires_at=now + timedelta(days=1),
        ),
    }


def _plan_ids(house: House) -> dict[str, int]:
    problem = build_problem(house.cycle)
    plan = store_plan(house.cycle, problem, plan_by_hand(problem))
    plan.state = PlanState.PUBLISHED
    draft = store_plan(house.cycle, problem, plan_by_hand(problem))
    run = Run(
        residence_id=house.residence.id,
        kind="plan",
        parameters={"cycle_id": house.cycle.id},
        state=RunState.DONE,
        result={"plan_id": plan.id},
    )
    return {"plan": plan.id, "draft": draft.id, "run": _saved(run)}


def _learning_ids(house: House, plan_id: int) -> dict[str, int]:
    """What the first resident learns."""
    own = {"residence_id": house.residence.id}
    stay, day = house.enrolments[0].stay, house.cycle.starts_on
    about = {**own, "resident_id": stay.resident_id, "stay_id": stay.id}
    competency = _saved(Competency(**own, trade_id=house.trades[1].id, position=1, title="Menyiapkan bumbu dasar"))
    _saved(Competency(**own, trade_id=house.trades[1].id, position=2, title="Menata meja"))  # not checked off yet
    schooling = Schooling(**about, programme=Programme.PAKET_C, provider="PKBM Harapan", since_on=day)
    schooling.steps.append(SchoolStep(**about, on=day, state=SchoolState.ENROLLED))
    register = ClassRegister(
        **own,
        group_id=house.classes[1].id,
        held_on=day,
        start_minute=480,
        end_minute=600,
        plan_id=plan_id,
        not_held_reason="",
    )
    mark = AttendanceMark(**about, presence=Presence.ILL, reason="demam")
    register.marks.append(mark)
    _saved(register)
    _saved(
        AttendanceCorrection(
            **about, mark_id=mark.id, was=Presence.ABSENT, became=Presence.ILL, why="Surat dokter menyusul"
        )
    )
    _saved(
        StageReview(
            **about,
            held_on=day,
            stage_before=1,
            stage_after=1,
            evidence="Bangun sendiri",
            review_on=day + timedelta(days=30),
        )
    )
    return {
        "competency": competency,
        "check": _saved(CompetencyCheck(**about, competency_id=competency, reached_on=day)),
        "schooling": _saved(schooling),
        "certificate": _saved(EarnedCertificate(**about, title="Tata boga dasar", issuer="BLK", earned_on=day)),
        "observation": _saved(
            ConductNote(
                **about,
                tone=Tone.PRAISE,
                area=ConductArea.EFFORT,
                seen_on=day,
                words="Membantu teman",
                is_shared=True,
            )
        ),
        "rung": _saved(
            StageItem(**own, stage=2, kind=StageItemKind.CRITERION, position=1, title="Merawat tempat tidur")
        ),
    }


def _accounts(house: House) -> dict[Role, int]:
    """One account of each role, tied to the person whose it is; the office sees this house only."""
    residence = house.residence
    persons: dict[Role, Any] = {
        Role.MANAGER: make_staff(residence, StaffKind.MANAGER),
        Role.COUNSELLOR: house.counsellors[0],
        Role.INSTRUCTOR: house.instructors[1],
        Role.RESIDENT: house.enrolments[0].stay.resident,
        Role.ADMINISTRATOR: None,
    }
    users = {}
    for role, person in persons.items():
        user = make_user(residence, role, username=f"{name_key(residence.name).replace(' ', '-')}.{role.value}")
        if person is not None:
            person.user_id = user.id
        users[role] = user.id
    office = make_user(None, Role.OFFICE)
    grant_house(office, residence.id)
    return {**users, Role.OFFICE: office.id}


def _saved(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)
