"""The sentence with which an act is refused that stands on a consent: which one, where it stands, and who asks whom."""

from __future__ import annotations

from flask_babel import gettext

from foyer.caseload.desk import Desk
from foyer.caseload.mine import responsible_staff
from foyer.residents import person_labels as _labels  # noqa: F401  the words of purposes and standings
from foyer.residents.consenting import is_minor
from foyer.residents.disclosing import ConsentMissing
from foyer.residents.models import Resident
from foyer.words import words


def consent_wanting(desk: Desk, resident: Resident, error: ConsentMissing) -> str:
    """What is missing, in one whole sentence, and who goes and asks."""
    staff = responsible_staff(desk, [resident.id]).get(resident.id, [])
    said = gettext(
        "This needs the consent “%(purpose)s”, which stands at “%(standing)s”, so nothing goes out.",
        purpose=words(error.verdict.purpose),
        standing=words(error.verdict.standing),
    )
    asker = staff[0].full_name if staff else gettext("The manager")
    if is_minor(resident, desk.today):
        asked = gettext("%(name)s asks the guardian and the young person, under Consent in this file.", name=asker)
    else:
        asked = gettext("%(name)s asks the resident, under Consent in this file.", name=asker)
    return f"{said} {asked}"
