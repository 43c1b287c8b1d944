"""Three invented lives through two cycles, so that every page of a file has something to tell: somebody who grows,
somebody whose name is kept secret, and somebody who has left and is in trouble. Everything in them is made up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.accounts.services import find_by_username
from foyer.audit.services import act_as
from foyer.care import assessing, conferences, reviewing, rpi
from foyer.care.assessing import Answer
from foyer.care.models import AgreementMethod, Assessment, Doer, Domain, GoalState, Party, Point, ReviewResult
from foyer.caseload.desk import Desk, desk_of
from foyer.caseload.models import ServiceStage
from foyer.caseload.stages import reach
from foyer.counselling import flags
from foyer.counselling import notes as counselling_notes
from foyer.counselling import sessions as counselling
from foyer.counselling.models import FlagKind, FlagPriority, Presence, SessionKind, SessionMode
from foyer.counselling.sessions import Mark
from foyer.cycles.decisions import Destination
from foyer.cycles.models import Cycle, Enrolment
from foyer.database import db
from foyer.demo.earlier import LEAVER
from foyer.intake import referrals
from foyer.intake.models import ServiceLevel
from foyer.leaving import aftercare, exits, responses
from foyer.leaving.aftercare import Heard
from foyer.leaving.aftercare_models import Answer as HowItGoes
from foyer.leaving.aftercare_models import ContactKind, Question, WarningSign
from foyer.leaving.models import ExitReason, ItemState
from foyer.leaving.responses import Seen
from foyer.residences.models import Gender, Residence, Staff
from foyer.residents import consenting, family, ppks, restriction
from foyer.residents.consent import ConsentWay, Ground, Purpose
from foyer.residents.family import ContactSafety, Relation, Relative
from foyer.residents.models import EducationLevel, Resident, Stay
from foyer.residents.restriction import LegalRole, LegalStep

ARRIVED = date(2026, 9, 7)
_REFERRED = (  # name, gender, born, agency, received so many days ago, why
    ("Teguh Permadi", Gender.MALE, date(2010, 3, 9), "Satpol PP", 14, "Bekerja malam di pasar, putus sekolah."),
    ("Ayunda Kirana", Gender.FEMALE, date(2009, 7, 2), "Dinas Sosial", 22, "Putus sekolah sejak ibunya meninggal."),
)


@dataclass(frozen=True)
class Teller:
    """Who writes these files: the house's manager and the signed-in counsellor, and the day it is."""

    residence: Residence
    manager: User
    counsellor: User
    staff: Staff
    day: date

    def desk(self, day: date) -> Desk:
        """The counsellor's desk as it stood on a day."""
        return replace(desk_of(self.counsellor, self.residence.id), today=day)


def tell_stories(residence: Residence, earlier: Cycle, day: date) -> None:
    """Write the three files, and two referrals that wait for a decision; left alone once they are there."""
    manager, counsellor = find_by_username("kepala"), find_by_username("peksos")
    if manager is None or counsellor is None or db.session.scalar(select(Assessment.id).limit(1)) is not None:
        return
    staff = db.session.scalars(select(Staff).where(Staff.user_id == counsellor.id)).one()
    teller = Teller(residence, manager, counsellor, staff, day)
    act_as(actor_id=counsellor.id, residence_id=residence.id)  # whose files these are
    own = _who_stayed(earlier)
    warga = find_by_username("warga")
    growing = next((stay for stay in own if warga and stay.resident.user_id == warga.id), own[0])
    left = next(stay for stay in own if stay.resident.full_name == LEAVER)
    others = [stay for stay in own if stay is not growing and stay is not left]
    secret = next((stay for stay in others if "abh" in stay.needs), others[-1])  # which plan there is varies
    _somebody_grows(teller, growing, earlier)
    _somebody_is_protected(teller, secret, earlier)
    _somebody_has_left(teller, left, earlier)
    act_as(actor_id=manager.id, residence_id=residence.id)
    _two_are_referred(teller)


def _who_stayed(cycle: Cycle) -> list[Stay]:
    query = select(Stay).join(Enrolment, Enrolment.stay_id == Stay.id).where(Enrolment.cycle_id == cycle.id)
    return list(db.session.scalars(query.order_by(Stay.id)))


