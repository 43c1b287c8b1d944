"""What surrounds every page: the places a role may go to, the house's name, the language, the office's houses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.caseload.notices import unseen_by
from foyer.database import db
from foyer.jobs.services import untold_to
from foyer.registers.books import BOOKS
from foyer.residences.models import Residence, Staff
from foyer.residences.services import is_staff, know_staff


@dataclass(frozen=True)
class Place:
    url: str
    label: str
    icon: str
    is_current: bool


_TODAY = ("today.index", _l("Today"), "sun")
_WEEK = ("today.week", _l("My week"), "calendar-week")
_RESIDENTS = ("residents.index", _l("Residents"), "users")
_CYCLE = ("cycles.index", _l("Cycle"), "calendar-repeat")
_REFERRALS = ("intake.index", _l("Referrals"), "clipboard-list")
_SPEAK_UP = ("concerns.report", _l("Speak up safely"), "lock")
_INCIDENTS = ("incidents.index", _l("Incidents"), "flag")
_HOUSE = ("residences.index", _l("House"), "building-community")

# On a phone five fit under the thumb; what stands behind them is in the menu there.
# A place appears once its page exists and admits the role.
_PLACES: dict[Role, list[tuple[str, Any, str]]] = {
    Role.MANAGER: [
        _TODAY,
        _RESIDENTS,
        _REFERRALS,
        _CYCLE,
        _HOUSE,
        ("workbooks.upload", _l("Import"), "file-spreadsheet"),
    ],
    Role.COUNSELLOR: [
        _TODAY,
        ("residents.index", _l("Caseload"), "users"),
        _REFERRALS,
        _WEEK,
        _CYCLE,
        _SPEAK_UP,
    ],
    Role.INSTRUCTOR: [
        _TODAY,
        ("training.register_list", _l("Registers"), "clipboard-check"),
        _WEEK,
        _CYCLE,
        _INCIDENTS,
        _SPEAK_UP,
    ],
    Role.RESIDENT: [
        _TODAY,
        _WEEK,
        ("training.own_progress", _l("My progress"), "target"),
        ("own.index", _l("My file"), "clipboard-list"),
        _SPEAK_UP,
    ],
    Role.ADMINISTRATOR: [
        _TODAY,
        ("administration.index", _l("Accounts"), "key"),
        ("administration.slips", _l("Sign-in slips"), "printer"),
        ("destructions.index", _l("Destruction of files"), "lock"),
        _SPEAK_UP,
    ],
    Role.OFFICE: [
        ("today.index", _l("Overview"), "sun"),
        ("concerns.inbox", _l("Concerns"), "lock"),
        _CYCLE,
        ("incidents.overview", _l("Incidents"), "flag"),
    ],
}
_BELONGS = {
    "atensi.index": "residences.index",
    "atensi.components": "residences.index",
    "cycles.weights": "residences.index",
    "intake.of_resident": "residents.index",
    "leaving.exit_list": "residents.index",
    "leaving.keeping": "residences.index",
    "leaving.transfer_list": "residences.index",
    "residents.new_ppks_list": "residences.index",
    "residents.ppks_lists": "residences.index",
    "voices.index": "residences.index",
}  # a page that stands in the place of another package
_BELONGS_AS_WHOLE = {
    "conferring": "intake.index",
    "many_referrals": "intake.index",
    "pairs": "residences.index",
    "registers": "residences.index",
    "together": "residents.index",
}  # a package without a place of its own


def _is_open(endpoint: str, role: Role) -> bool:
    view = current_app.view_functions.get(endpoint)
    return view is not None and role in getattr(view, "roles", ())


def navigation() -> list[Place]:
    """The places of the person who is signed in; the one that the page belongs to is marked."""
    if not current_user.is_authenticated:
        return []
    places = [place for place in _PLACES[current_user.role] if _is_open(place[0], current_user.role)]
    here = _here([endpoint for endpoint, _label, _icon in places])
    return [Place(url_for(endpoint), str(label), icon, is_current=endpoint == here) for endpoint, label, icon in places]


def _here(endpoints: list[str]) -> str | None:
    """The place of this page: the one it names (``g.place``), its own, else the first one of the same package."""
    if g.get("place") in endpoints:
        return str(g.place)
    if request.endpoint in endpoints:
        return request.endpoint
    if _BELONGS.get(request.endpoint or "") in endpoints:
        return _BELONGS[request.endpoint or ""]
    if _BELONGS_AS_WHOLE.get(request.blueprint or "") in endpoints:
        return _BELONGS_AS_WHOLE[request.blueprint or ""]
    package = f"{request.blueprint}."
    return next((endpoint for endpoint in endpoints if endpoint.startswith(package)), None)


@dataclass(frozen=True)
class House:
    id: int
    name: str
    words: dict[str, str]  # by term: what it says otherwise, and its word for the residents
    registers: tuple[str, ...]  # those it keeps
    is_current: bool


def houses() -> list[House]:
    """The houses that the person sees, in the order of their names; asked once in a request, together with who one is
    in the house, and whether there is a notice or the end of a run to tell (they are read only then). The session holds
    the whole rows afterwards, so that a page which needs its house asks no second time."""
    if "houses" not in g:
        ids = g.get("residence_ids", ())
        rows = _houses_and_oneself(ids) if ids else []
        g.houses = [_house(row[0]) for row in rows]
        g.has_notices = any(row.has_notices for row in rows)
        g.has_untold_runs = any(row.has_untold_runs for row in rows)
        if len(rows) == 1:
            know_staff(current_user.id, rows[0].Staff)
        g.house_rows = rows  # the session forgets what nobody holds
    found: list[House] = g.houses
    return found


def _house(row: Residence) -> House:
    words = {**row.words, "resident_word": row.resident_word.value}
    return House(row.id, row.name, words, tuple(row.registers), row.id == g.residence_id)


def _houses_and_oneself(ids: tuple[int, ...]) -> Sequence[Any]:
    me = current_user.id
    query = (
        select(Residence, Staff, unseen_by(me).label("has_notices"), untold_to(me).label("has_untold_runs"))
        .outerjoin(Staff, (Staff.residence_id == Residence.id) & is_staff(me))
        .where(Residence.id.in_(ids))
    )
    return db.session.execute(query.order_by(Residence.name)).all()


def house_name() -> str | None:
    """The name of the house whose rows this request sees."""
    return next((house.name for house in houses() if house.is_current), None)


def house_words_chosen() -> dict[str, str]:
    """The words of the house whose rows this request sees, by term; none without a house."""
    return next((house.words for house in houses() if house.is_current), {})


def registers_kept(role: Role) -> bool:
    """Whether the house whose rows this request sees keeps a register that this role works with."""
    kept = next((house.registers for house in houses() if house.is_current), ())
    return any(role in BOOKS[key].roles for key in kept)


def _search_url() -> str | None:
    if current_user.is_authenticated and _is_open("residents.index", current_user.role):
        return url_for("residents.index")
    return None


def init_shell(app: Flask) -> None:
    @app.context_processor
    def surroundings() -> dict[str, Any]:
        if g.get("bare"):  # the database may be what failed: ask it nothing
            return {"language_url": url_for("accounts.language")}
        return {
            "navigation": navigation,
            "visible_houses": houses,
            "registers_kept": registers_kept,
            "house_name": house_name(),
            "search_url": _search_url(),
            "language_url": url_for("accounts.language"),
            "sign_out_url": url_for("accounts.sign_out"),
        }
