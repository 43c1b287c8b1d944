"""What people read for the enumerations of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.together.models import TogetherKind
from foyer.words import name_members

name_members(
    {
        TogetherKind.ASSIGN: _l("One counsellor for several residents"),
        TogetherKind.FLAG: _l("One flag for several residents"),
        TogetherKind.DECIDE: _l("One decision about several referrals"),
        TogetherKind.TELL: _l("Senders of several referrals told"),
        TogetherKind.HAND_OVER: _l("One counsellor prepares several referrals"),
    }
)