def _somebody_grows(teller: Teller, stay: Stay, earlier: Cycle) -> None:
    """From hardly speaking to helping newcomers: two cycles of scores, a plan that was reviewed and renewed."""
    resident = stay.resident
    mother = _guardian(resident, Relation.MOTHER, "Siti Rahmah (contoh)", "0812-0000-0001")
    _consent(teller, resident, mother, ARRIVED, [*Purpose][:4])
    _reach(resident, stay, ServiceStage.APPROACH, date(2026, 8, 24))
    _reach(resident, stay, ServiceStage.UNDERSTANDING, ARRIVED)
    first = _assess(teller, stay, earlier, Point.ENTRY, date(2026, 9, 16), "2221322", "2231311")
    assert first.finished_at is not None
    _reach(resident, stay, ServiceStage.PLANNING, date(2026, 9, 16))
    plan = rpi.begin_plan(
        stay,
        strengths="Sabar dengan anak kecil, teliti saat memegang alat, dekat dengan ibu.",
        on=date(2026, 9, 21),
        actor=teller.counsellor,
    )
    _goal(teller, plan, Domain.SOCIAL, "Berani bicara dalam kelompok kecil", date(2026, 11, 27), 3, 28)
    _goal(teller, plan, Domain.VOCATIONAL, "Menyelesaikan modul dasar keterampilan", date(2026, 12, 18), 3, 35)
    _agree(teller, plan, date(2026, 9, 28))
    _reach(resident, stay, ServiceStage.SERVICE, date(2026, 9, 28))
    _assess(teller, stay, earlier, Point.MIDDLE, date(2026, 11, 4), "3331333", "3332322")
    reviewing.hold_review(
        plan,
        on=date(2026, 11, 9),
        today=teller.day,
        result=ReviewResult.CONTINUE,
        summary="Sudah dua kali memimpin doa pembuka kelompok. Modul dasar hampir selesai; jalan terus.",
        actor=teller.counsellor,
    )
    _assess(teller, stay, earlier, Point.EXIT, date(2026, 12, 18), "4432443", "4443433")
    for goal in plan.goals:
        for step in goal.steps:
            rpi.do_step(step, on=step.due_on, today=teller.day, actor=teller.counsellor)
        rpi.close_goal(
            goal,
            GoalState.REACHED,
            words="Tercapai; ia sendiri yang bercerita kepada kelompok.",
            on=goal.due_on,
            version=None,
        )
    reviewing.hold_review(
        plan,
        on=date(2026, 12, 21),
        today=teller.day,
        result=ReviewResult.CHANGE,
        summary="Kedua tujuan tercapai. Siklus berikut: mendampingi teman baru dan ujian Paket C.",
        actor=teller.counsellor,
    )
    renewed = rpi.new_version(
        plan, reason="Tujuan baru untuk siklus I 2027.", on=date(2027, 1, 6), actor=teller.counsellor
    )
    _goal(teller, renewed, Domain.INDEPENDENCE, "Mengatur uang saku dua minggu penuh", date(2027, 3, 26), 4, 21)
    _agree(teller, renewed, date(2027, 1, 8))
    _talks(
        teller,
        resident,
        (date(2026, 9, 30), "Banyak diam. Bercerita tentang adiknya ketika ditanya hal yang ia sukai."),
        (date(2026, 11, 11), "Ingin menelepon ibu sendiri. Kami sepakat latihan apa yang mau disampaikan."),
        (date(2026, 12, 16), "Bangga dengan hasil kelas. Takut siklus baru, tetapi mau membantu yang baru datang."),
    )
    now = assessing.begin_assessment(
        stay,
        cycle=assessing.cycle_of_stay(stay, teller.day),
        point=Point.ENTRY,
        on=teller.day - timedelta(days=2),
        today=teller.day,
        actor=teller.counsellor,
    )
    assert now.finished_at is None  # the resident may still answer on the own page


