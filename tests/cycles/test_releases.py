"""What a version changes, who is told, who has to approve it, and going back to an earlier one."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.cycles import approval
from foyer.cycles.differences import Change, difference, load_contents
from foyer.cycles.models import BedNight, Enrolment, Plan, PlanOrigin, PlanState
from foyer.cycles.notices import changes_of, unseen_notices
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.publishing import NotPublished, copy_version, decide_proposal, propose_plan
from foyer.cycles.queries import get_plan, plan_in_force, published_plan
from foyer.cycles.releases import PlanNotice, PlanProposal, ProposalState
from foyer.cycles.services import DayOutside, discard_plan, publish_plan
from foyer.cycles.versions import versions_of
from foyer.database import db, house_scope
from foyer.errors import Stale
from foyer.residences.models import Residence, Staff, StaffKind
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House
from tests.factories import make_user
from tests.queries import count_queries

START = date(2027, 1, 4)
MIDDLE = date(2027, 2, 10)


def draft(home: House, **options) -> Plan:
    problem = build_problem(home.cycle)
    answer = plan_by_hand(problem)
    if options.get("moved"):
        answer = moved(problem, answer)
    return store_plan(home.cycle, problem, answer)


def moved(problem, answer):
    """The same plan with the boys' two rooms swapped, one resident with another counsellor, a class at another time."""
    boys = [room.id for room in problem.rooms if room.policy == "male"]
    other = {boys[0]: boys[1], boys[1]: boys[0]}
    first = answer.caseloads[0]
    caseloads = (replace(first, counsellor=problem.counsellors[1].id), *answer.caseloads[1:])
    last = next(m for m in answer.meetings if m.group == problem.groups[0].id)
    taken = {p for m in answer.meetings for p in m.periods} | {a.period for a in answer.appointments}
    free = next(p for p in problem.groups[0].patterns if not taken & set(p.periods))
    return replace(
        answer,
        lodgings=tuple(replace(one, room=other.get(one.room, one.room)) for one in answer.lodgings),
        caseloads=caseloads,
        meetings=tuple(replace(m, periods=free.periods) if m is last else m for m in answer.meetings),
    )


def publish(plan: Plan, replaces: Plan | None = None, **values) -> Plan:
    values = {"version": plan.version, "actor_id": None, "today": START, **values}
    return publish_plan(plan_id=plan.id, replaces=replaces.id if replaces else None, **values)


def test_the_difference_names_rooms_counsellors_and_times_of_those_whom_it_concerns(home):
    first, second = draft(home), draft(home, moved=True)
    contents = load_contents([first.id, second.id])
    changed = difference(contents[first.id], contents[second.id], START)
    boys = {e.id for e in home.enrolments if e.stay.resident.gender.value == "male"}
    assert {one for one, changes in changed.residents.items() if any(c.kind == "room" for c in changes)} == boys
    counsellors = [str(person.id) for person in home.counsellors]
    lone = home.enrolments[0].id
    assert Change("counsellor", (counsellors[0],), (counsellors[1],)) in changed.residents[lone]
    assert Change("caseload", (), (str(lone),)) in changed.staff[home.counsellors[1].id]
    assert changed.groups == {home.classes[0].id: ("times",)}
    assert Change("times", (), (str(home.classes[0].id),)) in changed.staff[home.instructors[0].id]
    same = difference(contents[first.id], contents[first.id], START)
    assert same.is_empty


def test_nights_that_are_over_make_no_difference(home):
    first, second = draft(home), draft(home, moved=True)
    contents = load_contents([first.id, second.id])
    changed = difference(contents[first.id], contents[second.id], date(2027, 5, 2))
    assert not [c for changes in changed.residents.values() for c in changes if c.kind in ("room", "bed")]


def test_those_whose_part_changes_are_told_and_nobody_else(home):
    first = publish(draft(home))
    assert db.session.scalars(select(PlanNotice)).all() == []
    second = publish(draft(home, moved=True), first, from_on=MIDDLE)
    contents = load_contents([first.id, second.id])
    changed = difference(contents[first.id], contents[second.id], MIDDLE)
    told = {n.enrolment_id for n in db.session.scalars(select(PlanNotice)) if n.enrolment_id}
    assert told == set(changed.residents)
    own = unseen_notices(enrolment_id=home.enrolments[1].id)
    assert [tuple(changes_of(notice)) for notice in own] == [changed.residents[home.enrolments[1].id]]


