"""What happened in the house, and what its residents said about it: three incidents, a survey and two slips from the
box. All of it is invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.accounts.services import create_user, usernames_for
from foyer.audit.services import act_as
from foyer.caseload.notices import StaffNotice
from foyer.cycles.models import Cycle, Enrolment
from foyer.database import db, utc_now
from foyer.demo.stories import choose
from foyer.demo.telling import Teller, teller_of
from foyer.incidents import handling, reporting
from foyer.incidents.clocks import stop_clock
from foyer.incidents.models import ClockFor, Incident, IncidentKind, InvolvedAs, Seriousness
from foyer.incidents.reporting import Report
from foyer.residences.models import Residence
from foyer.residents.models import Resident, Stay
from foyer.voices import box, surveys
from foyer.voices.models import Element

ANSWERS = 12  # sheets of the survey: enough to be shown


def make_happenings(residence: Residence, cycle: Cycle, earlier: Cycle, day: date) -> None:
    """Written by those who sign in to the demonstration; left alone once they are there."""
    teller = teller_of(residence, day)
    if teller is None or db.session.scalar(select(Incident.id).limit(1)) is not None:
        return
    told = choose(earlier, day)
    growing = told[0].resident
    _a_window_breaks(teller)
    _somebody_is_hurt(teller, growing)
    _somebody_is_late(teller, _somebody_else(earlier, {stay.id for stay in told}))
    act_as(actor_id=teller.manager.id, residence_id=residence.id)
    _residents_are_asked(teller, cycle)
    _slips_come_in(teller)
    for notice in db.session.scalars(select(StaffNotice).where(StaffNotice.seen_at.is_(None))):
        notice.seen_at = utc_now()  # whoever looks around was not on duty


def _somebody_else(cycle: Cycle, told: set[int]) -> Resident:
    query = select(Stay).join(Enrolment, Enrolment.stay_id == Stay.id).where(Enrolment.cycle_id == cycle.id)
    return db.session.scalars(query.where(Stay.id.not_in(told)).order_by(Stay.id)).first().resident  # type: ignore[union-attr]


def _moment(teller: Teller, on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(teller.residence.time_zone))


def _a_window_breaks(teller: Teller) -> None:
    """From the report to the closing by a second person, last autumn."""
    happened = _moment(teller, date(2026, 11, 19), 16, 10)
    row = reporting.report(
        teller.desk_at(happened + timedelta(minutes=25), teller.instructor),
        Report(
            kind=IncidentKind.PROPERTY,
            seriousness=Seriousness.MINOR,
            happened_at=happened,
            account="Bola mengenai kaca jendela bengkel saat istirahat. Tidak ada yang terluka.",
            people={},
            place="Bengkel, sisi lapangan",
            done_at_once="Pecahan disapu, jendela ditutup papan.",
        ),
    )
    manager = teller.desk_at(_moment(teller, date(2026, 11, 20), 8, 15), teller.manager)
    handling.assign(manager, row, teller.staff, version=None)
    measure = handling.add_measure(
        manager,
        row,
        words="Kaca diganti; permainan bola pindah ke lapangan belakang.",
        owner=teller.staff,
        due_on=date(2026, 11, 27),
        version=None,
    )
    owner = teller.desk_at(_moment(teller, date(2026, 11, 26), 10, 30), teller.counsellor)
    handling.finish_measure(owner, measure, words="Kaca terpasang; aturan baru ditempel.", version=None)
    handling.propose_closing(owner, row, words="Semua selesai, tidak ada yang perlu diikuti.", version=None)
    closing = teller.desk_at(_moment(teller, date(2026, 11, 27), 9), teller.manager)
    handling.close(closing, row, words="Terima kasih, ditutup.", version=None)


def _somebody_is_hurt(teller: Teller, resident: Resident) -> None:
    """Looked into, with a measure that is due this week."""
    happened = _moment(teller, teller.day - timedelta(days=4), 10, 40)
    row = reporting.report(
        teller.desk_at(happened + timedelta(minutes=15), teller.instructor),
        Report(
            kind=IncidentKind.INJURY,
            seriousness=Seriousness.MODERATE,
            happened_at=happened,
            account="Jari telunjuk tergores pinggir pelat. Luka dibersihkan dan diperban di klinik.",
            people={resident.id: InvolvedAs.AFFECTED},
            place="Ruang praktik",
            done_at_once="Diantar ke klinik oleh instruktur.",
        ),
    )
    manager = teller.desk_at(happened + timedelta(hours=2), teller.manager)
    handling.assign(manager, row, teller.staff, version=None)
    handling.add_measure(
        manager,
        row,
        words="Sarung tangan kerja untuk semua anggota kelas.",
        owner=teller.staff,
        due_on=teller.day + timedelta(days=2),
        version=None,
    )


def _somebody_is_late(teller: Teller, resident: Resident) -> None:
    """Not back from leave at the evening's roll-call: the guardian was told, the office's clock runs until tonight."""
    happened = _moment(teller, teller.day - timedelta(days=1), 21, 30)
    row = reporting.report(
        teller.desk_at(happened + timedelta(minutes=10), teller.counsellor),
        Report(
            kind=IncidentKind.MISSING,
            seriousness=Seriousness.MODERATE,
            happened_at=happened,
            account="Belum kembali dari izin menjenguk nenek. Menelepon pukul 21.35: bus terakhir sudah berangkat, "
            "menginap di rumah nenek dan kembali besok pagi.",
            people={resident.id: InvolvedAs.AFFECTED},
            place="Gerbang panti",
        ),
    )
    for clock in row.clocks:
        if clock.party is ClockFor.GUARDIAN:
            desk = teller.desk_at(happened + timedelta(minutes=20), teller.counsellor)
            stop_clock(desk, clock, was_told=True, words="Ibu ditelepon; ia sudah tahu dari nenek.")


def _residents_are_asked(teller: Teller, cycle: Cycle) -> None:
    """The survey of the first week, answered by those who have an account by now; nobody's sheet is kept."""
    survey = surveys.set_window(
        cycle, None, opens_on=cycle.starts_on, closes_on=teller.day - timedelta(days=3), today=teller.day, version=None
    )
    query = select(Resident).join(Stay, Stay.resident_id == Resident.id).where(Stay.arrives_on <= cycle.starts_on)
    here = query.where(Stay.leaves_on > teller.day, Resident.user_id.is_(None), Resident.is_restricted.is_(False))
    residents = db.session.scalars(here.order_by(Resident.id).limit(ANSWERS)).all()
    chance = Random(2027)
    for resident, username in zip(residents, usernames_for([one.full_name for one in residents]), strict=True):
        user = create_user(
            username=username,
            display_name=resident.full_name,
            role=Role.RESIDENT,
            residence_id=teller.residence.id,
        )
        resident.user_id = user.id  # no password: only a slip from the administrator opens it
        levels = {element: chance.choices((2, 3, 4), (1, 5, 4))[0] for element in Element}
        surveys.answer(survey, user, levels, today=survey.closes_on)


def _slips_come_in(teller: Teller) -> None:
    """One answered for everybody to read, one from this week that waits."""
    home = teller.residence.id
    slip = box.put_in(home, "Boleh lampu belajar menyala sampai jam sepuluh?", today=teller.day - timedelta(days=7))
    box.reply(
        slip,
        shown_words="Boleh lampu belajar menyala sampai jam sepuluh?",
        reply="Boleh, mulai Senin lampu ruang belajar menyala sampai pukul 22.00. Terima kasih usulnya.",
        today=teller.day - timedelta(days=2),
        version=None,
    )
    box.put_in(home, "Sayurnya enak kalau tidak terlalu asin.", today=teller.day, is_from_paper=True)