def _somebody_is_protected(teller: Teller, stay: Stay, earlier: Cycle) -> None:
    """In conflict with the law: initials outside the team, diversion with BAPAS, no guardian who may be asked."""
    resident = stay.resident
    father = family.add_relative(
        resident,
        {
            "relation": Relation.FATHER,
            "is_guardian": True,
            "full_name": "Hendra (contoh)",
            "safety": ContactSafety.NOT_SAFE,
            "safety_reason": "Ada ancaman di rumah. Jangan dihubungi; hubungi PK BAPAS.",
        },
    )
    assert not father.may_be_asked
    consenting.record_answer(
        resident,
        [Purpose.CARE, Purpose.HEALTH],
        {
            "ground": Ground.LEGAL_DUTY,
            "ground_reason": "Penetapan diversi; wali tidak dapat dimintai persetujuan demi keselamatan anak.",
            "given_on": ARRIVED,
        },
        relative=None,
        today=teller.day,
        actor=teller.counsellor,
    )
    restriction.open_case(
        resident,
        {
            "role": LegalRole.CONFLICT,
            "step": LegalStep.DIVERSION,
            "from_on": date(2026, 8, 19),
            "officer": "Ibu Lestari, PK BAPAS (contoh)",
            "officer_phone": "0812-0000-0002",
            "office": "BAPAS (contoh)",
            "terms": "Mengikuti pelatihan dan konseling sampai akhir siklus I 2027; lapor tiap bulan.",
        },
    )
    ppks.propose_kind(
        resident, "child_facing_law", from_on=ARRIVED, source="Surat BAPAS (contoh)", actor=teller.counsellor
    )
    for stage, on in (
        (ServiceStage.APPROACH, date(2026, 8, 26)),
        (ServiceStage.UNDERSTANDING, ARRIVED),
        (ServiceStage.PLANNING, date(2026, 9, 17)),
    ):
        _reach(resident, stay, stage, on)
    _assess(teller, stay, earlier, Point.ENTRY, date(2026, 9, 17), "3122332", "3211333")
    _assess(teller, stay, earlier, Point.EXIT, date(2026, 12, 17), "3333343", "3233333")
    conference = conferences.add_conference(
        resident,
        stay,
        {
            "held_on": date(2026, 9, 22),
            "occasion": "Rencana pelayanan setelah penetapan diversi",
            "summary": "Disepakati pendampingan dekat pada minggu-minggu pertama dan satu orang yang ia percaya.",
            "resident_took_part": True,
        },
        staff_ids=[teller.staff.id],
        guests=["PK BAPAS (contoh)"],
        today=teller.day,
        actor=teller.counsellor,
    )
    conferences.decide(
        conference,
        {"words": "Laporan bulanan ke BAPAS", "owner_id": teller.staff.id, "due_on": date(2027, 1, 11)},
    )
    plan = rpi.begin_plan(
        stay, strengths="Setia kawan, cepat belajar dengan tangan.", on=date(2026, 9, 24), actor=teller.counsellor
    )
    _goal(teller, plan, Domain.PSYCHOSOCIAL, "Mengenali tanda marah dan berhenti sejenak", date(2026, 12, 11), 3, 21)
    _agree(teller, plan, date(2026, 10, 1))
    for step in plan.goals[0].steps:
        rpi.do_step(step, on=step.due_on, today=teller.day, actor=teller.counsellor)
    for on, words in (
        (date(2026, 11, 12), "Ia memilih kata tandanya sendiri."),
        (date(2026, 12, 17), "Tujuan hampir tercapai."),
    ):
        reviewing.hold_review(
            plan, on=on, today=teller.day, result=ReviewResult.CONTINUE, summary=words, actor=teller.counsellor
        )
    _reach(resident, stay, ServiceStage.SERVICE, date(2026, 10, 1))
    _talks(
        teller,
        resident,
        (date(2026, 10, 7), "Bercerita tentang malam itu untuk pertama kali. Berhenti ketika terasa berat."),
        (date(2026, 12, 9), "Tiga minggu tanpa perkelahian. Minta maaf kepada teman sekamar atas kemauan sendiri."),
    )
    flags.set_flag(
        teller.desk(teller.day),
        resident,
        kind=FlagKind.CLOSE,
        priority=FlagPriority.HIGH,
        text="Sidang kakaknya minggu depan. Temani sebelum tidur.",
        until_on=teller.day + timedelta(days=9),
        stay=stay,
    )


def _somebody_has_left(teller: Teller, stay: Stay, earlier: Cycle) -> None:
    """Left for a job in December; in January the job is gone, and the clock of a rapid response runs."""
    resident = stay.resident
    _reach(resident, stay, ServiceStage.APPROACH, date(2026, 8, 28))
    _reach(resident, stay, ServiceStage.UNDERSTANDING, ARRIVED)
    _consent(teller, resident, None, ARRIVED, [*Purpose][:3])
    _assess(teller, stay, earlier, Point.ENTRY, date(2026, 9, 15), "3233233", "3334233")
    _assess(teller, stay, earlier, Point.MIDDLE, date(2026, 11, 5), "3333334", "3434234")
    _assess(teller, stay, earlier, Point.EXIT, date(2026, 12, 14), "4334344", "4444344")
    row = exits.begin_exit(
        resident,
        stay,
        {
            "leaves_on": stay.leaves_on,
            "reason": ExitReason.WORK,
            "destination": Destination.WORK,
            "destination_words": "Bengkel las di Bogor (contoh), kos dekat bengkel.",
            "account": "Tujuan tercapai; bengkel tempat magang menerimanya bekerja.",
            "aftercare_staff_id": teller.staff.id,
        },
    )
    for item in row.items:
        exits.answer_item(
            item, state=ItemState.READY, note="", today=date(2026, 12, 20), actor=teller.counsellor, version=None
        )
    exits.propose(row, gaps="", actor=teller.counsellor, version=None)
    exits.approve(row, words="Selamat jalan, sampai jumpa bulan depan.", actor=teller.manager, version=None)
    exits.hand_over_toolkit(
        row,
        toolkit="Topeng las, sarung tangan, satu set kunci",
        on=date(2026, 12, 22),
        actor=teller.counsellor,
        version=None,
    )
    heard_on = teller.day - timedelta(days=1)
    contact = aftercare.add_contact(
        row,
        Heard(
            on=heard_on,
            kind=ContactKind.CALL,
            answers={
                Question.HOME: HowItGoes.HARD,
                Question.OCCUPATION: HowItGoes.HARD,
                Question.HEALTH: HowItGoes.WELL,
                Question.FAMILY: HowItGoes.MIXED,
            },
            account="Menelepon sendiri: bengkel tutup sejak tahun baru, uang kos hanya sampai akhir minggu.",
            next_step="Bertemu di kos, lalu hubungi dua bengkel mitra.",
        ),
        today=teller.day,
        actor=teller.counsellor,
    )
    responses.open_response(
        resident,
        Seen([WarningSign.NO_OCCUPATION, WarningSign.NO_HOME], account="Terancam kehilangan tempat tinggal."),
        owner=teller.staff,
        actor=teller.counsellor,
        now=datetime.combine(heard_on, time(9), tzinfo=UTC),
        stay=stay,
        contact=contact,
    )