def test_going_back_publishes_what_was_there_as_a_new_version(home):
    first = publish(draft(home))
    second = publish(draft(home, moved=True), first, from_on=date(2027, 1, 20))
    copy = copy_version(first.id, None)
    third = publish(copy, second, from_on=MIDDLE)
    assert (third.origin, third.parent_id, third.release) == (PlanOrigin.COPIED, first.id, 3)
    contents = load_contents([first.id, third.id])
    assert difference(contents[first.id], contents[third.id], START).is_empty
    spans = versions_of(home.cycle.id).spans
    assert [(span.plan.release, span.first_on) for span in spans] == [(1, START), (2, date(2027, 1, 20)), (3, MIDDLE)]
    assert first.state is PlanState.REPLACED
    rooms = {
        night: dict(
            db.session.execute(select(BedNight.stay_id, BedNight.room_id).where(BedNight.night_on == night)).all()
        )
        for night in (START, date(2027, 2, 1), MIDDLE)
    }
    assert rooms[START] == rooms[MIDDLE] != rooms[date(2027, 2, 1)]


def test_a_draft_is_nothing_to_go_back_to(home):
    with pytest.raises(NotPublished):
        copy_version(draft(home).id, None)


@pytest.fixture
def careful(home) -> tuple[House, int, int]:
    """A house that wants a second person, and its two managers."""
    home.residence.needs_approval = True
    db.session.flush()
    return home, make_user(home.residence).id, make_user(home.residence).id


def propose(plan: Plan, actor_id: int, replaces: Plan | None = None, **values) -> PlanProposal:
    values = {"version": None, "today": START, "from_on": None, "note": "", **values}
    return propose_plan(plan_id=plan.id, replaces=replaces.id if replaces else None, actor_id=actor_id, **values)


def decide(proposal: PlanProposal, actor_id: int, approve: bool = True, **values) -> PlanProposal:
    values = {"version": None, "reason": "", **values}
    return decide_proposal(
        plan_id=proposal.plan_id, proposal_id=proposal.id, approve=approve, actor_id=actor_id, **values
    )


def test_without_approval_nothing_is_published_and_with_it_it_is(careful):
    home, one, two = careful
    plan = draft(home)
    with pytest.raises(approval.NotApproved):
        publish(plan)
    proposal = propose(plan, one, note="Kelas baru")
    with pytest.raises(approval.NotApproved):
        publish(plan)
    decide(proposal, two)
    publish(plan, actor_id=one)
    assert published_plan(home.cycle.id) is plan
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_type == "Plan")).all()
    assert verbs == ["proposed", "approved", "published"]


def test_nobody_approves_the_own_proposal_not_even_past_the_service(careful):
    home, one, _two = careful
    proposal = propose(draft(home), one)
    with pytest.raises(approval.OwnProposal):
        decide(proposal, one)
    proposal.decided_by_id = one
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_draft_is_returned_with_a_reason(careful):
    home, one, two = careful
    plan = draft(home)
    proposal = propose(plan, one)
    with pytest.raises(approval.ReasonMissing):
        decide(proposal, two, approve=False, reason="  ")
    decide(proposal, two, approve=False, reason="Kamar terlalu penuh")
    assert (proposal.state, proposal.reason) == (ProposalState.RETURNED, "Kamar terlalu penuh")
    with pytest.raises(approval.NotApproved):
        publish(plan)
    with pytest.raises(Stale):
        decide(proposal, two)


def test_a_changed_draft_needs_approval_again_and_an_undone_change_does_not(careful):
    home, one, two = careful
    plan = draft(home)
    decide(propose(plan, one), two)
    was = plan.answer
    plan.answer = was.replace('"score"', '"score" ')
    db.session.flush()
    with pytest.raises(approval.NotApproved):
        publish(plan)
    plan.answer = was
    db.session.flush()
    publish(plan)


def test_a_draft_changed_after_it_was_proposed_cannot_be_approved(careful):
    home, one, two = careful
    plan = draft(home)
    proposal = propose(plan, one)
    plan.answer += " "
    db.session.flush()
    with pytest.raises(Stale):
        decide(proposal, two)
    again = propose(plan, two)
    assert proposal.state is ProposalState.OVERTAKEN or db.session.refresh(proposal) is None
    decide(again, one)


def test_an_approval_counts_in_the_place_of_what_was_published_then(careful):
    home, one, two = careful
    first, second, third = draft(home), draft(home), draft(home, moved=True)
    for plan in (first, second):
        decide(propose(plan, one), two)
    publish(first)
    with pytest.raises(approval.NotApproved):
        publish(second, first)
    decide(propose(third, one, first, from_on=MIDDLE), two)
    publish(third, first, today=date(2027, 2, 1), from_on=date(2027, 3, 1))
    assert third.from_on == MIDDLE  # the approved day, whatever the page said


def test_an_approved_day_that_is_over_becomes_today(careful):
    home, one, two = careful
    first, second = draft(home), draft(home, moved=True)
    decide(propose(first, one), two)
    publish(first)
    with pytest.raises(DayOutside):
        propose(second, one, first, from_on=date(2027, 6, 1))
    decide(propose(second, one, first, from_on=MIDDLE), two)
    publish(second, first, today=date(2027, 2, 12))
    assert second.from_on == date(2027, 2, 12)


