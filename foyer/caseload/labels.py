"""What people read for the enumerations of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.caseload.models import ServiceStage
from foyer.caseload.rights import Act, Part, Who
from foyer.words import name_members

name_members(
    {
        ServiceStage.APPROACH: _l("First approach"),
        ServiceStage.UNDERSTANDING: _l("Understanding the situation"),
        ServiceStage.PLANNING: _l("Planning the service"),
        ServiceStage.SERVICE: _l("Receiving the service"),
        ServiceStage.AFTER: _l("After the service"),
    }
)
name_members(
    {
        Part.IDENTITY: _l("Identity"),
        Part.NIK: _l("Identity number (NIK)"),
        Part.BELIEFS: _l("Religion"),
        Part.FAMILY: _l("Family and guardians"),
        Part.PPKS: _l("Kinds of PPKS and legal status"),
        Part.HEALTH: _l("Needs"),
        Part.ACCOMMODATION: _l("Accommodations for a disability"),
        Part.CONSENT: _l("Consent"),
        Part.PHOTO: _l("Photo"),
        Part.PAPERS: _l("Documents"),
        Part.REFERRAL: _l("Referral"),
        Part.ASSESSMENT: _l("Assessment"),
        Part.PLAN: _l("Individual plan (RPI)"),
        Part.CONFERENCE: _l("Case conferences"),
        Part.COUNSELLING: _l("Counselling: that it took place"),
        Part.COUNSELLING_BODY: _l("Counselling: what was said"),
        Part.REGISTER: _l("Attendance"),
        Part.COMPETENCIES: _l("Competencies and certificates"),
        Part.EDUCATION: _l("Education"),
        Part.CONDUCT: _l("Observations of conduct"),
        Part.INDEPENDENCE: _l("Independence stage"),
        Part.INCIDENT: _l("Incidents"),
        Part.EXIT: _l("Exit"),
        Part.AFTERCARE: _l("Aftercare"),
        Part.FLAGS: _l("Flags"),
        Part.LETTERS: _l("Letters and reports"),
        Part.TRAIL: _l("Who changed and who read"),
    }
)
name_members({Act.READ: _l("reads"), Act.WRITE: _l("writes"), Act.EXPORT: _l("exports")})
name_members(
    {
        Who.MANAGER: _l("Residence manager"),
        Who.OWN_COUNSELLOR: _l("Own counsellor, or who stands in"),
        Who.SUPERVISOR: _l("Named supervisor"),
        Who.OTHER_COUNSELLOR: _l("Other counsellors"),
        Who.INSTRUCTOR: _l("Instructor of the class"),
        Who.RESIDENT: _l("The resident"),
        Who.ADMINISTRATOR: _l("Administrator"),
        Who.OFFICE: _l("Social-affairs office"),
    }
)
