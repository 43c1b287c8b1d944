"""What people read for the enumerations of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.atensi.models import Component, Service
from foyer.words import name_members

name_members(
    {
        Component.LIVING: _l("Support for a decent life"),
        Component.CARE: _l("Social care and the care of children"),
        Component.FAMILY: _l("Support for the family"),
        Component.THERAPY: _l("Physical, psychosocial and mental-spiritual therapy"),
        Component.VOCATIONAL: _l("Vocational training and entrepreneurship"),
        Component.ASSISTANCE: _l("Social aid and social assistance"),
        Component.ACCESS: _l("Support for accessibility"),
    }
)
name_members(
    {
        Service.HOUSING: _l("A bed in the house (nights)"),
        Service.ASSESSMENT: _l("Assessments finished"),
        Service.PLAN_REVIEW: _l("Reviews of individual plans held"),
        Service.COUNSELLING: _l("Individual counselling attended"),
        Service.GROUP_COUNSELLING: _l("Group counselling attended"),
        Service.FAMILY_COUNSELLING: _l("Family counselling attended"),
        Service.TRADE: _l("Vocational sessions attended"),
        Service.EDUCATION: _l("Education sessions attended"),
        Service.EXIT: _l("Points of the exit checklist made ready"),
        Service.AFTERCARE: _l("Aftercare contacts made"),
        Service.WHEELCHAIR: _l("A place that a wheelchair can reach"),
    }
)
