"""What people read for the enumerations of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.incidents.models import ClockFor, IncidentKind, IncidentState, InvolvedAs, Seriousness, StepKind, Told
from foyer.words import name_members

name_members(
    {
        IncidentKind.INJURY: _l("Accident, injury or sudden illness"),
        IncidentKind.MISSING: _l("Missing or away without leave"),
        IncidentKind.VIOLENCE: _l("Violence between residents"),
        IncidentKind.SELF_HARM: _l("Signs of self-harm"),
        IncidentKind.PROPERTY: _l("Damage, loss, theft or fire"),
        IncidentKind.HOUSE_RULES: _l("Breach of the house rules"),
        IncidentKind.OUTSIDE: _l("Threat or visitor from outside"),
        IncidentKind.DATA: _l("Personal data lost or read by others"),
    }
)
name_members(
    {
        Seriousness.MINOR: _l("Minor: dealt with at once"),
        Seriousness.MODERATE: _l("Moderate: needs following up"),
        Seriousness.SERIOUS: _l("Serious: others must be told in time"),
    }
)
name_members(
    {
        InvolvedAs.AFFECTED: _l("was affected"),
        InvolvedAs.ACTED: _l("took part"),
        InvolvedAs.WITNESS: _l("saw or heard it"),
    }
)
name_members(
    {
        Told.GUARDIAN: _l("Guardian or family"),
        Told.CLINIC: _l("Clinic or hospital"),
        Told.POLICE: _l("Police"),
        Told.OFFICE: _l("Social-affairs office"),
    }
)
name_members(
    {
        ClockFor.GUARDIAN: _l("Tell the guardian"),
        ClockFor.OFFICE: _l("Tell the social-affairs office"),
        ClockFor.DATA_SUBJECTS: _l("Write to those whose data it is"),
        ClockFor.DATA_AUTHORITY: _l("Write to the data-protection authority"),
    }
)
name_members(
    {
        IncidentState.REPORTED: _l("Reported"),
        IncidentState.EXAMINED: _l("Being looked into"),
        IncidentState.PROPOSED: _l("Waits for a second person"),
        IncidentState.CLOSED: _l("Closed"),
    }
)
name_members(
    {
        StepKind.REPORTED: _l("Reported"),
        StepKind.ASSIGNED: _l("Given to somebody to look into"),
        StepKind.AMENDED: _l("Added or put right"),
        StepKind.MEASURE: _l("Measure agreed"),
        StepKind.MEASURE_DONE: _l("Measure done"),
        StepKind.TOLD: _l("Told"),
        StepKind.NOT_TOLD: _l("Decided not to tell"),
        StepKind.PROPOSED: _l("Proposed to close"),
        StepKind.RETURNED: _l("Returned: not yet"),
        StepKind.CLOSED: _l("Closed by a second person"),
        StepKind.REOPENED: _l("Opened again"),
    }
)
