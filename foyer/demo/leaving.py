"""The third life: came at seventeen, left for work at eighteen, and needs the house once more."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from foyer.care import reviewing, rpi
from foyer.care.models import Domain, Point, ReviewResult
from foyer.caseload.models import ServiceStage
from foyer.cycles.decisions import Destination
from foyer.cycles.models import Cycle
from foyer.demo import telling
from foyer.demo.telling import ARRIVED, MARK, Letter, Teller
from foyer.leaving import aftercare, exits, responses
from foyer.leaving.aftercare import Heard
from foyer.leaving.aftercare_models import Answer as HowItGoes
from foyer.leaving.aftercare_models import ContactKind, Question, WarningSign
from foyer.leaving.models import Exit, ExitReason, ItemState
from foyer.leaving.responses import Seen
from foyer.papers.models import PaperKind
from foyer.residences.models import Trade
from foyer.residents.attachments import AttachmentKind
from foyer.residents.consent import Purpose
from foyer.residents.consenting import birthday
from foyer.residents.disclosing import Basis, Release
from foyer.residents.family import Relation
from foyer.residents.models import Stay
from foyer.training import schooling
from foyer.training.progress_models import ConductArea, Programme, SchoolState


def somebody_has_left(teller: Teller, stay: Stay, earlier: Cycle, trade: Trade) -> list[Letter]:
    """Left for a job in December; in January the job is gone, and the clock of a rapid response runs."""
    _comes(teller, stay)
    _first_cycle(teller, stay, earlier, trade)
    row = _leaves(teller, stay, trade)
    _is_in_trouble(teller, stay, row)
    return [
        Letter(date(2026, 12, 17), stay, PaperKind.CERTIFICATE, {"tanggal_selesai": "17 Desember 2026"}),
        Letter(
            date(2026, 12, 18),
            stay,
            PaperKind.REFERRAL,
            {
                "kepada": f"Puskesmas Bogor {MARK}",
                "alasan": "Pindah kerja dan tinggal di wilayah Puskesmas.",
                "layanan_diminta": "Pendaftaran dan pemeriksaan berkala",
            },
            Release(Basis.HEALTH, receiver=f"Puskesmas Bogor {MARK}"),
        ),
    ]


def _comes(teller: Teller, stay: Stay) -> None:
    """The mother said yes for a boy of seventeen; on the birthday in the cycle he was asked himself."""
    resident = stay.resident
    mother = telling.guardian(resident, Relation.MOTHER, "Ibu Nurhaliza", "0812-0000-0004")
    telling.consent(teller, resident, mother, ARRIVED, [*Purpose][:3])
    telling.consent(teller, resident, None, birthday(resident.born_on), [*Purpose][:3])
    telling.attach(teller, stay, AttachmentKind.BIRTH_CERTIFICATE, "Kutipan akta kelahiran")
    telling.reached(resident, stay, ServiceStage.UNDERSTANDING, ARRIVED)


def _first_cycle(teller: Teller, stay: Stay, earlier: Cycle, trade: Trade) -> None:
    telling.assess(teller, stay, earlier, Point.ENTRY, date(2026, 9, 15), "3233233 3334233")
    telling.reached(stay.resident, stay, ServiceStage.PLANNING, date(2026, 9, 15))
    plan = rpi.begin_plan(
        stay, strengths="Rajin, kuat, punya paman di Bogor.", on=date(2026, 9, 18), actor=teller.counsellor
    )
    telling.goal(teller, plan, Domain.VOCATIONAL, f"Siap bekerja di bidang {trade.name}", date(2026, 12, 11), 4)
    telling.goal(teller, plan, Domain.INDEPENDENCE, "Membuka rekening dan menabung tiap minggu", date(2026, 12, 4), 4)
    telling.agree(teller, plan, date(2026, 9, 25))
    telling.reached(stay.resident, stay, ServiceStage.SERVICE, date(2026, 9, 25))
    telling.assess(teller, stay, earlier, Point.MIDDLE, date(2026, 11, 5), "3333334 3434234")
    reviewing.hold_review(
        plan,
        on=date(2026, 11, 6),
        today=teller.day,
        result=ReviewResult.CONTINUE,
        summary="Magang dimulai; menabung tiga minggu berturut-turut.",
        actor=teller.counsellor,
    )
    _learns(teller, stay, trade)
    telling.reach_goals(teller, plan, "Tercapai.")
    telling.talks(
        teller,
        stay.resident,
        (date(2026, 9, 29), "Ingin cepat bekerja supaya ibu berhenti mencuci untuk tetangga."),
        (date(2026, 11, 24), "Delapan belas tahun kemarin. Membaca persetujuannya sendiri dan bertanya dua hal."),
        (date(2026, 12, 15), "Siap berangkat. Takut sendirian pada malam hari."),
    )
    telling.assess(teller, stay, earlier, Point.EXIT, date(2026, 12, 14), "4334344 4444344")
    reviewing.hold_review(
        plan,
        on=date(2026, 12, 16),
        today=teller.day,
        result=ReviewResult.END,
        summary="Kedua tujuan tercapai; rencana selesai bersama masa tinggal.",
        actor=teller.counsellor,
    )


def _learns(teller: Teller, stay: Stay, trade: Trade) -> None:
    telling.seen(teller, stay, date(2026, 10, 29), ConductArea.EFFORT, "Datang pertama dan pulang terakhir di bengkel.")
    telling.learnt(teller, stay, trade, date(2026, 12, 11), 4)
    course = schooling.begin_schooling(
        stay.resident,
        stay,
        programme=Programme.COURSE,
        provider=f"PKBM Tunas Harapan {MARK}",
        grade="Kewirausahaan",
        since_on=date(2026, 9, 21),
        today=teller.day,
        actor_id=teller.counsellor.id,
    )
    schooling.take_step(
        course,
        stay,
        state=SchoolState.PASSED,
        grade="",
        on=date(2026, 12, 12),
        note="",
        today=teller.day,
        actor_id=teller.counsellor.id,
        version=None,
    )


def _leaves(teller: Teller, stay: Stay, trade: Trade) -> Exit:
    telling.confer(
        teller,
        stay,
        date(2026, 12, 10),
        "Kesiapan keluar",
        "Pekerjaan dan kos siap; ibu setuju. Kontak lanjut disepakati setiap bulan.",
        "Pemilik usaha tempat magang",
        ("Menyiapkan bantuan alat kerja", date(2026, 12, 18)),
    )
    row = exits.begin_exit(
        stay.resident,
        stay,
        {
            "leaves_on": stay.leaves_on,
            "reason": ExitReason.WORK,
            "destination": Destination.WORK,
            "destination_words": f"Usaha {trade.name} di Bogor {MARK}, kos dekat tempat kerja.",
            "account": "Tujuan tercapai; tempat magang menerimanya bekerja.",
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
        toolkit=f"Satu set alat kerja {trade.name} dan pelindung diri",
        on=date(2026, 12, 22),
        actor=teller.counsellor,
        version=None,
    )
    return row


def _is_in_trouble(teller: Teller, stay: Stay, row: Exit) -> None:
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
            account="Menelepon sendiri: usaha tutup sejak tahun baru, uang kos hanya sampai akhir minggu.",
            next_step="Bertemu di kos, lalu hubungi dua usaha mitra.",
        ),
        today=teller.day,
        actor=teller.counsellor,
    )
    responses.open_response(
        stay.resident,
        Seen([WarningSign.NO_OCCUPATION, WarningSign.NO_HOME], account="Terancam kehilangan tempat tinggal."),
        owner=teller.staff,
        actor=teller.counsellor,
        now=datetime.combine(heard_on, time(9), tzinfo=UTC),
        stay=stay,
        contact=contact,
    )
