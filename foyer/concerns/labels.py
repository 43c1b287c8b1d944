"""What people read for the enumerations of this package."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.concerns.deadline import Clock
from foyer.concerns.models import About, ConcernKind, ConcernVerb
from foyer.words import name_members

name_members(
    {
        ConcernKind.SEXUAL: _l("Sexual violence"),
        ConcernKind.PHYSICAL: _l("Physical violence"),
        ConcernKind.EMOTIONAL: _l("Emotional violence"),
        ConcernKind.NEGLECT: _l("Neglect"),
        ConcernKind.EXPLOITATION: _l("Exploitation"),
        ConcernKind.OTHER: _l("Something else"),
    }
)
# The same in words that nobody has to look up, for who reports.
PLAIN: dict[ConcernKind, Any] = {
    ConcernKind.SEXUAL: _l("Touching, acts, pictures or words about sex that somebody does not want"),
    ConcernKind.PHYSICAL: _l("Hitting, hurting, locking somebody in"),
    ConcernKind.EMOTIONAL: _l("Threatening, insulting, humiliating"),
    ConcernKind.NEGLECT: _l("No food, no care, no doctor when it is needed"),
    ConcernKind.EXPLOITATION: _l("Forced work, or money and things taken away"),
    ConcernKind.OTHER: _l("Something else that does not feel right"),
}
name_members(
    {
        About.STAFF: _l("Somebody who works in this house"),
        About.RESIDENT: _l("Somebody who lives in this house"),
        About.OFFICE: _l("Somebody of the social-affairs office"),
        About.OUTSIDE: _l("Somebody from outside"),
        About.UNKNOWN: _l("Not known, or not to be said now"),
    }
)
name_members(
    {
        ConcernVerb.REPORTED: _l("Reported"),
        ConcernVerb.OPENED: _l("Read"),
        ConcernVerb.TAKEN: _l("Took responsibility"),
        ConcernVerb.HANDED: _l("Made somebody responsible"),
        ConcernVerb.CLOCK_STARTED: _l("Started the clock"),
        ConcernVerb.POLICE: _l("Reported to the police"),
        ConcernVerb.STEP_SET: _l("Set a step"),
        ConcernVerb.STEP_DONE: _l("Step done"),
        ConcernVerb.TOLD: _l("Wrote to the reporter"),
        ConcernVerb.WROTE: _l("The reporter wrote"),
        ConcernVerb.HELD: _l("Suspended an account"),
        ConcernVerb.LET_GO: _l("Ended the suspension"),
        ConcernVerb.CLOSED: _l("Closed"),
        ConcernVerb.REOPENED: _l("Opened again"),
    }
)
name_members(
    {
        Clock.NONE: _l("No clock"),
        Clock.RUNNING: _l("The clock runs"),
        Clock.SOON: _l("Less than a day left"),
        Clock.LATE: _l("Too late"),
        Clock.MET: _l("Reported in time"),
        Clock.MET_LATE: _l("Reported late"),
    }
)
