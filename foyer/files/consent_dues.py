"""What is due about consent: to be asked at all, anew at 18, again when it expires, and to be stopped when taken back.

A date stands behind every line: the arrival, the birthday, the last day, the end of the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Residents, addresses, register_dues
from foyer.formatting import instant
from foyer.questions import Question
from foyer.residents.consent import ADULT, Consent, GivenBy, Purpose
from foyer.residents.consenting import birthday
from foyer.residents.models import Resident, Stay
from foyer.words import words

PAGE = "residents.consent"
AHEAD = timedelta(days=30)  # from when on a birthday or a last day is shown


def _here(today: date, resident_ids: Residents) -> Residents:
    """Those of the residents who live here or are expected: nobody who has left is asked for consent."""
    return select(Stay.resident_id).where(Stay.leaves_on > today, Stay.resident_id.in_(resident_ids))


def unanswered(today: date, resident_ids: Residents) -> Question:
    """Who has arrived and has no answer about the file itself: due on the day of arrival. Whoever comes back is asked
    anew: an answer was for the stay in which, or before which, it was given."""
    earlier = aliased(Stay)
    was_for_earlier = select(earlier.id).where(
        earlier.resident_id == Stay.resident_id,
        earlier.elsewhere.is_(None),
        earlier.leaves_on < Stay.arrives_on,
        earlier.leaves_on >= Consent.given_on,
    )
    answered = select(Consent.id).where(
        Consent.resident_id == Stay.resident_id, Consent.purpose == Purpose.CARE, ~was_for_earlier.exists()
    )
    return (
        select(Stay.resident_id, func.min(Stay.arrives_on).label("arrived_on"))
        .where(
            Stay.leaves_on > today,
            Stay.arrives_on <= today,
            Stay.resident_id.in_(resident_ids),
            Stay.elsewhere.is_(None),
            ~answered.exists(),
        )
        .group_by(Stay.resident_id)
    )


def to_ask(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    said, page = gettext("Ask for consent to keep the file"), addresses(PAGE)
    return [Due("consent_ask", row.resident_id, row.arrived_on, said, page(row.resident_id)) for row in rows]


def without_ground(today: date, resident_ids: Residents) -> Question:
    """Who lives here while the newest answer about the file itself is a no, or was taken back and stopped: a file is
    kept on consent or on another ground of the law (UU 27/2022 art. 20), which somebody has to name."""
    refused = or_(Consent.is_given.is_(False), Consent.assents.is_(False), Consent.stopped_at.is_not(None))
    return select(Consent.resident_id, Consent.given_on, Consent.stopped_at).where(
        Consent.purpose == Purpose.CARE, _is_newest(), refused, Consent.resident_id.in_(_here(today, resident_ids))
    )


def to_name_ground(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    zone, page = ZoneInfo(desk.residence.time_zone), addresses(PAGE)
    said = gettext("No consent to keep the file: name the ground on which it is kept")
    since = {row: row.stopped_at.astimezone(zone).date() if row.stopped_at else row.given_on for row in rows}
    return [Due("consent_ground", row.resident_id, day, said, page(row.resident_id)) for row, day in since.items()]


def of_age(today: date, resident_ids: Residents) -> Question:
    """For whom a guardian's answer still counts, and who is 18 or soon will be: due on the birthday."""
    return select(Resident.id, Resident.born_on).where(
        Resident.id.in_(_here(today, resident_ids)),
        Resident.born_on <= _years_before(today + AHEAD),
        Resident.id.in_(
            select(Consent.resident_id).where(
                Consent.given_by == GivenBy.GUARDIAN,
                Consent.is_given.is_(True),
                Consent.withdrawn_at.is_(None),
                _is_newest(),
            )
        ),
    )


def anew_at_18(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    said, page = gettext("Of age: ask for consent anew"), addresses(PAGE)
    return [Due("consent_18", row.id, birthday(row.born_on), said, page(row.id)) for row in rows]


def ending(today: date, resident_ids: Residents) -> Question:
    """Whose newest answer about a purpose has a last day that is near or past."""
    return select(Consent.resident_id, Consent.until_on, Consent.purpose).where(
        _is_newest(),
        Consent.until_on <= today + AHEAD,
        Consent.withdrawn_at.is_(None),
        Consent.is_given.is_(True),
        Consent.resident_id.in_(_here(today, resident_ids)),
    )


def expiring(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    page = addresses(PAGE)
    return [
        Due(
            "consent_expires",
            row.resident_id,
            row.until_on,
            gettext("Consent ends: %(purpose)s", purpose=words(row.purpose)),
            page(row.resident_id),
        )
        for row in rows
    ]


def taken_back(today: date, resident_ids: Residents) -> Question:
    """What was taken back and is not written down as stopped: due when the house's clock runs out."""
    return select(Consent.resident_id, Consent.stop_by, Consent.purpose).where(
        Consent.withdrawn_at.is_not(None), Consent.stopped_at.is_(None), Consent.resident_id.in_(resident_ids)
    )


def to_stop(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    zone, page = desk.residence.time_zone, addresses(PAGE)
    return [
        Due(
            "consent_stop",
            row.resident_id,
            row.stop_by.astimezone(ZoneInfo(zone)).date(),
            _stop_words(row, desk),
            page(row.resident_id),
            is_over=row.stop_by <= desk.now,
        )
        for row in rows
    ]


def _stop_words(row: Any, desk: Desk) -> str:
    said = {"purpose": words(row.purpose), "moment": instant(row.stop_by, desk.residence.time_zone)}
    if row.stop_by <= desk.now:
        return gettext("Consent taken back: %(purpose)s was to have stopped by %(moment)s", **said)
    return gettext("Consent taken back: stop %(purpose)s by %(moment)s", **said)


def _is_newest() -> ColumnElement[bool]:
    """No later answer of the resident about the same purpose: what ``verdicts`` goes by."""
    later = aliased(Consent)
    return ~(
        select(later.id)
        .where(
            later.resident_id == Consent.resident_id,
            later.purpose == Consent.purpose,
            or_(later.given_on > Consent.given_on, and_(later.given_on == Consent.given_on, later.id > Consent.id)),
        )
        .exists()
    )


def _years_before(day: date) -> date:
    """The latest day of birth of whoever is of age on this day."""
    try:
        return day.replace(year=day.year - ADULT)
    except ValueError:  # 29 February
        return date(day.year - ADULT, 2, 28)


register_dues("consent_stop", _l("Consent taken back"), taken_back, to_stop)
register_dues("consent_ask", _l("Consent to be asked"), unanswered, to_ask)
register_dues("consent_ground", _l("File without consent"), without_ground, to_name_ground)
register_dues("consent_18", _l("Consent at 18"), of_age, anew_at_18)
register_dues("consent_expires", _l("Consent that ends"), ending, expiring)
