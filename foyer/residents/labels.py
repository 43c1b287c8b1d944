"""What people read for the residents' enumerations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.residents.models import EducationLevel, NikState
from foyer.words import name_members

name_members(
    {
        EducationLevel.SD_UNFINISHED: _l("Primary school (SD), not finished"),
        EducationLevel.SD: _l("Primary school (SD)"),
        EducationLevel.SMP: _l("Junior secondary school (SMP)"),
        EducationLevel.SMA_10: _l("Senior secondary school (SMA), class 10"),
        EducationLevel.SMA_11: _l("Senior secondary school (SMA), class 11"),
        EducationLevel.SMK: _l("Vocational secondary school (SMK)"),
        EducationLevel.SMA: _l("Senior secondary school (SMA)"),
    }
)
name_members({NikState.GIVEN: _l("given"), NikState.NONE_YET: _l("no number yet")})
