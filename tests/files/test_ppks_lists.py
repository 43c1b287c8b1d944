"""A new regulation changes the kinds of PPKS: the house writes down a new version, and files keep the one they know."""

from __future__ import annotations

from types import SimpleNamespace

from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.residents import ppks
from foyer.residents.ppks import PpksList, PpksMark
from tests.files.test_person import DAY
from tests.files.test_person import place as place

ENGLISH = {"Accept-Language": "en"}


def names(place: SimpleNamespace) -> dict[str, str]:
    """The form as it is filled in first: a field for each of the twenty-six kinds."""
    page = place.manager.get("/residents/ppks-lists/new", headers=ENGLISH).text
    assert page.count('name="kind_') == 26
    return {f"kind_{number}": code for number, code in enumerate(ppks.FIRST_KINDS)}


def sent(place: SimpleNamespace, **more: str) -> dict[str, str]:
    """A version that ends street children, renames begging and adds a kind."""
    from foyer.residents.person_labels import PPKS_KINDS

    with place.app.test_request_context(headers=ENGLISH):
        fields = {key: str(PPKS_KINDS[code]) for key, code in names(place).items()}
    by_code = {code: key for key, code in names(place).items()}
    fields |= {by_code["street_child"]: "", by_code["begging"]: "Person who lives by begging"}
    top = {"name": "7/2027", "source": "Permensos 7/2027", "from_on": DAY.isoformat(), "added": "Pengungsi anak"}
    return {**fields, **top, "version": "1", **more}


def propose(place: SimpleNamespace, code: str) -> int:
    said = {"code": code, "from_on": DAY.isoformat(), "source": "Surat Dinas"}
    return int(place.counsellor.post(f"{place.base}/ppks/new", data=said).status_code)


def test_a_new_version_renames_adds_and_ends_kinds_and_files_keep_theirs(place: SimpleNamespace) -> None:
    assert propose(place, "street_child") == 302
    assert place.manager.post("/residents/ppks-lists/new", data=sent(place), headers=ENGLISH).status_code == 303
    page = place.manager.get("/residents/ppks-lists", headers=ENGLISH).text
    for words in ("Permensos 7/2027", "Pengungsi anak", "Person who lives by begging", "before: ", "All 26 kinds"):
        assert words in page, words
    assert place.name in page  # stands on a kind that has ended
    assert propose(place, "street_child") == 422
    assert propose(place, "own:pengungsi anak") == 302
    file = place.counsellor.get(f"{place.base}/ppks", headers=ENGLISH).text
    assert "Pengungsi anak" in file
    assert "Child living on the street" in file
    with place.app.app_context(), house_scope(place.id):
        marks = db.session.scalars(select(PpksMark).order_by(PpksMark.id)).all()
        assert [(mark.list_name, mark.name) for mark in marks] == [("5/2019", None), ("7/2027", "Pengungsi anak")]
        kept = db.session.scalars(select(PpksList)).one()
        assert dict(kept.kinds)["begging"] == "Person who lives by begging"
        assert dict(kept.kinds)["homeless"] == ""  # left as it was: Foyer's own words, in the reader's language
        read = select(AuditEntry.id).where(AuditEntry.subject_type == "PpksMark", AuditEntry.verb == "read")
        assert db.session.scalars(read).all()


def test_a_version_that_lies_ahead_is_not_in_force_yet(place: SimpleNamespace) -> None:
    ahead = sent(place, from_on="2027-06-01")
    assert place.manager.post("/residents/ppks-lists/new", data=ahead, headers=ENGLISH).status_code == 303
    assert "still ahead" in place.manager.get("/residents/ppks-lists", headers=ENGLISH).text
    assert propose(place, "street_child") == 302
    assert propose(place, "own:pengungsi anak") == 422


def test_two_managers_and_what_is_wrong(place: SimpleNamespace) -> None:
    address = "/residents/ppks-lists/new"
    first = sent(place)
    same = {**{key: "" for key in first if key.startswith("kind_")}, **first}
    assert place.manager.post(address, data={**first, "source": ""}, headers=ENGLISH).status_code == 422
    assert place.manager.post(address, data={**first, "name": "5/2019"}, headers=ENGLISH).status_code == 422
    assert place.manager.post(address, data={**first, "added": "A\na"}, headers=ENGLISH).status_code == 422
    assert place.manager.post(address, data=first, headers=ENGLISH).status_code == 303
    second = {**same, "name": "8/2027", "added": "Anak pekerja migran"}
    late = place.manager.post(address, data=second, headers=ENGLISH)
    assert late.status_code == 409
    assert "Anak pekerja migran" in late.text  # what was typed is not lost
    assert "7/2027" in late.text
    early = {**second, "version": "2"}
    assert place.manager.post(address, data=early, headers=ENGLISH).status_code == 422  # begins with the one before
    assert place.counsellor.get(address).status_code == 403
    assert place.counsellor.get("/residents/ppks-lists").status_code == 403
