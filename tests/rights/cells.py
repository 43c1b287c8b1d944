"""Which page each cell of the table of rights is tried on. One endpoint for each part and act; ``OWN`` are the pages on
which residents meet their own record. Add a line with each page of a file."""

from __future__ import annotations

from foyer.caseload.rights import Act, Part

# For the staff: an address with resident_id. Writing and exporting may be tried with GET where the form is a page.
CELLS: dict[tuple[Part, Act], str] = {
    (Part.PHOTO, Act.READ): "residents.attachments",
    (Part.PHOTO, Act.WRITE): "residents.new_attachment",
    (Part.IDENTITY, Act.READ): "residents.resident",
    (Part.IDENTITY, Act.WRITE): "residents.identity",
    (Part.NIK, Act.READ): "residents.show_nik",
    (Part.NIK, Act.WRITE): "residents.nik",
    (Part.BELIEFS, Act.READ): "residents.resident",
    (Part.BELIEFS, Act.WRITE): "residents.identity",
    (Part.HEALTH, Act.READ): "residents.resident",
    (Part.ACCOMMODATION, Act.READ): "residents.accommodations",
    (Part.ACCOMMODATION, Act.WRITE): "residents.new_accommodation",
    (Part.REGISTER, Act.READ): "training.progress",
    (Part.REGISTER, Act.WRITE): "training.register",
    (Part.COMPETENCIES, Act.READ): "training.progress",
    (Part.COMPETENCIES, Act.WRITE): "training.check_off",
    (Part.EDUCATION, Act.READ): "training.progress",
    (Part.EDUCATION, Act.WRITE): "training.begin_schooling",
    (Part.CONDUCT, Act.READ): "training.conduct_notes",
    (Part.CONDUCT, Act.WRITE): "training.write_note",
    (Part.INDEPENDENCE, Act.READ): "training.ladder_of",
    (Part.INDEPENDENCE, Act.WRITE): "training.review_stage",
    (Part.TRAIL, Act.READ): "history.trail",
    (Part.LETTERS, Act.READ): "papers.letters",
    (Part.LETTERS, Act.WRITE): "papers.write",
    (Part.LETTERS, Act.EXPORT): "papers.letter_file",
    (Part.FAMILY, Act.READ): "residents.family",
    (Part.FAMILY, Act.WRITE): "residents.relative",
    (Part.PPKS, Act.READ): "residents.ppks",
    (Part.PPKS, Act.WRITE): "residents.new_case",
    (Part.CONSENT, Act.READ): "residents.consent",
    (Part.CONSENT, Act.WRITE): "residents.new_consent",
    (Part.PAPERS, Act.READ): "residents.attachments",
    (Part.PAPERS, Act.WRITE): "residents.new_attachment",
    (Part.COUNSELLING, Act.READ): "counselling.of_resident",
    (Part.COUNSELLING, Act.WRITE): "counselling.new",
    (Part.COUNSELLING_BODY, Act.READ): "counselling.notes_of_resident",
    (Part.FLAGS, Act.READ): "counselling.flags",
    (Part.FLAGS, Act.WRITE): "counselling.new_flag",
    (Part.EXIT, Act.READ): "leaving.index",
    (Part.EXIT, Act.WRITE): "leaving.change",
    (Part.AFTERCARE, Act.READ): "leaving.aftercare",
    (Part.AFTERCARE, Act.WRITE): "leaving.contact",
    (Part.HEALTH, Act.WRITE): "care.confirm_facts",
    (Part.ASSESSMENT, Act.READ): "care.assessments",
    (Part.ASSESSMENT, Act.WRITE): "care.assessment",
    (Part.PLAN, Act.READ): "care.rpi",
    (Part.PLAN, Act.WRITE): "care.new_goal",
    (Part.CONFERENCE, Act.READ): "care.conferences",
    (Part.CONFERENCE, Act.WRITE): "care.new_conference",
    (Part.REFERRAL, Act.READ): "intake.of_resident",
    (Part.INCIDENT, Act.READ): "incidents.of_resident",
    (Part.INCIDENT, Act.WRITE): "incidents.report_about",
}
# What was said in counselling; letters have a cell of their own.
_IN_NO_COPY = (Part.COUNSELLING_BODY, Part.LETTERS)
# A copy is asked for by parts on one page; tests/rights/test_copies.py asks it for each part, as everybody.
CELLS |= {(part, Act.EXPORT): "copies.copy" for part in Part if part not in _IN_NO_COPY}
# Written on pages without a resident in their address; the tests of their packages try each relation there.
ELSEWHERE = {(Part.COUNSELLING_BODY, Act.WRITE), (Part.REFERRAL, Act.WRITE)}
# For residents: a page of their own, without resident_id.
OWN: dict[tuple[Part, Act], str] = {
    (Part.TRAIL, Act.READ): "history.readers",
    (Part.ASSESSMENT, Act.READ): "care.my_scores",
    (Part.ASSESSMENT, Act.WRITE): "care.my_answers",
    (Part.PLAN, Act.READ): "care.my_plan",
    (Part.PLAN, Act.WRITE): "care.i_agree",
    (Part.REGISTER, Act.READ): "training.own_progress",
    (Part.COMPETENCIES, Act.READ): "training.own_progress",
    (Part.EDUCATION, Act.READ): "training.own_progress",
    (Part.CONDUCT, Act.READ): "training.own_progress",
    (Part.INDEPENDENCE, Act.READ): "training.own_progress",
    (Part.IDENTITY, Act.READ): "own.index",
    (Part.BELIEFS, Act.READ): "own.index",
    (Part.ACCOMMODATION, Act.READ): "own.index",
    (Part.CONSENT, Act.READ): "own.index",
    (Part.INCIDENT, Act.READ): "incidents.mine",
}
OWN |= {(part, Act.EXPORT): "copies.my_copy" for part, act in list(OWN) if act is Act.READ and part not in _IN_NO_COPY}
