"""What people read for what the registers hold."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.registers.models import Acknowledged, MedicineOutcome
from foyer.words import name_members

name_members(
    {
        MedicineOutcome.GIVEN: _l("Dose taken"),
        MedicineOutcome.REFUSED: _l("Dose refused"),
        MedicineOutcome.LEFT: _l("Not taken: away, asleep, forgotten"),
    }
)
name_members(
    {Acknowledged.OWN: _l("confirmed by the resident"), Acknowledged.PAPER: _l("signed by the resident on paper")}
)
