"""A copy of the whole file holds what its maker may export and nothing else: asked for each part, as everybody, and the
marked strings of ``test_confidential`` hunted in what comes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload.rights import RIGHTS, Act, Part, Who
from foyer.copies.sources import SOURCES, Audience
from foyer.database import Base, EncryptedText, db
from tests.conventions.walking import Filled
from tests.rights.test_confidential import ONCE, PART_OF, Secret
from tests.rights.test_confidential import secrets as secrets
from tests.rights.test_matrix import everybody as everybody
from tests.rights.test_matrix import filled as filled

STAFF = [who for who in Who if who is not Who.RESIDENT]
OTHERS = {f"{source.model.__tablename__}.{name}" for source in SOURCES for name in source.others}
HIDDEN = {f"{source.model.__tablename__}.{name}" for source in SOURCES for name in source.own_hidden}
# Of rows that the machine keeps, and of what was taken out of use: nothing that a reader of the file misses.
NOT_COPIED = {"attendance_corrections.why"}
# What people typed, whole in both forms of a copy. Codes are words in the one and codes in the other; files lie beside.
WORDS = {
    f"{table.name}.{column.name}"
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, EncryptedText)
}


def pdf_words(content: bytes) -> str:
    """The text of a PDF without any space, since markers break at the end of a line."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def unpacked(content: bytes) -> tuple[str, str, list[str]]:
    """The data, the document's words, and the names of the files."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    data = archive.read("file.json").decode()
    return data, pdf_words(archive.read("file.pdf")), archive.namelist()


def ask(browser: FlaskClient, filled: Filled, audience: Audience, parts: list[Part]):  # type: ignore[no-untyped-def]
    form = {"audience": audience.value, "parts": [part.value for part in parts]}
    form |= {"basis": "legal_duty", "basis_reason": "Permintaan pengadilan"} if audience is Audience.HOUSE else {}
    return browser.post(f"/residents/{filled.ids['resident']}/copy", data=form)


def may_take(secret: Secret, who: Who) -> bool:
    part = PART_OF[secret.column]
    return isinstance(part, Part) and Act.EXPORT in RIGHTS[part][who]


@ONCE
def test_marked_strings_are_in_the_copies_of_those_who_may_take_them_and_in_no_other(
    app: Flask,
    filled: Filled,
    secrets: list[Secret],
    everybody: dict[Who, int],
    sign_in: Callable[[int], FlaskClient],
) -> None:
    wrong, missed = [], []
    for who in STAFF:
        open_parts = [part for part in Part if Act.EXPORT in RIGHTS[part][who]]
        for audience in (Audience.HOUSE, Audience.RESIDENT):
            answer = ask(sign_in(everybody[who]), filled, audience, open_parts or list(Part))
            if not open_parts:
                assert answer.status_code in (403, 404), who
                continue
            assert answer.mimetype == "application/zip", (who, answer.text[:2000])
            data, said, _names = unpacked(answer.data)
            for secret in secrets:
                hides = audience is Audience.RESIDENT and secret.column in OTHERS
                expected = may_take(secret, who) and not hides
                for text in (data, said):
                    if secret.marker in text and not expected:
                        wrong.append((who.value, audience.value, secret.column))
                    if secret.marker not in text and expected and secret.column in WORDS:
                        missed.append((who.value, audience.value, secret.column))
    own = pdf_words(sign_in(everybody[Who.RESIDENT]).post("/my-file/copy").data)
    for secret in secrets:
        if secret.marker in own and (secret.column in OTHERS | HIDDEN or not may_take(secret, Who.RESIDENT)):
            wrong.append(("resident", "own", secret.column))
    assert wrong == []
    assert sorted(set(missed)) == [], "a part that may be exported is not whole: give the column a label, or a source"


def test_each_part_is_given_to_whom_the_table_gives_it_and_a_copy_has_only_what_was_chosen(
    app: Flask, filled: Filled, everybody: dict[Who, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    for who in STAFF:
        browser = sign_in(everybody[who])
        for part in Part:
            answer = ask(browser, filled, Audience.HOUSE, [part])
            if Act.EXPORT in RIGHTS[part][who]:
                assert set(json.loads(unpacked(answer.data)[0])["parts"]) == {part.value}, (who, part)
            else:
                assert answer.status_code in (403, 404, 422), (who, part)
    assert sign_in(everybody[Who.RESIDENT]).post(f"/residents/{filled.ids['resident']}/copy").status_code == 403


def test_a_copy_is_read_by_people_and_machines_and_stands_in_the_trail(
    app: Flask, filled: Filled, sign_in: Callable[[int], FlaskClient]
) -> None:
    manager, me = sign_in(filled.users[Role.MANAGER]), sign_in(filled.users[Role.RESIDENT])
    data, said, names = unpacked(ask(manager, filled, Audience.HOUSE, [Part.IDENTITY, Part.PLAN, Part.LETTERS]).data)
    plan = json.loads(data)["parts"]["plan"][0]
    assert plan["below"][0]["below"][0]["title"] == "Langkah"  # plan, goal, step
    assert "Langkah" in said
    assert "documents/leave-2027-001.pdf" in names
    assert all(
        not name.startswith("documents/")
        for name in unpacked(ask(manager, filled, Audience.RESIDENT, [Part.LETTERS]).data)[2]
    )
    assert "Rencana" in pdf_words(me.post("/my-file/copy").data)
    with app.app_context():
        query = select(AuditEntry.subject_type).where(
            AuditEntry.verb == "exported", AuditEntry.resident_id == filled.ids["resident"]
        )
        assert db.session.scalars(query.order_by(AuditEntry.id)).all() == ["FileCopy", "HandedCopy", "OwnCopy"]
    form = " ".join(
        manager.get(f"/residents/{filled.ids['resident']}/copy", headers={"Accept-Language": "id"}).text.split()
    )
    assert "(wajib diisi jika bukan untuk warga binaan)" in form
    assert "(wajib diisi jika persetujuan tidak diminta)" in form
    bare = f"/residents/{filled.ids['resident']}/copy", {"audience": "house", "parts": ["identity"]}
    for basis in ({}, {"basis": "partners"}, {"basis": "legal_duty"}):  # nothing said; no consent; no reason
        assert manager.post(bare[0], data={**bare[1], **basis}).status_code == 422
    assert "alinan berkas" in me.get("/my-file/readers").text  # the resident sees that staff took one
    page = me.post("/my-file/copy", data={"ask": "1"}, follow_redirects=True)
    assert "alinan" in page.text  # among what was asked for, with its clock
