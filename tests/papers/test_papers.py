"""Issuing, the register, withdrawing, the house's own templates, and who may."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select, text

from foyer.accounts.models import User
from foyer.audit.models import AuditEntry
from foyer.database import db
from foyer.papers import services
from foyer.papers.built_in import built_in
from foyer.papers.models import IssuedPaper, PaperKind, PaperTemplate
from foyer.residences.models import Trade
from foyer.residents.consent import Consent, GivenBy, Ground, Purpose
from foyer.residents.consenting import withdraw
from foyer.residents.disclosing import Basis, Disclosure, Release
from foyer.residents.family import ContactSafety, Relation, Relative
from foyer.residents.ppks import PpksMark, PpksState
from foyer.training.conduct import certificates_of
from foyer.training.progress_models import Competency, CompetencyCheck, ConductArea, ConductNote, Tone
from tests.papers.conftest import NAME, Office
from tests.papers.test_documents import pages_of, template, words_of
from tests.queries import count_queries

SignIn = Callable[[User | int], FlaskClient]
SECRET = "RAHASIA-KELUARGA-77"
DAY = date(2027, 1, 12)


@dataclass
class Issued:
    """A document read back from the database."""

    id: int
    number: str
    docx: str
    pdf: str

    @property
    def words(self) -> str:
        return self.docx + "\n" + self.pdf


def issue(office: Office, kind: PaperKind, *, with_full_name: bool = True, **typed: str) -> Issued:
    release = Release(Basis.PUBLIC_DUTY, reason="Penelitian kemasyarakatan") if kind in services.SENT else None
    with office.opened() as at:
        given = {"with_full_name": with_full_name, "release": release}
        id_ = services.issue(at.desk, at.resident, at.stay, kind, typed, **given).id
    return read(office, id_)


def read(office: Office, id_: int) -> Issued:
    with office.opened() as at:
        paper = services.get_paper(at.resident, id_, with_files=True)
        return Issued(paper.id, paper.number_text, words_of(paper.docx), pages_of(paper.pdf))


def test_documents_say_what_the_records_say_and_are_kept_as_they_were_issued(office: Office) -> None:
    report = issue(office, PaperKind.SOCIAL_REPORT, kepada="Bapas Contoh", latar_belakang=SECRET)
    assert report.number == "001/LS/I/2027"
    for said in (report.docx, report.pdf):
        for part in (NAME, "Bapas Contoh", SECRET, "001/LS/I/2027", "Tata Boga", "13 Januari 2027", "Sri Kepala"):
            assert part in said
    assert issue(office, PaperKind.PROGRESS).number == "002/RP/I/2027"
    with office.opened() as at:
        at.resident.full_name = "Nama Baru"
    assert NAME in read(office, report.id).pdf


def test_what_other_parts_record_comes_onto_the_report_and_what_is_not_safe_does_not(office: Office) -> None:
    with office.opened() as at:
        own = {"residence_id": office.house, "resident_id": office.resident}
        for name, safety in (("Ibu Aman", ContactSafety.SAFE), ("Ayah Jauh", ContactSafety.NOT_SAFE)):
            relation, phone = Relation.MOTHER, f"0812-{name}"
            db.session.add(Relative(**own, relation=relation, full_name=name, phone=phone, safety=safety))
        trade = db.session.scalars(select(Trade)).first()
        assert trade is not None
        skill = Competency(residence_id=office.house, trade_id=trade.id, position=1, title="Mengganti oli")
        db.session.add(skill)
        db.session.flush()
        today = at.desk.today
        db.session.add(CompetencyCheck(**own, stay_id=office.stay, competency_id=skill.id, reached_on=today))
        for words, tone in (("Menolong teman baru", Tone.PRAISE), ("Sering terlambat bangun", Tone.CONCERN)):
            note = {"tone": tone, "area": next(iter(ConductArea)), "seen_on": today, "words": words}
            db.session.add(ConductNote(**own, stay_id=office.stay, is_shared=True, **note))
        for code, state in (("street_child", PpksState.VERIFIED), ("drug_victim", PpksState.PROPOSED)):
            mark = {"list_name": "5/2019", "code": code, "from_on": today, "source": "x", "state": state}
            db.session.add(PpksMark(**own, proposed_by_id=office.counsellor, verified_on=today, **mark))
    report, card = issue(office, PaperKind.SOCIAL_REPORT), issue(office, PaperKind.PROGRESS)
    for said in ("Ibu Aman", "0812-Ibu Aman", "Ayah Jauh", "Mengganti oli"):
        assert said in report.docx
        assert said in report.pdf
    assert "0812-Ayah" not in report.words
    assert "anak jalanan" in report.words.lower()
    assert "napza" not in report.words.lower()  # proposed only
    assert "Menolong teman baru" in card.pdf
    assert "terlambat bangun" not in card.words + report.words
    assert "anak jalanan" not in card.words.lower()
    assert "Mengganti oli" in issue(office, PaperKind.CERTIFICATE).pdf


def test_nothing_of_a_document_lies_readable_in_the_database_or_in_the_trail(office: Office) -> None:
    issue(office, PaperKind.SOCIAL_REPORT, kepada=SECRET, latar_belakang=SECRET)
    with office.opened():
        row = db.session.execute(text("SELECT addressee, typed, docx, pdf FROM issued_papers")).one()
        for value in row:
            raw = value.encode() if isinstance(value, str) else bytes(value)
            assert SECRET.encode() not in raw
            assert raw[:4] not in (b"PK\x03\x04", b"%PDF")
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "IssuedPaper")).one()
        assert entry.resident_id == office.resident
        assert SECRET not in str(entry.changes)


def test_certificate_permit_and_referral_carry_no_label(office: Office) -> None:
    for kind in (PaperKind.CERTIFICATE, PaperKind.LEAVE, PaperKind.REFERRAL):
        said = issue(office, kind, keperluan="Keluarga", tujuan_izin="Rumah", jenis_ppks="ABH").words.lower()
        assert NAME.lower() in said
        for label in ("trauma", "abh", "ppks", "berhadapan dengan hukum", "kebutuhan"):
            assert label not in said


def test_of_a_protected_resident_only_initials_unless_somebody_says_so(office: Office) -> None:
    with office.opened() as at:
        at.resident.is_restricted = True
    short = issue(office, PaperKind.REFERRAL, with_full_name=False, kepada="Puskesmas", alasan="Sakit")
    assert "Bunga" not in short.words
    assert "B.M.S." in short.pdf
    assert NAME in issue(office, PaperKind.REFERRAL, kepada="Bapas", alasan="Sidang").pdf


def test_a_letter_from_draft_to_withdrawal(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.counsellor)
    at = f"/residents/{office.resident}/letters"
    assert client.get(at).status_code == 200
    typed = {"kepada": "Puskesmas Tebet", "keperluan": "Periksa gigi", "alasan": "Sakit gigi"}
    typed |= {"basis": "vital_interest", "basis_reason": "Abses, harus segera"}
    assert client.get(f"{at}/new/referral").status_code == 200
    assert client.post(f"{at}/new/referral", data={**typed, "alasan": ""}).status_code == 422
    draft = client.post(f"{at}/new/referral", data={**typed, "draft": "pdf"})
    assert draft.mimetype == "application/pdf"
    assert "DRAF" in pages_of(draft.data)
    with office.opened() as opened:
        assert not services.papers_of(opened.resident)
    where = client.post(f"{at}/new/referral", data=typed).headers["Location"]
    assert "001/SR/I/2027" in client.get(where).text
    docx = client.get(f"{where}/file.docx")
    assert "Sakit gigi" in words_of(docx.data)
    assert "attachment" in docx.headers["Content-Disposition"]
    with office.opened():
        reads = select(AuditEntry).where(AuditEntry.verb == "read", AuditEntry.subject_type == "IssuedPaper")
        assert len(db.session.scalars(reads).all()) == 2  # the page, and the file
    assert "001/SR/I/2027" in client.get("/letters?q=melati").text
    for sort in ("number", "kind", "about", "issued", "by", "nothing-known"):
        assert "001/SR/I/2027" in client.get(f"/letters?sort={sort}&order=asc").text
    assert "001/SR/I/2027" not in client.get("/letters?q=orang+lain").text
    page = client.post(f"{where}/withdraw", data={"reason": "Salah alamat", "version": "1"}, follow_redirects=True)
    assert "Salah alamat" in page.text
    assert client.post(f"{where}/withdraw", data={"reason": "Lagi", "version": "2"}).status_code == 422
    assert client.get(f"{where}/file.pdf").status_code == 200  # withdrawn, but kept


def test_a_letter_stands_on_a_consent_or_on_another_ground_of_the_law(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.counsellor)
    at = f"/residents/{office.resident}/letters"
    typed = {"kepada": "Puskesmas Tebet", "keperluan": "Periksa", "alasan": "Batuk"}

    def send(**more: str) -> tuple[int, str]:
        page = client.post(f"{at}/new/referral", data={**typed, **more})
        return page.status_code, page.text or page.headers.get("Location", "")

    def consent(given: bool) -> None:
        with office.opened():
            own = {"residence_id": office.house, "resident_id": office.resident, "purpose": Purpose.HEALTH}
            row = Consent(**own, is_given=given, ground=Ground.CONSENT, given_by=GivenBy.RESIDENT, given_on=DAY)
            db.session.add(row)

    with office.opened() as opened:
        opened.resident.born_on = date(2005, 1, 1)
    assert send()[0] == 422  # nobody said on what it stands
    status, page = send(basis="health")
    assert status == 422
    assert "belum ditanyakan" in page.lower()
    assert send(basis="health", draft="pdf")[0] == 422  # a draft can be sent as well
    consent(False)
    assert send(basis="health")[0] == 422
    consent(True)
    assert send(basis="partners")[0] == 422  # another purpose
    assert send(basis="health")[0] == 302
    with office.opened() as opened:
        paper = services.papers_of(opened.resident)[0].id
        told = db.session.scalars(select(Disclosure)).one()
        assert (told.paper_id, told.receiver) == (paper, "Puskesmas Tebet")
        held = db.session.get_one(Consent, told.consent_id)
        withdraw(held, by="Saya", note="", residence=opened.desk.residence, now=opened.desk.now, version=held.version)
    assert client.get(f"{at}/{paper}/file.pdf").status_code == 302  # not handed out again
    status, page = send(basis="health")
    assert status == 422
    assert send(basis="legal_duty")[0] == 422  # without a reason
    assert send(basis="legal_duty", basis_reason="Permintaan pengadilan")[0] == 302
    assert "Puskesmas Tebet" in client.get(f"/residents/{office.resident}/consent").text


def test_an_issued_certificate_is_earned_and_a_withdrawn_one_is_not(office: Office) -> None:
    paper = issue(office, PaperKind.CERTIFICATE)
    with office.opened() as at:
        earned = certificates_of(office.resident)
        assert [(row.number, row.title, row.stay_id) for row in earned] == [(paper.number, "Tata Boga", office.stay)]
        assert earned[0].trade_id is not None
        services.withdraw(at.desk, services.get_paper(at.resident, paper.id), reason="Salah nama", version=None)
        assert certificates_of(office.resident) == []


def test_an_own_template_is_tried_used_and_ended(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.manager)

    def upload(content: bytes) -> tuple[int, str]:
        data = {"file": (io.BytesIO(content), "milik kami.docx")}
        page = client.post("/letters/templates/leave", data=data, follow_redirects=True)
        return page.status_code, page.text

    status, page = upload(template("Izin {{ nama }} {{ jenis_ppks }}"))
    assert status == 422
    assert "jenis_ppks" in page
    assert upload(b"nothing")[0] == 422
    assert upload(template("Izin pulang untuk {{ nama }}, {{ nomor_surat }}"))[0] == 200
    paper = issue(office, PaperKind.LEAVE)
    assert f"Izin pulang untuk {NAME}, 001/SI/I/2027" in paper.pdf
    assert client.get("/letters/templates/leave/sample.pdf").mimetype == "application/pdf"
    assert upload(template("Versi dua {{ nama }}"))[0] == 200
    client.post("/letters/templates/leave/built-in")
    with office.opened():
        assert [row.number for row in db.session.scalars(select(PaperTemplate).order_by(PaperTemplate.id))] == [1, 2]
        assert services.template_of(PaperKind.LEAVE) == built_in(PaperKind.LEAVE)
        assert db.session.get_one(IssuedPaper, paper.id).template_id is not None


def test_the_letterhead_and_the_pattern_of_numbers(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.manager)
    form = {"authority": "Dinas", "number_pattern": "no number", "version": "1"}
    assert client.post("/letters/letterhead", data=form).status_code == 422
    form["number_pattern"] = "{kode}.{nomor}/PSBR/{tahun}"
    assert client.post("/letters/letterhead", data=form).status_code == 302
    assert client.post("/letters/letterhead", data=form).status_code == 409  # somebody else's version
    assert issue(office, PaperKind.CERTIFICATE).number == "ST.001/PSBR/2027"


def test_pages_stay_within_a_bounded_number_of_queries(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.manager)
    with office.opened() as at:
        at.resident.is_restricted = True
    for _ in range(3):
        issue(office, PaperKind.LEAVE, keperluan="x")
    file = f"/residents/{office.resident}/letters"
    for address in (file, f"{file}/new/social_report", f"{file}/1", "/letters", "/letters/templates"):
        with count_queries(office.app) as seen:
            assert client.get(address).status_code in (200, 404)
        assert len(seen) <= 18, address  # the frame of a file takes fourteen
