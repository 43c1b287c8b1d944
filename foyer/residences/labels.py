"""What people read for the house's enumerations and codes."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from foyer.formatting import weekday_name
from foyer.residences.models import BlockKind, Gender, ResidentWord, RoomPolicy, StaffKind, VariantKind
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
name_members({VariantKind.RAMADAN: _l("Ramadan"), VariantKind.EXAMS: _l("Exams"), VariantKind.OTHER: _l("Other days")})
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


def days_words(days: Sequence[int]) -> str:
    """Weekdays as people write them: Mon–Thu, Sat; "every day" for all seven."""
    if len(set(days)) == 7:
        return gettext("every day")
    spans: list[list[int]] = []
    for day in sorted(set(days)):
        if spans and day == spans[-1][-1] + 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    names = [[weekday_name(day, "abbreviated") for day in span] for span in spans]
    return ", ".join(f"{span[0]}–{span[-1]}" if len(span) > 2 else ", ".join(span) for span in names)
