"""What every invented life is told with: who writes, and the parts that each file has."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from foyer.accounts.models import User
from foyer.accounts.services import find_by_username
from foyer.care import assessing, conferences, rpi
from foyer.care.assessing import Answer
from foyer.care.models import AgreementMethod, Assessment, Doer, Domain, GoalState, Party, Point
from foyer.caseload.desk import Desk, desk_of
from foyer.caseload.models import ServiceStage
from foyer.caseload.stages import reach
from foyer.counselling import notes as counselling_notes
from foyer.counselling import sessions as counselling
from foyer.counselling.models import Presence, SessionKind, SessionMode
from foyer.counselling.sessions import Mark
from foyer.cycles.models import Cycle
from foyer.cycles.queries import current_versions
from foyer.database import db
from foyer.intake import referrals
from foyer.intake.models import AnswerKind, AnswerWay, Referral, ReferralState, ServiceLevel
from foyer.intake.referrals import NEW, Verdict
from foyer.names import name_key
from foyer.papers.models import PaperKind
from foyer.papers.services import issue
from foyer.records import change_record
from foyer.residences.models import Residence, Staff, Trade
from foyer.residents import attachments, consenting, family
from foyer.residents.attachments import AttachmentKind
from foyer.residents.consent import ConsentWay, Ground, Purpose
from foyer.residents.disclosing import Release
from foyer.residents.family import ContactSafety, Relation, Relative
from foyer.residents.models import EducationLevel, Resident, Stay
from foyer.training import competencies, conduct
from foyer.training.progress_models import ConductArea, Tone

MARK = "(contoh)"  # behind the name of everybody who is invented
ARRIVED = date(2026, 9, 7)


@dataclass(frozen=True)
class DeskThen(Desk):
    """Where somebody stood at an earlier moment."""

    moment: datetime | None = None

    @property
    def now(self) -> datetime:
        return self.moment or super().now


@dataclass(frozen=True)
class Teller:
    """Who writes these files: the house's manager, the signed-in counsellor and the instructor, and the day it is."""

    residence: Residence
    manager: User
    counsellor: User
    instructor: User
    staff: Staff
    day: date

    def desk(self, day: date, actor: User | None = None) -> Desk:
        """The desk of the counsellor (or of ``actor``) as it stood on a day."""
        versions = current_versions(self.residence.id, day)  # whose caseload it was then
        return replace(desk_of(actor or self.counsellor, self.residence.id), today=day, versions=versions)

    def desk_at(self, moment: datetime, actor: User) -> DeskThen:
        """Somebody's desk at an earlier moment."""
        desk = desk_of(actor, self.residence.id)
        return DeskThen(desk.actor, desk.residence, moment.date(), desk.versions, desk.staff, moment=moment)


def teller_of(residence: Residence, day: date) -> Teller | None:
    """Whoever signs in to the demonstration; None while they have no accounts."""
    manager, counsellor, instructor = (find_by_username(name) for name in ("kepala", "peksos", "instruktur"))
    if manager is None or counsellor is None or instructor is None:
        return None
    staff = db.session.scalars(select(Staff).where(Staff.user_id == counsellor.id)).one()
    return Teller(residence, manager, counsellor, instructor, staff, day)


def is_marked(name: str) -> bool:
    """Whether a name says of itself that it is invented."""
    return name.endswith(MARK)


def mark_invented(resident: Resident) -> None:
    """Say it with the name: these files are read as if they were somebody's."""
    if not is_marked(resident.full_name):
        name = f"{resident.full_name} {MARK}"
        change_record(resident, {"full_name": name, "name_key": name_key(name)})


@dataclass(frozen=True)
class Came:
    """How somebody came: who sent, when, why, and what the house answered."""

    agency: str
    on: date
    reason: str
    decided_on: date
    words: str
    education: EducationLevel
    is_restricted: bool = False


