"""A case conference prepares the decision about a referral, and belongs to the file of whoever was taken in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, text

from foyer.audit.models import AuditEntry
from foyer.care.models import CaseConference, ConferenceParticipant
from foyer.database import db, house_scope
from foyer.intake.models import Referral
from foyer.residents.models import Stay
from tests.factories import make_staff
from tests.intake.test_views import FORM, only
from tests.intake.test_views import place as place
from tests.queries import count_queries

SAID = "Paman bersedia menjadi wali"
ADVICE = "Terima, dengan kunjungan wali tiap bulan"
CONFERENCE = {
    "held_on": "2027-01-12",
    "occasion": "Keputusan rujukan",
    "guests": "Ibu Sari, BAPAS\nPak Lurah",
    "resident_took_part": "y",
    "summary": SAID,
    "advice": ADVICE,
}


def _registered(place: SimpleNamespace) -> str:
    place.one.post("/referrals/new", data=FORM)
    return f"/referrals/{only(place, Referral).id}"


def _all(place: SimpleNamespace, query: Any) -> Any:
    with place.app.app_context(), house_scope(place.id):
        return db.session.scalars(query).all()


def test_conference_prepares_the_decision_and_goes_into_the_file(place: SimpleNamespace) -> None:
    url = _registered(place)
    assert "Nobody sat together about it yet" in place.one.get(url).text
    alone = place.one.post(f"{url}/conferences/new", data={**CONFERENCE, "guests": "Ibu Sari"})
    assert (alone.status_code, "at least two people" in alone.text) == (422, True)
    assert place.one.post(f"{url}/conferences/new", data={**CONFERENCE, "held_on": "2027-01-14"}).status_code == 422
    assert place.one.post(f"{url}/conferences/new", data=CONFERENCE).status_code == 303
    for page in (url, f"{url}/decide"):
        shown = place.manager.get(page).text
        assert [words in shown for words in (SAID, ADVICE, "Pak Lurah", "the youth as well")] == [True] * 4, page
    row = only(place, CaseConference)
    form = {**CONFERENCE, "version": row.version, "guests": "Ibu Sari, BAPAS\nBu Lurah"}
    assert place.one.post(f"{url}/conferences/{row.id}", data=form).status_code == 303
    assert place.manager.post(f"{url}/conferences/{row.id}", data=form).status_code == 409, "the other was first"
    version = only(place, Referral).version
    place.manager.post(f"{url}/decide", data={"state": "accepted", "version": version})
    admitted = {
        **{key: FORM[key] for key in ("full_name", "gender", "born_on", "known")},
        "arrives_on": "2027-01-18",
        "leaves_on": "2027-05-18",
        "education_level": "smp",
        "counsellor_id": place.staff,
        "cycle_id": "",
        "version": version + 1,
    }
    assert place.one.post(f"{url}/admit", data=admitted).status_code == 303, place.one.get(url).text
    stay = only(place, Stay)
    row = only(place, CaseConference)
    assert (row.resident_id, row.stay_id) == (stay.resident_id, stay.id)
    people = _all(place, select(ConferenceParticipant.resident_id))
    assert (len(people), set(people)) == (3, {stay.resident_id}), "also whoever was struck from the list"
    file = f"/residents/{stay.resident_id}/conferences"
    kept = place.one.get(file).text
    assert [words in kept for words in (SAID, ADVICE, "Bu Lurah", "Pak Lurah")] == [True, True, True, False]
    assert place.other.get(file).status_code == 404
    assert ADVICE in place.one.get(f"{file}/{row.id}").text, "from now on it is corrected in the file"
    assert place.one.get(f"{url}/conferences/new").status_code == 404
    assert place.one.get(f"{url}/conferences/{row.id}").status_code == 404


def test_what_was_said_is_read_by_those_who_may_open_the_referral_only(place: SimpleNamespace) -> None:
    url = _registered(place)
    place.one.post(f"{url}/conferences/new", data=CONFERENCE)
    assert place.other.get(url).status_code == 404, "given to a colleague"
    assert place.other.get(f"{url}/conferences/new").status_code == 404
    assert place.other.get(f"{url}/conferences/{only(place, CaseConference).id}").status_code == 404
    with place.app.app_context():
        stored = db.session.execute(text("SELECT occasion, summary, advice FROM case_conferences")).one()
        assert not {CONFERENCE["occasion"], SAID, ADVICE} & set(stored)
    trail = str([entry.changes for entry in _all(place, select(AuditEntry))])
    assert [words in trail for words in (SAID, ADVICE, "Pak Lurah")] == [False] * 3


def test_referral_asks_as_often_for_many_conferences_as_for_one(place: SimpleNamespace) -> None:
    url = _registered(place)
    with place.app.app_context(), house_scope(place.id):
        from foyer.residences.models import Residence

        staff = [make_staff(db.session.get_one(Residence, place.id)).id for _ in range(4)]
        db.session.commit()
    counts = []
    for _ in range(3):
        assert place.one.post(f"{url}/conferences/new", data={**CONFERENCE, "staff": staff}).status_code == 303
        with count_queries(place.app) as seen:
            place.one.get(url)
        counts.append(len(seen))
    assert len(set(counts)) == 1, counts