def test_a_proposed_draft_can_be_thrown_away(careful):
    home, one, _two = careful
    plan = draft(home)
    propose(plan, one)
    discard_plan(plan_id=plan.id, version=plan.version)
    assert db.session.scalars(select(PlanProposal)).all() == []


# The pages


def words(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


@pytest.fixture
def changed(app, filled) -> dict[str, int]:
    """The filled house with its draft published, another draft that changes it, and a second manager."""
    with app.app_context(), house_scope(filled["house"]):
        first = get_plan(filled["plan"])
        publish(first)
        problem = build_problem(first.cycle)
        second = store_plan(first.cycle, problem, moved(problem, plan_by_hand(problem)))
        house = db.session.get_one(Residence, filled["house"])
        other = make_user(house, display_name="Ibu Ratna")
        db.session.commit()
        return {**filled, "draft": second.id, "other": other.id}


def english(browser):
    with browser.session_transaction() as session:
        session["language"] = "en"
    return browser


def url(changed, page: str) -> str:
    return f"/cycles/{changed['cycle']}/plans/{changed['draft']}/{page}"


def test_the_page_says_what_changes_for_how_many_and_who_is_told(changed, sign_in):
    page = words(english(sign_in(changed["manager"])).get(url(changed, "publish")))
    assert "6 residents: another room" in page
    assert "1 resident: another counsellor" in page
    assert "1 class or group: other times" in page
    assert "residents have no account; please tell them in person:" in page


def test_staff_without_an_account_are_named_and_not_counted_as_told(app, changed, sign_in):
    with app.app_context(), house_scope(changed["house"]):
        one, *others = counsellors = db.session.scalars(
            select(Staff).where(Staff.residence_id == changed["house"], Staff.kind == StaffKind.COUNSELLOR)
        ).all()
        one.user_id = make_user(db.session.get_one(Residence, changed["house"]), Role.COUNSELLOR).id
        name, names = one.full_name, {person.full_name for person in others}
        contents = load_contents([changed["plan"], changed["draft"]])
        affected = difference(contents[changed["plan"]], contents[changed["draft"]], START).staff
        assert {person.id for person in counsellors} <= affected.keys()
        db.session.commit()
    page = words(english(sign_in(changed["manager"])).get(url(changed, "publish")))
    assert "On their first page, until they say that they have seen it: 1 member of staff." in page
    assert re.search(rf"{len(affected) - 1} members? of staff ha(s|ve) no account", page)
    told = page.split("no account")[-1]
    assert all(other in told for other in names)
    assert name not in told


def test_a_first_publication_names_who_has_to_be_told_in_person(app, filled, sign_in):
    with app.app_context(), house_scope(filled["house"]):
        house = db.session.get_one(Residence, filled["house"])
        here = [e.stay.resident for e in db.session.scalars(select(Enrolment))]
        here[0].user_id = make_user(house, Role.RESIDENT).id
        one = db.session.get_one(Staff, filled["counsellor"])
        one.user_id = make_user(house, Role.COUNSELLOR).id
        told, counsellor = here[0].full_name, one.full_name
        untold = [resident.full_name for resident in here[1:]]
        db.session.commit()
    browser = english(sign_in(filled["manager"]))
    with count_queries(app) as seen:
        page = words(browser.get(f"/cycles/{filled['cycle']}/plans/{filled['plan']}/publish"))
    assert len(seen) <= 12, "\n".join(seen.statements)
    section = page.split("Who is told")[1].split("Publish Cycle")[0]
    assert "1 resident and 1 member of staff see their own part in the app at once." in section
    assert "7 residents have no account; please tell them in person:" in section
    assert "3 members of staff have no account; please tell them in person:" in section
    assert all(name in section for name in untold)
    assert told not in section
    assert counsellor not in section


def test_two_people_publish_a_version_and_go_back(app, changed, sign_in):
    one, two = english(sign_in(changed["manager"])), english(sign_in(changed["other"]))
    with app.app_context(), house_scope(changed["house"]):
        db.session.get_one(Residence, changed["house"]).needs_approval = True
        db.session.commit()
    sent = {"version": 1, "replaces": changed["plan"], "from_on": "2027-02-10", "note": "Kamar ditukar"}
    refused = one.post(url(changed, "publish"), data=sent, follow_redirects=True)
    assert "A second person has to approve this draft" in words(refused)
    assert "Propose this draft to another manager?" in words(one.get(url(changed, "publish")))
    waiting = one.post(url(changed, "propose"), data=sent, follow_redirects=True)
    assert "Waits for another manager" in words(waiting)
    assert "Decide" in words(two.get("/"))
    assert "Decide" not in words(one.get("/"))
    assert "Please look again" in words(two.post(url(changed, "withdraw"), follow_redirects=True)), "it is not theirs"
    taken = words(one.post(url(changed, "withdraw"), follow_redirects=True))
    assert "is no longer proposed." in taken
    assert "Propose this draft to another manager?" in taken
    assert "Decide" not in words(two.get("/"))
    one.post(url(changed, "propose"), data=sent)
    asked = two.get(url(changed, "publish"))
    assert "Kamar ditukar" in words(asked)
    assert "It shall hold from Wednesday, 10 February 2027 on." in words(asked)
    proposal = re.search(r'name="proposal"[^>]* value="(\d+)"', asked.get_data(as_text=True)).group(1)
    own = one.post(url(changed, "decide"), data={"proposal": proposal, "version": 1}, follow_redirects=True)
    assert "Nobody decides on the own proposal" in words(own)
    without = two.post(url(changed, "decide"), data={"proposal": proposal, "version": 1, "send_back": "1"})
    assert without.status_code == 422
    assert "Please say why" in words(without)
    done = two.post(url(changed, "decide"), data={"proposal": proposal, "version": 1}, follow_redirects=True)
    assert "Approved by Ibu Ratna" in words(done)
    twice = two.post(url(changed, "decide"), data={"proposal": proposal, "version": 1}, follow_redirects=True)
    assert "Somebody else published or changed something meanwhile" in words(twice)
    assert "it is approved" in words(one.get("/"))
    published = one.post(url(changed, "publish"), data=sent, follow_redirects=True)
    assert "holds from Wednesday, 10 February 2027 on" in words(published)
    page = words(one.get(f"/cycles/{changed['cycle']}/versions"))
    assert "Version 2" in page
    assert "Ibu Ratna" in page
    assert "from 4 Jan 2027 to 9 Feb 2027" in page
    back = f"/cycles/{changed['cycle']}/versions/{changed['plan']}/restore"
    assert "Propose version 1 again?" in words(one.get(back))
    restore = {"version": 1, "replaces": changed["draft"], "from_on": "2027-03-01"}
    assert "Waits for another manager" in words(one.post(back, data=restore, follow_redirects=True))


def test_going_back_asks_first_and_refuses_a_stale_page(app, changed, sign_in):
    browser = english(sign_in(changed["manager"]))
    browser.post(url(changed, "publish"), data={"version": 1, "replaces": changed["plan"], "from_on": "2027-02-10"})
    back = f"/cycles/{changed['cycle']}/versions/{changed['plan']}/restore"
    page = words(browser.get(back))
    assert "Publish version 1 again?" in page
    assert "6 residents: another room" in page
    stale = browser.post(back, data={"replaces": changed["plan"], "from_on": "2027-03-01"}, follow_redirects=True)
    assert "Somebody else published or changed something meanwhile" in words(stale)
    late = browser.post(back, data={"replaces": changed["draft"], "from_on": "2027-06-01"})
    assert late.status_code == 422
    with app.app_context(), house_scope(changed["house"]):
        assert len(db.session.scalars(select(Plan)).all()) == 2  # nothing is left of what was refused
    browser.post(back, data={"replaces": changed["draft"], "from_on": "2027-03-01"})
    with app.app_context(), house_scope(changed["house"]):
        assert plan_in_force(changed["cycle"], date(2027, 2, 20)).id == changed["draft"]
        assert plan_in_force(changed["cycle"], date(2027, 3, 1)).parent_id == changed["plan"]


@pytest.mark.parametrize("page", ["plans/{draft}/publish", "versions", "versions/{plan}/restore"])
def test_the_pages_stay_within_twelve_queries(app, changed, sign_in, page):
    browser = sign_in(changed["manager"])
    address = f"/cycles/{changed['cycle']}/{page.format(**changed)}"
    browser.get(address)
    with count_queries(app) as seen:
        assert browser.get(address).status_code in (200, 303)
    assert len(seen) <= 12, "\n".join(s[:150].replace("\n", " ") + s[-120:].replace("\n", " ") for s in seen.statements)


def test_a_house_with_one_manager_cannot_ask_for_a_second(app, filled, sign_in):
    browser = english(sign_in(filled["manager"]))
    page = browser.get("/house/settings").get_data(as_text=True)
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page)) | {"resident_word": "warga_binaan"}
    refused = browser.post("/house/settings", data={**fields, "needs_approval": "y"})
    assert refused.status_code == 422
    assert "This needs two managers" in words(refused)
    with app.app_context():
        make_user(db.session.get_one(Residence, filled["house"]), Role.MANAGER)
        db.session.commit()
    assert browser.post("/house/settings", data={**fields, "needs_approval": "y"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Residence, filled["house"]).needs_approval