def refer(teller: Teller, came: Came, person: Mapping[str, object], known: Resident | None = None) -> Referral:
    """A referral from its receipt to the acceptance, both told to the sender. ``person``: name, gender, birth."""
    desk = teller.desk(came.on, teller.manager)
    values = {
        **person,
        "education_level": came.education,
        "agency": came.agency,
        "received_on": came.on,
        "answer_by": came.decided_on,
        "level": ServiceLevel.TERTIARY if came.is_restricted else ServiceLevel.SECONDARY,
        "reason": came.reason,
        "needs": [],
        "is_restricted": came.is_restricted,
        "sender_name": f"Bapak Yusuf {MARK}",
        "sender_reference": "",
        "responsible_id": teller.staff.id,
    }
    seen = referrals.look(desk, referrals.wanted_of(values)).keys
    found = referrals.register(desk, values, seen=seen, known=f"r{known.id}" if known else NEW)
    referrals.answer(desk, found, AnswerKind.RECEIPT, way=AnswerWay.EMAIL, body="Rujukan diterima.", sent_on=came.on)
    later = teller.desk(came.decided_on, teller.manager)
    referrals.decide(later, found, Verdict(ReferralState.ACCEPTED, came.words), version=None)
    referrals.answer(later, found, AnswerKind.DECISION, way=AnswerWay.LETTER, body=came.words, sent_on=came.decided_on)
    return found


def reached(resident: Resident, stay: Stay, stage: ServiceStage, on: date) -> None:
    reach(resident, stage, on=on, stay=None if stage is ServiceStage.APPROACH else stay)


def guardian(resident: Resident, relation: Relation, name: str, phone: str) -> Relative:
    return family.add_relative(
        resident,
        {
            "relation": relation,
            "is_guardian": True,
            "full_name": f"{name} {MARK}",
            "phone": phone,
            "safety": ContactSafety.SAFE,
        },
    )


def consent(teller: Teller, resident: Resident, relative: Relative | None, on: date, purposes: list[Purpose]) -> None:
    """The guardian's answer with the child's own; an adult answers alone."""
    is_minor = consenting.is_minor(resident, on)
    consenting.record_answer(
        resident,
        purposes,
        {
            "ground": Ground.CONSENT,
            "is_given": True,
            "way": ConsentWay.SIGNED,
            "given_on": on,
            "assents": True if is_minor else None,
        },
        relative=relative if is_minor else None,
        today=teller.day,
        actor=teller.counsellor,
    )


def assess(teller: Teller, stay: Stay, cycle: Cycle | None, point: Point, on: date, sides: str) -> Assessment:
    """A finished assessment. ``sides``: one digit a domain for the worker and, behind a blank, for the resident."""
    assessment = assessing.begin_assessment(stay, cycle=cycle, point=point, on=on, today=on, actor=teller.counsellor)
    worker, own = (dict(zip(Domain, map(int, digits), strict=True)) for digits in sides.split())
    assessing.answer_own(assessment, own, said=None, version=None, actor=teller.counsellor)
    assessing.write_levels(
        assessment, {domain: Answer(level) for domain, level in worker.items()}, note=None, version=None
    )
    assessing.finish_assessment(assessment, version=None, actor=teller.counsellor)
    return assessment


def goal(teller: Teller, plan: rpi.ServicePlan, domain: Domain, title: str, due_on: date, level: int) -> None:
    """A goal with a step of the resident's and one of the counsellor's."""
    made = rpi.add_goal(
        plan, {"domain": domain, "title": title, "measure": None, "target_level": level, "due_on": due_on}
    )
    for doer, words, before in (
        (Doer.RESIDENT, "Mencoba sekali seminggu dan menceritakannya", 21),
        (Doer.STAFF, "Bertanya dan memberi umpan balik setiap konseling", 7),
    ):
        rpi.add_step(
            made,
            {
                "title": words,
                "doer": doer,
                "staff_id": teller.staff.id if doer is Doer.STAFF else None,
                "due_on": date.fromordinal(due_on.toordinal() - before),
            },
        )


def agree(teller: Teller, plan: rpi.ServicePlan, on: date) -> None:
    for party in (Party.RESIDENT, Party.COUNSELLOR):
        rpi.agree(plan, party, method=AgreementMethod.ON_PAPER, on=on, today=on, actor=teller.counsellor, version=None)


def reach_goals(teller: Teller, plan: rpi.ServicePlan, words: str) -> None:
    """Every step was done on its day, and every goal is reached."""
    for one in plan.goals:
        for step in one.steps:
            rpi.do_step(step, on=step.due_on, today=teller.day, actor=teller.counsellor)
        rpi.close_goal(one, GoalState.REACHED, words=words, on=one.due_on, version=None)


