"""What people read for the members of this package's enumerations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.training.models import Presence
from foyer.training.progress_models import ConductArea, Programme, SchoolState, StageItemKind, Tone
from foyer.words import name_members

name_members(
    {
        Presence.PRESENT: _l("present"),
        Presence.LATE: _l("came late"),
        Presence.ILL: _l("ill"),
        Presence.EXCUSED: _l("excused"),
        Presence.ABSENT: _l("absent"),
        Presence.REFUSED: _l("did not want to"),
        Presence.INTERNSHIP: _l("at the internship"),
    }
)
name_members(
    {
        Programme.PAKET_A: _l("Paket A"),
        Programme.PAKET_B: _l("Paket B"),
        Programme.PAKET_C: _l("Paket C"),
        Programme.SCHOOL: _l("Formal school"),
        Programme.COURSE: _l("Course"),
    }
)
name_members(
    {
        SchoolState.ENROLLED: _l("enrolled"),
        SchoolState.STUDYING: _l("learning"),
        SchoolState.EXAM: _l("registered for the examination"),
        SchoolState.PASSED: _l("passed"),
        SchoolState.STOPPED: _l("stopped"),
    }
)
name_members({Tone.PRAISE: _l("Something good"), Tone.CONCERN: _l("Something to talk about")})
name_members(
    {
        ConductArea.EFFORT: _l("effort"),
        ConductArea.PUNCTUALITY: _l("punctuality"),
        ConductArea.COOPERATION: _l("working together"),
        ConductArea.RESPONSIBILITY: _l("responsibility"),
        ConductArea.RESPECT: _l("respect"),
        ConductArea.INITIATIVE: _l("own initiative"),
        ConductArea.SELF_CARE: _l("caring for oneself"),
    }
)
name_members({StageItemKind.CRITERION: _l("what it asks"), StageItemKind.PRIVILEGE: _l("what it allows")})
