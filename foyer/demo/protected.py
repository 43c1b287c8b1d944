"""The second life: in conflict with the law, with initials outside the team and a father who must not be called."""

from __future__ import annotations

from datetime import date, timedelta

from foyer.care import assessing, reviewing, rpi
from foyer.care.models import Domain, Point, ReviewResult
from foyer.caseload.models import ServiceStage
from foyer.counselling import flags
from foyer.counselling.models import FlagKind, FlagPriority
from foyer.cycles.models import Cycle
from foyer.demo import telling
from foyer.demo.telling import ARRIVED, MARK, Came, Letter, Teller
from foyer.intake.admission import link
from foyer.papers.models import PaperKind
from foyer.residences.models import Trade
from foyer.residents import consenting, family, ppks, restriction
from foyer.residents.attachments import AttachmentKind
from foyer.residents.consent import Ground, Purpose
from foyer.residents.disclosing import Basis, Release
from foyer.residents.family import ContactSafety, Relation
from foyer.residents.models import Stay
from foyer.residents.restriction import LegalRole, LegalStep
from foyer.training.progress_models import ConductArea, Tone

_ANGER = "Mengenali tanda marah dan berhenti sejenak"


def somebody_is_protected(teller: Teller, stay: Stay, earlier: Cycle, trade: Trade) -> list[Letter]:
    """Diversion with BAPAS through two cycles, and no guardian at home who may be asked."""
    _comes(teller, stay)
    _is_asked_for(teller, stay)
    plan = _is_understood(teller, stay, earlier)
    _first_cycle(teller, stay, earlier, plan, trade)
    _second_cycle(teller, stay, plan)
    return [
        Letter(
            date(2027, 1, 11),
            stay,
            PaperKind.SOCIAL_REPORT,
            {
                "kepada": f"Kepala BAPAS {MARK}",
                "keadaan": "Mengikuti pelatihan dan konseling menurut penetapan diversi.",
                "rekomendasi": "Pendampingan diteruskan sampai akhir siklus I 2027.",
            },
            Release(Basis.PUBLIC_DUTY, receiver=f"BAPAS {MARK}", reason="Laporan bulanan menurut penetapan diversi."),
        )
    ]


def _comes(teller: Teller, stay: Stay) -> None:
    resident = stay.resident
    came = Came(
        agency="BAPAS (contoh)",
        on=date(2026, 8, 19),
        reason="Penetapan diversi: pelatihan dan pendampingan di panti.",
        decided_on=date(2026, 8, 28),
        words="Diterima; laporan bulanan kepada PK BAPAS.",
        education=stay.education_level,
        is_restricted=True,
    )
    person = {"full_name": resident.full_name, "gender": resident.gender, "born_on": resident.born_on}
    referral = telling.refer(teller, came, person, resident)
    link(referral, resident, stay, version=None)
    restriction.open_case(
        resident,
        {
            "role": LegalRole.CONFLICT,
            "step": LegalStep.DIVERSION,
            "from_on": date(2026, 8, 19),
            "officer": f"Ibu Lestari, PK BAPAS {MARK}",
            "officer_phone": "0812-0000-0002",
            "office": f"BAPAS {MARK}",
            "terms": "Mengikuti pelatihan dan konseling sampai akhir siklus I 2027; lapor tiap bulan.",
        },
    )
    ppks.propose_kind(
        resident,
        "child_facing_law",
        from_on=ARRIVED,
        source=f"Surat BAPAS {MARK}",
        actor=teller.counsellor,
        today=ARRIVED,
    )
    telling.attach(teller, stay, AttachmentKind.COURT, "Penetapan diversi")
    for stage, on in (
        (ServiceStage.APPROACH, date(2026, 8, 26)),
        (ServiceStage.UNDERSTANDING, ARRIVED),
        (ServiceStage.PLANNING, date(2026, 9, 17)),
    ):
        telling.reached(resident, stay, stage, on)