def talks(teller: Teller, resident: Resident, *told: tuple[date, str]) -> None:
    """Counselling that took place, each with a note that only its author and a named supervisor read."""
    for on, body in told:
        desk = teller.desk(on)
        start = 14 * 60 + resident.id % 4 * 45
        session = counselling.put_down(
            desk,
            [resident.id],
            kind=SessionKind.INDIVIDUAL,
            mode=SessionMode.IN_PERSON,
            on=on,
            start=start,
            end=start + 45,
        )
        counselling.mark(desk, session, {resident.id: Mark(Presence.PRESENT)}, mode=SessionMode.IN_PERSON, version=None)
        counselling_notes.write_note(desk, session, session.attendances[0], body=body)


def confer(
    teller: Teller, stay: Stay, on: date, occasion: str, summary: str, guest: str, decision: tuple[str, date]
) -> None:
    """A case conference with somebody from outside, and what it decided; done on its day where that has come."""
    conference = conferences.add_conference(
        stay.residence_id,
        {"held_on": on, "occasion": occasion, "summary": summary, "resident_took_part": True},
        resident_id=stay.resident_id,
        stay_id=stay.id,
        staff_ids=[teller.staff.id],
        guests=[f"{guest} {MARK}"],
        today=teller.day,
        actor=teller.counsellor,
    )
    words, due_on = decision
    made = conferences.decide(conference, {"words": words, "owner_id": teller.staff.id, "due_on": due_on})
    if due_on < teller.day:
        conferences.finish_decision(made, on=due_on, today=teller.day, outcome="Sudah dilakukan.", version=None)


def seen(teller: Teller, stay: Stay, on: date, area: ConductArea, words: str, tone: Tone = Tone.PRAISE) -> None:
    """What the instructor saw, and talked over."""
    conduct.write_note(
        stay.resident,
        stay,
        tone=tone,
        area=area,
        seen_on=on,
        words=words,
        talked_over=True,
        today=teller.day,
        actor_id=teller.instructor.id,
    )


def learnt(teller: Teller, stay: Stay, trade: Trade, on: date, how_many: int) -> None:
    """The first lines of the trade's list were seen, and a partner wrote a certificate."""
    for one in competencies.list_competencies([trade.id])[:how_many]:
        competencies.check_off(one, stay.resident, stay, on=on, today=teller.day, actor_id=teller.instructor.id)
    conduct.add_certificate(
        stay.resident,
        stay,
        title=f"{trade.name}: tingkat dasar",
        issuer=f"BLK Kota {MARK}",
        number=f"{stay.resident_id:03d}/BLK/XII/2026",
        earned_on=on,
        trade_id=trade.id,
        today=teller.day,
        actor_id=teller.instructor.id,
    )


def attach(teller: Teller, stay: Stay, kind: AttachmentKind, title: str) -> None:
    """A scan that says what it is and that it is invented."""
    page = Image.new("RGB", (620, 877), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(28)
    pen.rectangle((30, 30, 590, 847), outline="#1c2733", width=2)
    pen.text((70, 80), title, fill="#1c2733", font=font)
    pen.text((70, 780), f"CONTOH {stay.resident_id}", fill="#9a5b00", font=font)
    file = io.BytesIO()
    page.save(file, "PNG")
    attachments.add_attachment(
        stay.resident,
        file.getvalue(),
        kind=kind,
        title=f"{title} {MARK}",
        actor=teller.counsellor,
        today=teller.day,
        stay_id=stay.id,
    )


@dataclass(frozen=True)
class Letter:
    """A document that the house issues about somebody on a day."""

    on: date
    stay: Stay
    kind: PaperKind
    typed: Mapping[str, str]
    release: Release | None = None  # on what it stands that it leaves the house


def send_letters(teller: Teller, letters: list[Letter]) -> None:
    """In the order of their days, so that their numbers are."""
    for letter in sorted(letters, key=lambda one: one.on):
        resident = letter.stay.resident
        issue(
            teller.desk(letter.on),
            resident,
            letter.stay,
            letter.kind,
            letter.typed,
            with_full_name=not resident.is_restricted,
            release=letter.release,
        )
