"""What people read for the enumerations of intake."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.intake.models import (
    AgencyKind,
    AnswerKind,
    AnswerWay,
    OutreachKind,
    ReferralState,
    RefusalGround,
    ServiceLevel,
    WaitsFor,
)
from foyer.words import name_members

name_members(
    {
        AgencyKind.SOCIAL: _l("Social affairs"),
        AgencyKind.VILLAGE: _l("Village or neighbourhood"),
        AgencyKind.EDUCATION: _l("School or education office"),
        AgencyKind.HEALTH: _l("Health"),
        AgencyKind.POLICE: _l("Police"),
        AgencyKind.CORRECTIONS: _l("Probation (BAPAS) or court"),
        AgencyKind.REGISTRY: _l("Civil registry"),
        AgencyKind.LABOUR: _l("Labour office"),
        AgencyKind.CARE_HOME: _l("Care home (LKSA)"),
        AgencyKind.COMMUNITY: _l("Community organisation"),
        AgencyKind.FAMILY: _l("Family, or came alone"),
        AgencyKind.OWN: _l("Own outreach"),
        AgencyKind.OTHER: _l("Other agency"),
    }
)
name_members(
    {
        ServiceLevel.PRIMARY: _l("Primary: prevention"),
        ServiceLevel.SECONDARY: _l("Secondary: at risk"),
        ServiceLevel.TERTIARY: _l("Tertiary: response to harm"),
    }
)
name_members(
    {
        ReferralState.RECEIVED: _l("To be decided"),
        ReferralState.ACCEPTED: _l("Accepted"),
        ReferralState.WAITING: _l("On the waiting list"),
        ReferralState.REFUSED: _l("Not accepted"),
        ReferralState.WITHDRAWN: _l("Withdrawn"),
        ReferralState.ADMITTED: _l("Admitted"),
    }
)
name_members(
    {
        RefusalGround.AGE: _l("Outside the age that the house serves"),
        RefusalGround.FULL: _l("No place"),
        RefusalGround.OTHER_SERVICE: _l("Another service fits better"),
        RefusalGround.NOT_WILLING: _l("The youth does not want to come"),
        RefusalGround.OUTSIDE_AREA: _l("Outside the area that the house serves"),
        RefusalGround.OTHER: _l("Another ground"),
    }
)
name_members(
    {
        WaitsFor.BED: _l("a free bed"),
        WaitsFor.NEXT_CYCLE: _l("the next cycle"),
        WaitsFor.TRADE: _l("a place in the wished trade"),
        WaitsFor.PAPERS: _l("papers"),
        WaitsFor.HEALTH: _l("a health examination"),
        WaitsFor.GUARDIAN: _l("the guardian's consent"),
        WaitsFor.OTHER: _l("something else"),
    }
)
name_members(
    {
        AnswerKind.RECEIPT: _l("Receipt"),
        AnswerKind.DECISION: _l("Decision"),
        AnswerKind.OUTCOME: _l("Outcome"),
    }
)
name_members(
    {
        AnswerWay.MESSENGER: _l("by messenger"),
        AnswerWay.EMAIL: _l("by e-mail"),
        AnswerWay.LETTER: _l("by letter"),
        AnswerWay.PHONE: _l("by telephone"),
        AnswerWay.IN_PERSON: _l("in person"),
    }
)
name_members(
    {
        OutreachKind.HOME: _l("Home visit"),
        OutreachKind.STREET: _l("In the street"),
        OutreachKind.SCHOOL: _l("At a school"),
        OutreachKind.VILLAGE_OFFICE: _l("At the village office"),
        OutreachKind.MEETING: _l("Community meeting"),
        OutreachKind.PHONE: _l("By telephone"),
        OutreachKind.ONLINE: _l("Online"),
    }
)