def _is_asked_for(teller: Teller, stay: Stay) -> None:
    """The father may not be asked; care rests on the decision until an aunt becomes guardian and says yes."""
    resident = stay.resident
    father = family.add_relative(
        resident,
        {
            "relation": Relation.FATHER,
            "is_guardian": True,
            "full_name": f"Hendra {MARK}",
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
    aunt = telling.guardian(resident, Relation.AUNT_OR_UNCLE, "Ibu Marlina", "0812-0000-0003")
    telling.consent(teller, resident, aunt, date(2026, 10, 12), [Purpose.CARE, Purpose.HEALTH])


def _is_understood(teller: Teller, stay: Stay, earlier: Cycle) -> rpi.ServicePlan:
    telling.assess(teller, stay, earlier, Point.ENTRY, date(2026, 9, 17), "3122332 3211333")
    telling.confer(
        teller,
        stay,
        date(2026, 9, 22),
        "Rencana pelayanan setelah penetapan diversi",
        "Disepakati pendampingan dekat pada minggu-minggu pertama dan satu orang yang ia percaya.",
        "PK BAPAS",
        ("Laporan bulanan ke BAPAS", date(2027, 1, 11)),
    )
    plan = rpi.begin_plan(
        stay, strengths="Setia kawan, cepat belajar dengan tangan.", on=date(2026, 9, 24), actor=teller.counsellor
    )
    telling.goal(teller, plan, Domain.PSYCHOSOCIAL, _ANGER, date(2026, 12, 11), 3)
    telling.agree(teller, plan, date(2026, 10, 1))
    telling.reached(stay.resident, stay, ServiceStage.SERVICE, date(2026, 10, 1))
    return plan


def _first_cycle(teller: Teller, stay: Stay, earlier: Cycle, plan: rpi.ServicePlan, trade: Trade) -> None:
    telling.assess(teller, stay, earlier, Point.MIDDLE, date(2026, 11, 5), "3222333 3222333")
    telling.seen(
        teller,
        stay,
        date(2026, 10, 14),
        ConductArea.RESPECT,
        "Membentak teman saat alat dipakai bersama.",
        Tone.CONCERN,
    )
    telling.seen(teller, stay, date(2026, 11, 25), ConductArea.EFFORT, "Berhenti sejenak, lalu kembali bekerja.")
    telling.learnt(teller, stay, trade, date(2026, 12, 15), 2)
    telling.reach_goals(teller, plan, "Tercapai: ia memakai kata tandanya sendiri.")
    telling.assess(teller, stay, earlier, Point.EXIT, date(2026, 12, 17), "3333343 3233333")
    for on, words, result in (
        (date(2026, 11, 12), "Ia memilih kata tandanya sendiri.", ReviewResult.CONTINUE),
        (date(2026, 12, 17), "Tujuan tercapai. Siklus berikut: pulang ke rumah bibi.", ReviewResult.CHANGE),
    ):
        reviewing.hold_review(plan, on=on, today=teller.day, result=result, summary=words, actor=teller.counsellor)
    telling.talks(
        teller,
        stay.resident,
        (date(2026, 10, 7), "Bercerita tentang malam itu untuk pertama kali. Berhenti ketika terasa berat."),
        (date(2026, 12, 9), "Tiga minggu tanpa perkelahian. Minta maaf kepada teman sekamar atas kemauan sendiri."),
    )


def _second_cycle(teller: Teller, stay: Stay, plan: rpi.ServicePlan) -> None:
    """The new cycle began with scores on both sides and a goal outside the house."""
    cycle = assessing.cycle_of_stay(stay, teller.day)
    telling.assess(teller, stay, cycle, Point.ENTRY, date(2027, 1, 7), "3333343 3333344")
    renewed = rpi.new_version(
        plan, reason="Siklus I 2027: menyiapkan tinggal bersama bibi.", on=date(2027, 1, 7), actor=teller.counsellor
    )
    telling.goal(
        teller, renewed, Domain.SOCIAL, "Bertemu bibi setiap dua minggu tanpa pendamping", date(2027, 3, 19), 4
    )
    telling.agree(teller, renewed, date(2027, 1, 8))
    telling.talks(teller, stay.resident, (date(2027, 1, 6), "Gelisah karena sidang kakaknya. Mau ditemani."))
    telling.seen(teller, stay, date(2027, 1, 8), ConductArea.INITIATIVE, "Mengajak teman sekamar merapikan bengkel.")
    flags.set_flag(
        teller.desk(teller.day),
        stay.resident,
        kind=FlagKind.CLOSE,
        priority=FlagPriority.HIGH,
        text="Sidang kakaknya minggu depan. Temani sebelum tidur.",
        until_on=teller.day + timedelta(days=9),
        stay=stay,
    )
