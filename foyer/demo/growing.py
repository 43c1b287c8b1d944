"""The first life: from hardly speaking to helping newcomers, in two cycles of scores and plans."""

from __future__ import annotations

from datetime import date, timedelta

from foyer.care import assessing, reviewing, rpi
from foyer.care.models import Domain, Point, ReviewResult
from foyer.caseload.models import ServiceStage
from foyer.cycles.models import Cycle
from foyer.demo import telling
from foyer.demo.telling import ARRIVED, Came, Letter, Teller
from foyer.intake.admission import link
from foyer.papers.models import PaperKind
from foyer.residences.models import Trade
from foyer.residents.attachments import AttachmentKind
from foyer.residents.consent import Purpose
from foyer.residents.family import Relation
from foyer.residents.models import Stay
from foyer.training.progress_models import ConductArea, Tone


def somebody_grows(teller: Teller, stay: Stay, earlier: Cycle, trade: Trade) -> list[Letter]:
    """From hardly speaking to helping newcomers: two cycles of scores, a plan that was reviewed and renewed."""
    _comes(teller, stay)
    plan = _is_understood(teller, stay, earlier)
    _first_cycle(teller, stay, earlier, plan, trade)
    _second_cycle(teller, stay, plan)
    return [
        Letter(
            date(2026, 12, 21),
            stay,
            PaperKind.PROGRESS,
            {
                "catatan": "Dari hampir tidak bicara menjadi pemimpin doa pembuka kelompok.",
                "saran": "Mendampingi teman yang baru datang pada siklus berikut.",
            },
        )
    ]


def _comes(teller: Teller, stay: Stay) -> None:
    resident = stay.resident
    came = Came(
        agency="Dinas Sosial Kota (contoh)",
        on=date(2026, 8, 17),
        reason="Putus sekolah dan jarang keluar rumah; ibu bekerja sendiri.",
        decided_on=date(2026, 8, 26),
        words="Diterima mulai siklus III 2026; ada tempat dan pendamping.",
        education=stay.education_level,
    )
    person = {"full_name": resident.full_name, "gender": resident.gender, "born_on": resident.born_on}
    link(telling.refer(teller, came, person, resident), resident, stay, version=None)
    mother = telling.guardian(resident, Relation.MOTHER, "Siti Rahmah", "0812-0000-0001")
    telling.consent(teller, resident, mother, ARRIVED, [*Purpose][:4])
    telling.attach(teller, stay, AttachmentKind.SCHOOL, "Ijazah terakhir")
    telling.attach(teller, stay, AttachmentKind.CONSENT, "Persetujuan ibu")
    telling.reached(resident, stay, ServiceStage.APPROACH, date(2026, 8, 24))
    telling.reached(resident, stay, ServiceStage.UNDERSTANDING, ARRIVED)


def _is_understood(teller: Teller, stay: Stay, earlier: Cycle) -> rpi.ServicePlan:
    telling.assess(teller, stay, earlier, Point.ENTRY, date(2026, 9, 16), "2221322 2231311")
    telling.reached(stay.resident, stay, ServiceStage.PLANNING, date(2026, 9, 16))
    telling.confer(
        teller,
        stay,
        date(2026, 9, 18),
        "Rencana pelayanan setelah asesmen awal",
        "Mulai dari kelompok kecil. Ibu menelepon setiap Minggu sore.",
        "Guru BK",
        ("Mencari kelompok belajar yang kecil", date(2026, 9, 25)),
    )
    plan = rpi.begin_plan(
        stay,
        strengths="Sabar dengan anak kecil, teliti saat memegang alat, dekat dengan ibu.",
        on=date(2026, 9, 21),
        actor=teller.counsellor,
    )
    telling.goal(teller, plan, Domain.SOCIAL, "Berani bicara dalam kelompok kecil", date(2026, 11, 27), 3)
    telling.goal(teller, plan, Domain.VOCATIONAL, "Menyelesaikan modul dasar keterampilan", date(2026, 12, 18), 3)
    telling.agree(teller, plan, date(2026, 9, 28))
    telling.reached(stay.resident, stay, ServiceStage.SERVICE, date(2026, 9, 28))
    return plan


def _first_cycle(teller: Teller, stay: Stay, earlier: Cycle, plan: rpi.ServicePlan, trade: Trade) -> None:
    telling.assess(teller, stay, earlier, Point.MIDDLE, date(2026, 11, 4), "3331333 3332322")
    reviewing.hold_review(
        plan,
        on=date(2026, 11, 9),
        today=teller.day,
        result=ReviewResult.CONTINUE,
        summary="Sudah dua kali memimpin doa pembuka kelompok. Modul dasar hampir selesai; jalan terus.",
        actor=teller.counsellor,
    )
    telling.seen(
        teller,
        stay,
        date(2026, 10, 20),
        ConductArea.PUNCTUALITY,
        "Tiga kali terlambat; sudah dibicarakan.",
        Tone.CONCERN,
    )
    telling.seen(teller, stay, date(2026, 11, 18), ConductArea.COOPERATION, "Mengajari teman memakai alat ukur.")
    telling.learnt(teller, stay, trade, date(2026, 12, 16), 3)
    telling.assess(teller, stay, earlier, Point.EXIT, date(2026, 12, 18), "4432443 4443433")
    telling.reach_goals(teller, plan, "Tercapai; ia sendiri yang bercerita kepada kelompok.")
    reviewing.hold_review(
        plan,
        on=date(2026, 12, 21),
        today=teller.day,
        result=ReviewResult.CHANGE,
        summary="Kedua tujuan tercapai. Siklus berikut: mendampingi teman baru dan ujian Paket C.",
        actor=teller.counsellor,
    )
    telling.talks(
        teller,
        stay.resident,
        (date(2026, 9, 30), "Banyak diam. Bercerita tentang adiknya ketika ditanya hal yang ia sukai."),
        (date(2026, 11, 11), "Ingin menelepon ibu sendiri. Kami sepakat latihan apa yang mau disampaikan."),
        (date(2026, 12, 16), "Bangga dengan hasil kelas. Takut siklus baru, tetapi mau membantu yang baru datang."),
    )


def _second_cycle(teller: Teller, stay: Stay, plan: rpi.ServicePlan) -> None:
    """The plan goes on with a new goal; the assessment of the new cycle waits for the resident's own answer."""
    renewed = rpi.new_version(
        plan, reason="Tujuan baru untuk siklus I 2027.", on=date(2027, 1, 6), actor=teller.counsellor
    )
    telling.goal(teller, renewed, Domain.INDEPENDENCE, "Mengatur uang saku dua minggu penuh", date(2027, 3, 26), 4)
    telling.agree(teller, renewed, date(2027, 1, 8))
    telling.talks(teller, stay.resident, (date(2027, 1, 7), "Menjemput dua teman baru di gerbang tanpa diminta."))
    now = assessing.begin_assessment(
        stay,
        cycle=assessing.cycle_of_stay(stay, teller.day),
        point=Point.ENTRY,
        on=teller.day - timedelta(days=2),
        today=teller.day,
        actor=teller.counsellor,
    )
    assert now.finished_at is None  # the resident may still answer on the own page
