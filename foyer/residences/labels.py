"""What people read for the house's enumerations and codes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.residences.models import BlockKind, Gender, ResidentWord, RoomPolicy, StaffKind
from foyer.words import name_members

name_members({Gender.FEMALE: _l("Female"), Gender.MALE: _l("Male")})
name_members(
    {RoomPolicy.FEMALE: _l("Girls"), RoomPolicy.MALE: _l("Boys"), RoomPolicy.SAME: _l("As needed, one gender")}
)
name_members(
    {
        StaffKind.MANAGER: _l("Manager"),
        StaffKind.COUNSELLOR: _l("Counsellor"),
        StaffKind.INSTRUCTOR: _l("Instructor"),
        StaffKind.TUTOR: _l("Tutor"),
        StaffKind.CARER: _l("Carer"),
        StaffKind.OTHER: _l("Other staff"),
    }
)
name_members({BlockKind.ACTIVITY: _l("Activities"), BlockKind.PROTECTED: _l("Protected (prayer, meals, rest)")})
name_members(
    {
        ResidentWord.WARGA_BINAAN: _l("Warga binaan"),
        ResidentWord.PENERIMA_MANFAAT: _l("Penerima manfaat"),
        ResidentWord.PENGHUNI: _l("Penghuni"),
    }
)

# Needs of a resident, and the skills of staff that answer them, by code.
NEEDS = {
    "trauma": _l("Trauma"),
    "abh": _l("Facing the law (ABH)"),
    "addiction": _l("Addiction"),
    "family": _l("Family"),
    "wheelchair": _l("Wheelchair"),
}
SKILLS = {code: text for code, text in NEEDS.items() if code != "wheelchair"}


def need_words(code: str) -> str:
    """What staff read for a need or skill; a code of the house's own as it is."""
    return str(NEEDS.get(code, code))