def _two_are_referred(teller: Teller) -> None:
    """Nobody has decided yet."""
    desk = replace(teller.desk(teller.day), actor=teller.manager, staff=None)
    for name, gender, born_on, agency, days, reason in _REFERRED:
        referrals.register(
            desk,
            {
                "full_name": f"{name} (contoh)",
                "gender": gender,
                "born_on": born_on,
                "education_level": EducationLevel.SMP,
                "agency": agency,
                "received_on": teller.day - timedelta(days=days),
                "answer_by": teller.day + timedelta(days=5),
                "level": ServiceLevel.SECONDARY,
                "reason": reason,
                "needs": [],
                "is_restricted": False,
                "sender_name": "",
                "sender_reference": "",
            },
            seen=(),
        )


def _reach(resident: Resident, stay: Stay, stage: ServiceStage, on: date) -> None:
    reach(resident, stage, on=on, stay=None if stage is ServiceStage.APPROACH else stay)


def _guardian(resident: Resident, relation: Relation, name: str, phone: str) -> Relative:
    return family.add_relative(
        resident,
        {
            "relation": relation,
            "is_guardian": True,
            "full_name": name,
            "phone": phone,
            "safety": ContactSafety.SAFE,
        },
    )


def _consent(teller: Teller, resident: Resident, guardian: Relative | None, on: date, purposes: list[Purpose]) -> None:
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
        relative=guardian if is_minor else None,
        today=teller.day,
        actor=teller.counsellor,
    )


def _assess(teller: Teller, stay: Stay, cycle: Cycle, point: Point, on: date, worker: str, own: str) -> Assessment:
    """A finished assessment: one digit a domain for the worker and for the resident, in the domains' order."""
    assessment = assessing.begin_assessment(stay, cycle=cycle, point=point, on=on, today=on, actor=teller.counsellor)
    levels = dict(zip(Domain, map(int, worker), strict=True))
    said = dict(zip(Domain, map(int, own), strict=True))
    assessing.answer_own(assessment, said, said=None, version=None, actor=teller.counsellor)
    assessing.write_levels(
        assessment, {domain: Answer(level) for domain, level in levels.items()}, note=None, version=None
    )
    assessing.finish_assessment(assessment, version=None, actor=teller.counsellor)
    return assessment


def _goal(
    teller: Teller, plan: rpi.ServicePlan, domain: Domain, title: str, due_on: date, level: int, days: int
) -> None:
    goal = rpi.add_goal(
        plan, {"domain": domain, "title": title, "measure": None, "target_level": level, "due_on": due_on}
    )
    for doer, words, before in (
        (Doer.RESIDENT, "Mencoba sekali seminggu dan menceritakannya", days),
        (Doer.STAFF, "Bertanya dan memberi umpan balik setiap konseling", 7),
    ):
        rpi.add_step(
            goal,
            {
                "title": words,
                "doer": doer,
                "staff_id": teller.staff.id if doer is Doer.STAFF else None,
                "due_on": due_on - timedelta(days=before),
            },
        )


def _agree(teller: Teller, plan: rpi.ServicePlan, on: date) -> None:
    for party in (Party.RESIDENT, Party.COUNSELLOR):
        rpi.agree(plan, party, method=AgreementMethod.ON_PAPER, on=on, today=on, actor=teller.counsellor, version=None)


def _talks(teller: Teller, resident: Resident, *told: tuple[date, str]) -> None:
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
