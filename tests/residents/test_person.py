"""Family, kinds of PPKS, cases at law, documents and consent: what the services allow, refuse and write down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, text

from foyer.accounts.models import Role, User
from foyer.accounts.services import begin_sign_in, find_by_username, is_neutral
from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.errors import Stale
from foyer.residences.models import Residence
from foyer.residents import attachments, consenting, family, ppks, restriction
from foyer.residents.attachments import Attachment, AttachmentKind, add_attachment, attachment_of
from foyer.residents.consent import Consent, ConsentWay, GivenBy, Ground, Purpose
from foyer.residents.consenting import Standing, may_use, record_answer, record_stop, verdicts, withdraw
from foyer.residents.family import ContactSafety, Relation, Relative, add_relative, end_relative
from foyer.residents.models import Resident
from foyer.residents.pictures import NotAPicture, PictureTooLarge, shrink
from foyer.residents.restriction import LegalRole, LegalStep
from tests.factories import make_residence, make_resident, make_user

TODAY = date(2027, 1, 13)
NOW = datetime(2027, 1, 13, 14, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
SECRET = "Pekarangan-Sunyi-7"


@dataclass
class House:
    residence: Residence
    minor: Resident
    adult: Resident
    worker: User
    head: User


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with app.app_context():
        residence = make_residence()
        minor = make_resident(residence, full_name="Sekar Ayu", born_on=date(2010, 3, 1))
        adult = make_resident(residence, full_name="Bima Saputra", born_on=date(2008, 6, 1))
        worker, head = make_user(residence, Role.COUNSELLOR), make_user(residence, Role.MANAGER)
        db.session.commit()
        with house_scope(residence.id):
            yield House(residence, minor, adult, worker, head)


def mother_of(resident: Resident, **overrides: Any) -> Relative:
    values = {
        "full_name": f"Ibu {SECRET}",
        "relation": Relation.MOTHER,
        "is_guardian": True,
        "phone": SECRET,
        "safety": ContactSafety.SAFE,
        **overrides,
    }
    return add_relative(resident, values)


def answer(house: House, resident: Resident, *purposes: Purpose, **overrides: Any) -> Consent:
    relative = overrides.pop("relative", None)
    values = {
        "is_given": True,
        "ground": Ground.CONSENT,
        "way": ConsentWay.SIGNED,
        "given_on": TODAY,
        "assents": True if relative else None,
        **overrides,
    }
    return record_answer(resident, purposes, values, relative=relative, today=TODAY, actor=house.worker)[0]


def standing(resident: Resident, purpose: Purpose, day: date = TODAY) -> Standing:
    found = verdicts(resident, consenting.consents_of(resident.id), day)
    return next(verdict.standing for verdict in found if verdict.purpose is purpose)


def picture(size: tuple[int, int] = (3000, 2000), kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def test_whoever_is_not_safe_to_reach_needs_a_reason_and_never_decides(house: House) -> None:
    with pytest.raises(family.SafetyReasonMissing):
        mother_of(house.minor, safety=ContactSafety.NOT_SAFE)
    dangerous = mother_of(house.minor, safety=ContactSafety.NOT_SAFE, safety_reason=SECRET)
    assert not dangerous.may_be_asked
    with pytest.raises(consenting.GuardianNotToBeAsked):
        answer(house, house.minor, Purpose.CARE, relative=dangerous)
    safe = mother_of(house.minor, relation=Relation.GRANDPARENT)
    end_relative(safe, on=TODAY, reason="perwalian berakhir", version=safe.version)
    assert not safe.may_be_asked
    assert [one.id for one in family.relatives_of(house.minor.id)] == [dangerous.id, safe.id]


def test_a_minor_is_answered_for_by_a_guardian_and_is_asked_as_well(house: House) -> None:
    mother = mother_of(house.minor)
    for broken, overrides in (
        (consenting.GuardianNeeded, {}),
        (consenting.AssentMissing, {"relative": mother, "assents": None}),
        (consenting.AnswerMissing, {"relative": mother, "is_given": None}),
        (consenting.WayMissing, {"relative": mother, "way": None}),
        (consenting.DayWrong, {"relative": mother, "given_on": TODAY + timedelta(days=1)}),
    ):
        with pytest.raises(broken):
            answer(house, house.minor, Purpose.PHOTO, **overrides)
    assert standing(house.minor, Purpose.PHOTO) is Standing.NOT_ASKED
    assert answer(house, house.minor, Purpose.PHOTO, relative=mother).given_by is GivenBy.GUARDIAN
    assert may_use(house.minor, Purpose.PHOTO, TODAY)
    answer(house, house.minor, Purpose.PHOTO, relative=mother, assents=False)
    assert standing(house.minor, Purpose.PHOTO) is Standing.REFUSED, "the young person's no counts"


def test_from_the_eighteenth_birthday_on_the_resident_alone_answers(house: House) -> None:
    mother, adults_mother = mother_of(house.minor), mother_of(house.adult)
    with pytest.raises(consenting.AdultAnswers):
        answer(house, house.adult, Purpose.CARE, relative=adults_mother)
    answer(house, house.minor, Purpose.CARE, relative=mother, until_on=date(2028, 6, 1))
    assert standing(house.minor, Purpose.CARE, date(2028, 2, 29)) is Standing.GIVEN
    assert standing(house.minor, Purpose.CARE, date(2028, 3, 1)) is Standing.ASK_ANEW
    assert standing(house.minor, Purpose.CARE, date(2028, 6, 2)) is Standing.EXPIRED
    answer(house, house.adult, Purpose.CARE)
    assert standing(house.adult, Purpose.CARE) is Standing.GIVEN
    assert consenting.birthday(date(2008, 2, 29)) == date(2026, 3, 1)


def test_another_ground_needs_a_reason_and_serves_no_optional_use(house: House) -> None:
    ground = {"ground": Ground.PUBLIC_DUTY, "given_on": TODAY}
    with pytest.raises(consenting.GroundReasonMissing):
        answer(house, house.minor, Purpose.CARE, **ground)
    with pytest.raises(consenting.OnlyByConsent):
        answer(house, house.minor, Purpose.PUBLICITY, **ground, ground_reason=SECRET)
    kept = answer(house, house.minor, Purpose.CARE, **ground, ground_reason=SECRET)
    assert standing(house.minor, Purpose.CARE) is Standing.OTHER_GROUND
    with pytest.raises(consenting.NothingToWithdraw):
        withdraw(kept, by="ibu", note="", residence=house.residence, now=NOW, version=kept.version)


def test_taking_back_suspends_at_once_and_starts_the_houses_clock(house: House) -> None:
    house.residence.withdrawal_hours = 48
    given = answer(house, house.minor, Purpose.PHOTO, relative=mother_of(house.minor))
    withdraw(given, by=SECRET, note=SECRET, residence=house.residence, now=NOW, version=given.version)
    assert not may_use(house.minor, Purpose.PHOTO, TODAY)
    assert given.stop_by == NOW + timedelta(hours=48)
    with pytest.raises(consenting.NothingToWithdraw):
        withdraw(given, by=SECRET, note="", residence=house.residence, now=NOW, version=given.version)
    stop: dict[str, Any] = {"now": NOW, "actor": house.worker, "version": given.version}
    with pytest.raises(consenting.StopNoteMissing):
        record_stop(given, note=" ", kept_ground=None, **stop)
    with pytest.raises(consenting.OnlyByConsent):
        record_stop(given, note="diturunkan", kept_ground=Ground.PUBLIC_DUTY, **stop)
    record_stop(given, note="diturunkan dari mading", kept_ground=None, **stop)
    with pytest.raises(consenting.NotWithdrawn):
        record_stop(given, note="lagi", kept_ground=None, **{**stop, "version": given.version})
    assert standing(house.minor, Purpose.PHOTO) is Standing.WITHDRAWN


def test_what_the_law_makes_the_house_keep_goes_on_under_another_ground(house: House) -> None:
    given = answer(house, house.adult, Purpose.CARE)
    withdraw(given, by="Bima", note="", residence=house.residence, now=NOW, version=given.version)
    record_stop(
        given,
        note="layanan dihentikan",
        kept_ground=Ground.LEGAL_DUTY,
        now=NOW,
        actor=house.head,
        version=given.version,
    )
    assert standing(house.adult, Purpose.CARE) is Standing.OTHER_GROUND


def test_a_kind_of_ppks_is_verified_by_somebody_else_and_ended_with_a_reason(house: House) -> None:
    with pytest.raises(ppks.UnknownKind):
        ppks.propose_kind(house.minor, "pmks_old", from_on=TODAY, source="surat", actor=house.worker, today=TODAY)
    mark = ppks.propose_kind(house.minor, "street_child", from_on=TODAY, source=SECRET, actor=house.worker, today=TODAY)
    with pytest.raises(ppks.KindStands):
        ppks.propose_kind(house.minor, "street_child", from_on=TODAY, source="surat", actor=house.head, today=TODAY)
    with pytest.raises(ppks.SelfVerified):
        ppks.verify_kind(mark, on=TODAY, source="x", actor=house.worker, version=mark.version)
    ppks.verify_kind(mark, on=TODAY, source="kunjungan", actor=house.head, version=mark.version)
    with pytest.raises(ppks.EndBeforeStart):
        ppks.end_kind(mark, on=TODAY - timedelta(days=1), reason="x", version=mark.version)
    ppks.end_kind(mark, on=TODAY, reason="kembali ke keluarga", version=mark.version)
    ppks.propose_kind(house.minor, "street_child", from_on=TODAY, source="surat", actor=house.worker, today=TODAY)
    assert len(ppks.FIRST_KINDS) == 26


def test_a_secret_identity_changes_the_user_name_once_and_the_password_stays(house: House) -> None:
    user = make_user(house.residence, Role.RESIDENT, display_name="Sekar Ayu", username="sekar.ayu")
    house.minor.user_id = user.id
    before = user.password_hash
    restriction.restrict(house.minor, reason="saksi", version=None)
    username = user.username
    assert is_neutral(username)
    assert (user.display_name, user.password_hash) == ("S.A.", before)
    assert begin_sign_in(username).user_id == user.id
    assert find_by_username("sekar.ayu") is None
    restriction.open_case(house.minor, {"role": LegalRole.WITNESS, "step": LegalStep.COURT, "from_on": TODAY})
    assert user.username == username, "the resident has learned it"
    restriction.close_case(restriction.cases_of(house.minor.id)[0], on=TODAY, reason="putusan", version=None)
    restriction.lift_restriction(house.minor, reason="sudah dewasa", version=None)
    assert (user.display_name, user.username) == ("Sekar Ayu", username)


def test_a_case_at_law_makes_the_identity_secret_until_it_is_over(house: House) -> None:
    values = {"role": LegalRole.VICTIM, "step": LegalStep.POLICE, "from_on": TODAY, "terms": SECRET}
    case = restriction.open_case(house.minor, values)
    assert house.minor.is_restricted
    with pytest.raises(restriction.CaseOpen):
        restriction.lift_restriction(house.minor, reason="x", version=house.minor.version)
    restriction.close_case(case, on=TODAY, reason="putusan", version=case.version)
    with pytest.raises(restriction.CaseClosed):
        restriction.change_case(case, values, version=case.version)
    assert house.minor.is_restricted, "the end of a case does not tell anybody the name"
    with pytest.raises(restriction.ReasonMissing):
        restriction.lift_restriction(house.minor, reason=" ", version=house.minor.version)
    with pytest.raises(Stale):
        restriction.lift_restriction(house.minor, reason="x", version=house.minor.version + 1)
    restriction.lift_restriction(house.minor, reason="sudah dewasa", version=house.minor.version)
    assert not house.minor.is_restricted


def test_a_picture_is_made_small_upright_and_without_its_place(house: House) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET  # turned by 90 degrees; a description
    kept = add_attachment(
        house.minor,
        picture(exif=exif.tobytes()),
        kind=AttachmentKind.SCHOOL,
        title="Rapor",
        actor=house.worker,
        today=TODAY,
    )
    db.session.commit()
    found = attachment_of(house.minor.id, kept.id, whole=True)
    with Image.open(BytesIO(found.content)) as shown:
        assert shown.size == (1200, 1800)
        assert not shown.getexif()
    assert found.preview is not None
    assert max(Image.open(BytesIO(found.preview)).size) == 320
    assert found.size < 1_500_000


def test_files_that_are_too_large_unreadable_or_there_already_are_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(content: bytes, kind: AttachmentKind = AttachmentKind.OTHER) -> Attachment:
        return add_attachment(house.minor, content, kind=kind, title="", actor=house.worker, today=TODAY)

    with pytest.raises(NotAPicture):
        put(b"MZ this is a program")
    with pytest.raises(attachments.FileTooLarge):
        put(b"%PDF-1.7" + b"0" * attachments.LARGEST_PDF)
    with pytest.raises(attachments.PhotoNotAllowed):
        put(picture((40, 40)), AttachmentKind.PHOTO)
    answer(house, house.minor, Purpose.PHOTO, relative=mother_of(house.minor))
    with pytest.raises(attachments.NeedsPicture):
        put(b"%PDF-1.7 small", AttachmentKind.PHOTO)
    put(picture((40, 40)), AttachmentKind.PHOTO)
    assert attachments.may_show_photo(house.minor, TODAY)
    house.minor.is_restricted = True
    assert not attachments.may_show_photo(house.minor, TODAY)
    house.minor.is_restricted = False
    first = put(b"%PDF-1.7 small")
    with pytest.raises(attachments.SameFile):
        put(b"%PDF-1.7 small")
    attachments.withdraw_attachment(first, reason="salah berkas", version=first.version)
    with pytest.raises(attachments.AlreadyWithdrawn):
        attachments.withdraw_attachment(first, reason="lagi", version=first.version)
    put(b"%PDF-1.7 small")
    monkeypatch.setattr("foyer.residents.pictures.MOST_PIXELS", 100)
    with pytest.raises(PictureTooLarge):
        shrink(picture((40, 41)), 20)


def test_what_is_confidential_is_unreadable_in_the_tables_and_absent_from_the_trail(house: House) -> None:
    mother = mother_of(house.minor, note=SECRET, safety_reason=SECRET)
    given = answer(house, house.minor, Purpose.CARE, relative=mother)
    withdraw(given, by=SECRET, note=SECRET, residence=house.residence, now=NOW, version=given.version)
    ppks.propose_kind(house.minor, "violence_victim", from_on=TODAY, source=SECRET, actor=house.worker, today=TODAY)
    case = {"role": LegalRole.VICTIM, "step": LegalStep.POLICE, "from_on": TODAY, "officer": SECRET, "note": SECRET}
    restriction.open_case(house.minor, case)
    restriction.restrict(house.minor, reason=SECRET, version=house.minor.version)
    content = b"%PDF-1.7 " + SECRET.encode()
    add_attachment(house.minor, content, kind=AttachmentKind.COURT, title=SECRET, actor=house.worker, today=TODAY)
    db.session.commit()
    for table in ("relatives", "consents", "ppks_marks", "legal_cases", "attachments", "residents"):
        rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
        shown = repr([[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in rows])
        assert rows
        for planted in (SECRET, "violence_victim", "victim'"):
            assert planted not in shown, table
    trail = db.session.scalars(select(AuditEntry).where(AuditEntry.resident_id == house.minor.id)).all()
    kinds = {entry.subject_type for entry in trail}
    assert {"Relative", "Consent", "PpksMark", "LegalCase", "Attachment", "Resident"} <= kinds
    assert SECRET not in repr([entry.changes for entry in trail])
    assert "violence_victim" not in repr([entry.changes for entry in trail])
