"""What a house writes down day by day beside the files: the checks of its staff, and its registers of visitors,
medicines, valuables and duty. The lines belong to the three lives of ``stories``. All of it is invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from foyer.audit.services import act_as
from foyer.cycles.models import Cycle
from foyer.database import db
from foyer.demo.stories import choose
from foyer.demo.telling import ARRIVED, MARK, Teller, teller_of
from foyer.registers import books, writing
from foyer.registers.models import MedicineOutcome
from foyer.residences import checks, minimum
from foyer.residences.minimum import Facility
from foyer.residences.models import Residence, Staff, StaffKind
from foyer.residents.family import ContactSafety
from foyer.residents.models import Stay

_LACKING = {Facility.DIAGNOSIS, Facility.ARTS}
# Days that each of the usual kinds holds, as the list has them by name: training, declaration, police, health.
_HOLDS = (1095, None, 180, 365)


def make_books(residence: Residence, earlier: Cycle, day: date) -> None:
    """Written by those who sign in to the demonstration; left alone once they are there."""
    teller = teller_of(residence, day)
    if teller is None or checks.list_kinds():
        return
    growing, secret, left = choose(earlier, day)
    act_as(actor_id=teller.manager.id, residence_id=residence.id)
    there = [one for one in Facility if one not in _LACKING]
    minimum.change_facilities(residence, there, version=None)
    books.choose_books(residence, list(books.BOOKS), version=None)
    _papers_are_shown(teller)
    _visitors_come(teller, growing, secret)
    _medicines_are_given(teller, growing)
    _things_are_kept(teller, growing, secret, left)
    _somebody_is_on_duty(teller)


def _at(teller: Teller, on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(teller.residence.time_zone))


def _papers_are_shown(teller: Teller) -> None:
    """Most are complete; one paper ends soon, one is over, and the newest of the staff has shown nothing yet."""
    checks.begin_with_usual_kinds(teller.residence.id)
    kinds = checks.list_kinds()
    staff = db.session.scalars(select(Staff).where(Staff.is_active.is_(True)).order_by(Staff.id)).all()
    for number, member in enumerate(staff[:-1]):
        for kind, holds in zip(kinds, _HOLDS, strict=True):
            shown_on = teller.day - timedelta(days=20 + number * 9 % 190)
            until = None if holds is None else shown_on + timedelta(days=holds)
            values = {
                "kind_id": kind.id,
                "issuer": "",
                "number": f"{number + 1:03}/{kind.id}/CONTOH",
                "issued_on": shown_on,
                "valid_until": until,
                "seen_by": f"Dinas Sosial {MARK}"
                if member.user_id == teller.manager.id
                else teller.manager.display_name,
            }
            checks.record_check(member, values, actor=teller.manager, today=teller.day)


def _visitors_come(teller: Teller, growing: Stay, secret: Stay) -> None:
    """A mother on a Sunday, an officer in the week, and a father who is turned away as the file says."""
    sunday = _at(teller, teller.day - timedelta(days=3), 10)
    mother = next(one for one in writing.family_of(growing.resident_id) if one.safety is not ContactSafety.NOT_SAFE)
    writing.write_visit(
        teller.desk_at(sunday + timedelta(hours=2), teller.manager),
        growing.resident_id,
        {
            "at": sunday,
            "left_at": sunday + timedelta(minutes=95),
            "relative_id": mother.id,
            "is_identified": True,
            "staff_id": teller.staff.id,
            "note": "Membawa baju ganti dan buku tulis.",
        },
        was_asked=True,
    )
    feared = next(one for one in writing.family_of(secret.resident_id) if one.safety is ContactSafety.NOT_SAFE)
    evening = _at(teller, teller.day - timedelta(days=4), 16, 20)
    writing.write_visit(
        teller.desk_at(evening + timedelta(minutes=10), teller.manager),
        secret.resident_id,
        {
            "at": evening,
            "relative_id": feared.id,
            "is_turned_away": True,
            "note": "Ditolak di gerbang menurut berkas. PK BAPAS diberi tahu lewat telepon pukul 16.40.",
        },
        was_asked=False,
    )
    morning = _at(teller, teller.day - timedelta(days=1), 9)
    writing.write_visit(
        teller.desk_at(morning + timedelta(hours=2), teller.manager),
        secret.resident_id,
        {
            "at": morning,
            "left_at": morning + timedelta(minutes=50),
            "visitor": f"Ibu Lestari {MARK}",
            "relation": "PK BAPAS",
            "is_identified": True,
            "staff_id": teller.staff.id,
            "note": "Pembicaraan bulanan menurut penetapan diversi.",
        },
        was_asked=True,
    )


def _medicines_are_given(teller: Teller, growing: Stay) -> None:
    """The finger that was hurt in the workshop; and a tablet that was not wanted."""
    for days, medicine, dose, outcome, note in (
        (4, "Povidon iodin", "oles tipis", MedicineOutcome.GIVEN, "Luka di telunjuk dibersihkan, perban baru."),
        (3, "Povidon iodin", "oles tipis", MedicineOutcome.GIVEN, None),
        (3, "Parasetamol 500 mg", "1 tablet", MedicineOutcome.REFUSED, "Tidak mau: sudah tidak nyeri."),
        (2, "Povidon iodin", "oles tipis", MedicineOutcome.GIVEN, "Luka kering, perban dilepas."),
    ):
        at = _at(teller, teller.day - timedelta(days=days), 19)
        values = {"at": at, "medicine": medicine, "dose": dose, "outcome": outcome, "note": note}
        desk = teller.desk_at(at + timedelta(minutes=5), teller.manager)
        writing.write_dose(desk, growing.resident_id, {**values, "staff_id": teller.staff.id})


def _things_are_kept(teller: Teller, growing: Stay, secret: Stay, left: Stay) -> None:
    """Two things are in the cupboard; the third went home with its owner."""
    for stay, thing, where in (
        (growing, "Telepon genggam, layar retak di sudut", "Lemari besi, amplop 12"),
        (secret, "Ijazah SD asli dalam map biru", "Lemari arsip, laci 2"),
        (left, "Cincin perak", "Lemari besi, amplop 7"),
    ):
        came = _at(teller, max(stay.arrives_on, ARRIVED), 11)
        values = {"at": came, "thing": thing, "kept_where": where}
        row = writing.hand_in(teller.desk_at(came, teller.manager), stay.resident_id, values, signed=True)
        if stay is left:
            goes = _at(teller, stay.leaves_on, 8, 30)
            writing.hand_back(teller.desk_at(goes, teller.manager), row, at=goes, to="", signed=True)


def _somebody_is_on_duty(teller: Teller) -> None:
    """Three nights; in the second two of them changed places."""
    staff = db.session.scalars(select(Staff).where(Staff.is_active.is_(True)).order_by(Staff.id)).all()
    carers = [one for one in staff if one.kind is StaffKind.CARER] or staff
    planned = [carers[number % len(carers)] for number in range(3)]
    there = [planned[0], planned[2], planned[1]]
    for night, (who, instead_of) in enumerate(zip(there, planned, strict=True)):
        begins = _at(teller, teller.day - timedelta(days=3 - night), 21, 30)
        ends = begins + timedelta(hours=8)
        desk = teller.desk_at(ends, teller.manager)
        values = {
            "at": begins,
            "until_at": ends,
            "post": "Jaga malam",
            "staff_id": who.id,
            "planned_id": instead_of.id,
            "note": None if who is instead_of else "Bertukar malam atas kesepakatan berdua.",
        }
        writing.write_duty(desk, values)
