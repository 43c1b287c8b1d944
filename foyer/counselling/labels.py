"""What people read for the enumerations of counselling."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.counselling.models import FlagKind, FlagPriority, Presence, SessionKind, SessionMode
from foyer.words import name_members

name_members(
    {
        SessionKind.INDIVIDUAL: _l("Individual counselling"),
        SessionKind.GROUP: _l("Group counselling"),
        SessionKind.FAMILY: _l("Family counselling"),
    }
)
name_members(
    {
        SessionMode.IN_PERSON: _l("face to face"),
        SessionMode.ONLINE: _l("online"),
        SessionMode.PHONE: _l("by telephone"),
        SessionMode.VISIT: _l("on a visit"),
    }
)
name_members(
    {
        Presence.PRESENT: _l("came"),
        Presence.LATE: _l("came late"),
        Presence.SICK: _l("was ill"),
        Presence.EXCUSED: _l("had leave"),
        Presence.NOT_COME: _l("did not come yet"),
        Presence.DECLINED: _l("did not want to"),
    }
)
name_members(
    {
        FlagKind.SAFETY: _l("Safety"),
        FlagKind.HEALTH: _l("Health"),
        FlagKind.CLOSE: _l("Closer company"),
        FlagKind.FAMILY: _l("Family"),
        FlagKind.PAPERS: _l("Papers"),
        FlagKind.OTHER: _l("Something else"),
    }
)
name_members({FlagPriority.HIGH: _l("high"), FlagPriority.NORMAL: _l("normal"), FlagPriority.LOW: _l("low")})
