"""What the records say for a document: every field of its kind as text, in Indonesian. What nobody recorded is empty,
and the templates leave it out. Counselling gives counts and days only: what was said is on no paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.caseload.desk import Desk
from foyer.caseload.mine import responsible_staff
from foyer.caseload.rights import parts_open, relation_to
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle, Enrolment, Plan, PlanMeeting
from foyer.cycles.queries import placement_of, published_plan
from foyer.database import db
from foyer.papers import recorded
from foyer.papers.fields import FIELDS, PART_OF
from foyer.papers.labels import paper_date
from foyer.papers.models import PaperKind, PaperSettings
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import age_on, initials
from foyer.wording import house_words
from foyer.words import words


@dataclass(frozen=True)
class About:
    """Whom a document is about, and where its data comes from."""

    desk: Desk
    resident: Resident
    stay: Stay | None
    enrolment: Enrolment | None
    plan: Plan | None


Source = Callable[[About], dict[str, Any]]


def gather(
    desk: Desk, resident: Resident, stay: Stay | None, kind: PaperKind, *, with_full_name: bool
) -> dict[str, Any]:
    """Every field of this kind of document from the records; typed fields stay empty. Reads only what the kind lists
    and the writer may read: what is not a field of a certificate is not even asked for."""
    wanted = {field.name: field.empty for field in FIELDS[kind]}
    is_open = parts_open(relation_to(desk, resident.id))
    askable = {name for name in wanted if name not in PART_OF or PART_OF[name] in is_open}
    about = _about(desk, resident, stay)
    with force_locale("id"):
        for names, source in _SOURCES:
            if names & askable:
                found = source(about)
                wanted.update({name: value for name, value in found.items() if name in names & askable})
    if "nama" in wanted:
        wanted["nama"] = resident.full_name if with_full_name else initials(resident.full_name)
    return wanted


def settings_of(desk: Desk) -> PaperSettings:
    """The house's letterhead; an empty one, not yet saved, where nobody wrote it down."""
    found = db.session.scalar(select(PaperSettings))
    return found or PaperSettings(
        residence_id=desk.residence.id,
        authority="",
        address="",
        place="",
        signer_name="",
        signer_title="",
        signer_number="",
        number_pattern="",
    )


def _about(desk: Desk, resident: Resident, stay: Stay | None) -> About:
    if stay is None:
        return About(desk, resident, None, None, None)
    enrolment = db.session.scalars(
        select(Enrolment)
        .join(Cycle, Cycle.id == Enrolment.cycle_id)
        .where(Enrolment.stay_id == stay.id)
        .order_by(Cycle.starts_on.desc())
        .limit(1)
    ).first()
    return About(desk, resident, stay, enrolment, published_plan(enrolment.cycle_id) if enrolment else None)


def _house(about: About) -> dict[str, Any]:
    settings = settings_of(about.desk)
    return {
        "instansi": settings.authority,
        "panti": about.desk.residence.name,
        "alamat_panti": settings.address,
        "tempat": settings.place,
        "tanggal": paper_date(about.desk.today),
        "penandatangan": settings.signer_name,
        "jabatan": settings.signer_title,
        "nip": settings.signer_number,
        "sebutan": house_words(about.desk.residence.resident_word),
    }


def _person(about: About) -> dict[str, Any]:
    resident = about.resident
    return {
        "tempat_lahir": resident.birth_place,
        "tanggal_lahir": paper_date(resident.born_on),
        "umur": str(age_on(resident.born_on, about.desk.today)),
        "jenis_kelamin": words(resident.gender),
    }


def _beliefs(about: About) -> dict[str, Any]:
    return {"agama": about.resident.religion, "nik": about.resident.nik or ""}


def _stay(about: About) -> dict[str, Any]:
    stay = about.stay
    if stay is None:
        return {}
    staff = responsible_staff(about.desk, [about.resident.id]).get(about.resident.id, [])
    return {
        "tanggal_masuk": paper_date(stay.arrives_on),
        "tanggal_keluar": paper_date(stay.leaves_on),
        "pendidikan": words(stay.education_level),
        "konselor": staff[0].full_name if staff else "",
        "tahap": str(stay.independence_stage),
    }


def _class(about: About) -> dict[str, Any]:
    if about.plan is None or about.enrolment is None:
        return {}
    placement = placement_of(about.plan, about.enrolment.id)
    group = next((seat.group for seat in placement.seats if seat.group.trade), None)
    found = {"siklus": cycle_name(about.plan.cycle)}
    if group is not None and group.trade is not None:
        teaching = db.session.scalars(
            select(PlanMeeting)
            .where(PlanMeeting.plan_id == about.plan.id, PlanMeeting.group_id == group.id)
            .options(joinedload(PlanMeeting.instructor))
            .order_by(PlanMeeting.id)
        ).all()
        names = dict.fromkeys(meeting.instructor.full_name for meeting in teaching if meeting.instructor)
        found |= {"keterampilan": group.trade.name, "kelas": group.code, "instruktur": ", ".join(names)}
    return found


# Which fields come from where: asked only if the document lists one of them.
_SOURCES: list[tuple[frozenset[str], Source]] = [
    (
        frozenset(
            ("instansi", "panti", "alamat_panti", "tempat", "tanggal", "penandatangan", "jabatan", "nip", "sebutan")
        ),
        _house,
    ),
    (frozenset(("tempat_lahir", "tanggal_lahir", "umur", "jenis_kelamin")), _person),
    (frozenset(("agama", "nik")), _beliefs),
    (frozenset(("tanggal_masuk", "tanggal_keluar", "pendidikan", "konselor", "tahap")), _stay),
    (frozenset(("siklus", "keterampilan", "kelas", "instruktur")), _class),
    (frozenset(("kehadiran",)), lambda about: recorded.attendance(about.stay)),
    (frozenset(("kompetensi",)), lambda about: recorded.learnt(about.resident, about.stay)),
    (frozenset(("kebaikan",)), lambda about: recorded.praised(about.resident, about.stay)),
    (
        frozenset(("asesmen", "asesmen_awal", "asesmen_terakhir")),
        lambda about: recorded.assessed(about.resident, about.stay),
    ),
    (frozenset(("tujuan",)), lambda about: recorded.planned(about.resident, about.stay)),
    (frozenset(("keluarga",)), lambda about: recorded.family(about.resident)),
    (frozenset(("jenis_ppks",)), lambda about: recorded.categories(about.resident)),
    (
        frozenset(("jumlah_konseling", "konseling_terakhir")),
        lambda about: recorded.counselled(about.resident, about.stay),
    ),
]
