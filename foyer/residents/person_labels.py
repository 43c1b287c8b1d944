"""What people read for family, PPKS, the law, documents and consent."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.formatting import short_date
from foyer.residents.attachments import AttachmentKind, proofs_of
from foyer.residents.consent import ConsentWay, GivenBy, Ground, Purpose
from foyer.residents.consenting import Standing
from foyer.residents.disclosing import Basis, Told
from foyer.residents.family import ContactSafety, Relation
from foyer.residents.models import DtsenStatus, IdentityCard
from foyer.residents.ppks import PpksMark, PpksState
from foyer.residents.restriction import LegalRole, LegalStep
from foyer.words import name_members, words

name_members(
    {
        Relation.FATHER: _l("Father"),
        Relation.MOTHER: _l("Mother"),
        Relation.STEP_PARENT: _l("Step-parent"),
        Relation.GRANDPARENT: _l("Grandparent"),
        Relation.SIBLING: _l("Brother or sister"),
        Relation.AUNT_OR_UNCLE: _l("Aunt or uncle"),
        Relation.FOSTER_PARENT: _l("Foster parent"),
        Relation.INSTITUTION: _l("Institution or office"),
        Relation.OTHER: _l("Somebody else"),
    }
)
name_members(
    {
        ContactSafety.SAFE: _l("Safe to contact"),
        ContactSafety.ASK_FIRST: _l("Ask the resident first"),
        ContactSafety.NOT_SAFE: _l("Do not contact"),
    }
)
name_members(
    {
        PpksState.PROPOSED: _l("Proposed"),
        PpksState.VERIFIED: _l("Verified"),
        PpksState.ENDED: _l("Ended"),
    }
)
name_members(
    {
        LegalRole.CONFLICT: _l("Child in conflict with the law"),
        LegalRole.VICTIM: _l("Child victim"),
        LegalRole.WITNESS: _l("Child witness"),
    }
)
name_members(
    {
        LegalStep.POLICE: _l("With the police"),
        LegalStep.PROSECUTION: _l("With the prosecution"),
        LegalStep.DIVERSION: _l("Diversion"),
        LegalStep.COURT: _l("In court"),
        LegalStep.DECIDED: _l("Decided"),
        LegalStep.CLOSED: _l("Over"),
    }
)
name_members(
    {
        AttachmentKind.PHOTO: _l("Photo"),
        AttachmentKind.BIRTH_CERTIFICATE: _l("Birth certificate"),
        AttachmentKind.IDENTITY_CARD: _l("Identity card (KTP or KIA)"),
        AttachmentKind.FAMILY_CARD: _l("Family card (KK)"),
        AttachmentKind.SCHOOL: _l("School certificate or report"),
        AttachmentKind.HEALTH: _l("Health letter"),
        AttachmentKind.CONSENT: _l("Signed consent"),
        AttachmentKind.REFERRAL: _l("Referral letter"),
        AttachmentKind.COURT: _l("Letter of court, police or BAPAS"),
        AttachmentKind.OTHER: _l("Another document"),
    }
)
name_members(
    {
        Purpose.CARE: _l("Keeping the file and caring for the resident"),
        Purpose.HEALTH: _l("Telling health services what they need to know"),
        Purpose.PARTNERS: _l("Telling schools, training places and employers"),
        Purpose.PHOTO: _l("A photo in the file"),
        Purpose.PUBLICITY: _l("Pictures and words in publications of the house"),
        Purpose.SURVEY: _l("Surveys and studies"),
        Purpose.DONORS: _l("Stories told to donors and companies"),
    }
)
name_members(
    {
        Ground.CONSENT: _l("Consent"),
        Ground.PUBLIC_DUTY: _l("Public duty of the house"),
        Ground.LEGAL_DUTY: _l("Duty set by law"),
        Ground.VITAL_INTEREST: _l("Life and safety of the resident"),
    }
)
name_members(
    {
        GivenBy.GUARDIAN: _l("Parent or guardian"),
        GivenBy.RESIDENT: _l("The resident"),
        GivenBy.NOBODY: _l("Another ground than consent"),
    }
)
name_members(
    {
        ConsentWay.SIGNED: _l("Signed on paper"),
        ConsentWay.MESSAGE: _l("By message"),
        ConsentWay.SPOKEN: _l("Spoken before a witness"),
    }
)
name_members(
    {
        Standing.NOT_ASKED: _l("Not asked yet"),
        Standing.GIVEN: _l("Allowed"),
        Standing.OTHER_GROUND: _l("Allowed on another ground"),
        Standing.REFUSED: _l("Refused"),
        Standing.WITHDRAWN: _l("Taken back"),
        Standing.EXPIRED: _l("Expired"),
        Standing.ASK_ANEW: _l("Of age: to be asked anew"),
    }
)
name_members(
    {
        IdentityCard.NONE_YET: _l("no card yet"),
        IdentityCard.KIA: _l("KIA (child's card)"),
        IdentityCard.KTP: _l("KTP"),
    }
)
name_members(
    {
        DtsenStatus.PROPOSED: _l("proposed"),
        DtsenStatus.VERIFIED: _l("listed and verified"),
        DtsenStatus.NOT_LISTED: _l("not listed"),
    }
)

PPKS_KINDS = {
    "neglected_infant": _l("Neglected infant"),
    "neglected_child": _l("Neglected child"),
    "child_facing_law": _l("Child facing the law"),
    "street_child": _l("Child living on the street"),
    "child_with_disability": _l("Child with a disability"),
    "child_victim_of_violence": _l("Child victim of violence or mistreatment"),
    "child_special_protection": _l("Child in need of special protection"),
    "neglected_elder": _l("Neglected elderly person"),
    "person_with_disability": _l("Person with a disability"),
    "sex_work": _l("Person in sex work"),
    "homeless": _l("Homeless person"),
    "begging": _l("Person who begs"),
    "scavenging": _l("Waste picker"),
    "minority": _l("Member of a minority group"),
    "former_prisoner": _l("Person released from a correctional institution"),
    "living_with_hiv": _l("Person living with HIV"),
    "drug_victim": _l("Victim of drug abuse"),
    "trafficking_victim": _l("Victim of trafficking"),
    "violence_victim": _l("Victim of violence"),
    "migrant_in_trouble": _l("Migrant worker with social problems"),
    "natural_disaster_victim": _l("Victim of a natural disaster"),
    "social_disaster_victim": _l("Victim of a social disaster"),
    "woman_at_economic_risk": _l("Woman at social and economic risk"),
    "poor": _l("Person in poverty"),
    "family_in_trouble": _l("Family with psychosocial problems"),
    "remote_community": _l("Member of a remote indigenous community"),
}


def kind_words(code: str) -> str:
    """What people read for a kind of PPKS; a code of a list that is no longer known, as it is."""
    return str(PPKS_KINDS.get(code, code.removeprefix("own:")))


def mark_words(mark: PpksMark) -> str:
    """What people read for a kind of somebody: the name that the house gave it then, else our words."""
    return mark.name or kind_words(mark.code)


name_members(
    {
        Basis.HEALTH: _l("A health service or a psychologist: stands on the consent for health services"),
        Basis.PARTNERS: _l("A school, training place or employer: stands on the consent for partners"),
        Basis.LEGAL_DUTY: _l("Court, police or child protection: the law asks for it, without consent"),
        Basis.PUBLIC_DUTY: _l("The Dinas, Bapas or another authority in its task, without consent"),
        Basis.VITAL_INTEREST: _l("Danger to life or health, without consent"),
        Basis.IN_HOUSE: _l("Nobody outside: it stays in the archive of the house"),
    }
)
name_members({Told.LETTER: _l("A letter or report"), Told.COPY: _l("A copy of the file")})


def proof_choices(resident_id: int) -> list[tuple[int, str]]:
    """The documents of this resident that a form offers as proof of what was signed."""
    return [
        (each.id, f"{each.title or words(each.kind)}, {short_date(each.added_at.date())}")
        for each in proofs_of(resident_id)
    ]
