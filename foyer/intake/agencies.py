"""The agencies that a house knows: the usual ones as a beginning, its own beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from foyer.database import db
from foyer.errors import FoyerError
from foyer.intake.models import Agency, AgencyKind
from foyer.names import name_key
from foyer.records import change_record, flush


class AgencyKnown(FoyerError):
    """The house has an agency of this name already."""


# The agencies and neighbours that seeds of the project name for an Indonesian youth residence, by their own names.
USUAL: tuple[tuple[str, AgencyKind], ...] = (
    ("Dinas Sosial", AgencyKind.SOCIAL),
    ("Panti sosial lain", AgencyKind.SOCIAL),
    ("TKSK", AgencyKind.SOCIAL),
    ("Pendamping PKH", AgencyKind.SOCIAL),
    ("TAGANA", AgencyKind.SOCIAL),
    ("UPTD PPA", AgencyKind.SOCIAL),
    ("Kelurahan atau desa", AgencyKind.VILLAGE),
    ("RT atau RW", AgencyKind.VILLAGE),
    ("Satpol PP", AgencyKind.VILLAGE),
    ("Sekolah", AgencyKind.EDUCATION),
    ("Dinas Pendidikan", AgencyKind.EDUCATION),
    ("Puskesmas", AgencyKind.HEALTH),
    ("Rumah Sakit Jiwa", AgencyKind.HEALTH),
    ("UPPA Polres", AgencyKind.POLICE),
    ("BAPAS", AgencyKind.CORRECTIONS),
    ("Disdukcapil", AgencyKind.REGISTRY),
    ("Disnaker", AgencyKind.LABOUR),
    ("LKSA", AgencyKind.CARE_HOME),
    ("Karang Taruna", AgencyKind.COMMUNITY),
    ("Keluarga atau datang sendiri", AgencyKind.FAMILY),
    ("Penjangkauan panti", AgencyKind.OWN),
)


def list_agencies() -> Sequence[Agency]:
    """The house's agencies by name, those no longer in use at the end."""
    return db.session.scalars(select(Agency).order_by(Agency.is_active.desc(), Agency.name_key)).all()


def known_names() -> list[str]:
    """Names to offer while somebody types: the house's own, then the usual ones that it has not taken over."""
    own = [agency for agency in list_agencies() if agency.is_active]
    keys = {agency.name_key for agency in own}
    return [agency.name for agency in own] + [name for name, _kind in USUAL if name_key(name) not in keys]


def agency_named(residence_id: int, name: str) -> Agency:
    """The house's agency of this name; a new one where there is none, of the usual kind where it is a usual one."""
    key = name_key(name)
    found = db.session.scalar(select(Agency).where(Agency.residence_id == residence_id, Agency.name_key == key))
    if found is not None:
        return found
    kinds = {name_key(usual): kind for usual, kind in USUAL}
    made = Agency(
        residence_id=residence_id, name=" ".join(name.split()), name_key=key, kind=kinds.get(key, AgencyKind.OTHER)
    )
    db.session.add(made)
    flush()
    return made


def take_usual(residence_id: int) -> int:
    """Add the usual agencies that the house lacks; gives how many."""
    before = len(list_agencies())
    for name, _kind in USUAL:
        agency_named(residence_id, name)
    return len(list_agencies()) - before


def change_agency(agency: Agency, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change name, kind, contact, or whether it is in use. Raises AgencyKnown, Stale."""
    name = str(values["name"]).strip()
    key = name_key(name)
    if db.session.scalar(select(Agency.id).where(Agency.name_key == key, Agency.id != agency.id)) is not None:
        raise AgencyKnown
    change_record(agency, {**values, "name": name, "name_key": key}, version=version)
