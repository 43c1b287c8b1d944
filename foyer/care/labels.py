"""What people read for the enumerations of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.care.models import (
    AgreementMethod,
    Doer,
    Domain,
    GoalState,
    Party,
    PlannerFact,
    Point,
    ReviewResult,
    RpiState,
    Side,
)
from foyer.care.scale import SCALE
from foyer.words import name_members

name_members({domain: SCALE[domain].name for domain in Domain})
name_members({Point.ENTRY: _l("Entry"), Point.MIDDLE: _l("Middle of the cycle"), Point.EXIT: _l("End of the cycle")})
name_members({Side.WORKER: _l("The counsellor"), Side.RESIDENT: _l("The resident")})
name_members(
    {
        PlannerFact.APTITUDE: _l("Aptitude for trades"),
        PlannerFact.NEEDS: _l("Needs"),
        PlannerFact.STAGE: _l("Independence stage"),
        PlannerFact.EDUCATION: _l("Last education"),
        PlannerFact.APART: _l("Kept apart from"),
    }
)
name_members(
    {
        RpiState.DRAFT: _l("Draft"),
        RpiState.AGREED: _l("Agreed, in force"),
        RpiState.REPLACED: _l("Replaced"),
        RpiState.ENDED: _l("Ended"),
    }
)
name_members({GoalState.OPEN: _l("Under way"), GoalState.REACHED: _l("Reached"), GoalState.DROPPED: _l("Dropped")})
name_members(
    {
        Doer.RESIDENT: _l("The resident"),
        Doer.STAFF: _l("A member of staff"),
        Doer.FAMILY: _l("The family"),
        Doer.PARTNER: _l("A partner of the house"),
    }
)
name_members(
    {
        Party.RESIDENT: _l("The resident"),
        Party.COUNSELLOR: _l("The counsellor"),
        Party.GUARDIAN: _l("Parent or guardian"),
    }
)
name_members(
    {
        AgreementMethod.SIGNED_IN: _l("signed in with the own account"),
        AgreementMethod.ON_PAPER: _l("signed on paper"),
        AgreementMethod.SPOKEN: _l("said so before a witness"),
    }
)
name_members(
    {
        ReviewResult.CONTINUE: _l("The plan goes on as it is"),
        ReviewResult.CHANGE: _l("The plan is changed: a new version"),
        ReviewResult.END: _l("The plan ends"),
    }
)
