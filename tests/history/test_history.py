"""The trail as a page, in people's words, and who read my file."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from foyer.accounts.models import Role, User
from foyer.caseload.models import Assignment
from foyer.database import db
from foyer.residences.models import Residence, Staff
from foyer.residents.models import EducationLevel
from tests.factories import make_user
from tests.papers.conftest import Office
from tests.papers.conftest import office as office
from tests.queries import count_queries

SignIn = Callable[[User | int], FlaskClient]


def test_changes_are_told_in_words_and_confidential_ones_only_as_having_changed(
    office: Office, sign_in: SignIn
) -> None:
    with office.opened() as at:
        at.resident.birth_place = "Kota Lama"
        at.resident.religion = "RAHASIA-AGAMA"
        at.stay.education_level = EducationLevel.SMP
        staff = db.session.query(Staff).filter_by(user_id=office.counsellor).one()
        db.session.add(
            Assignment(residence_id=office.house, resident_id=office.resident, staff_id=staff.id, from_on=at.desk.today)
        )
        name = staff.full_name
    client = sign_in(office.manager)
    page = client.get(f"/residents/{office.resident}/trail", headers={"Accept-Language": "id"}).text
    for told in ("Sri Kepala", "Kota Lama", "SMP", name, "13 Jan"):
        assert told in page
    for raw in ("RAHASIA-AGAMA", "birth_place", "education_level", "name_key", "staff_id", "StageStep", "•••"):
        assert raw not in page
    with count_queries(office.app) as seen:
        assert client.get(f"/residents/{office.resident}/trail?what=all").status_code == 200
    assert len(seen) <= 18


def test_a_resident_sees_who_opened_the_own_file(office: Office, sign_in: SignIn) -> None:
    with office.opened() as at:
        house = db.session.get_one(Residence, office.house)
        resident = make_user(house, Role.RESIDENT)
        at.resident.user_id = resident.id
        id_ = resident.id
    counsellor = sign_in(office.counsellor)
    for _ in range(2):
        counsellor.get(f"/residents/{office.resident}")
    counsellor.get(f"/residents/{office.resident}/letters")
    own = sign_in(id_)
    page = own.get("/my-file/readers").text
    with office.opened():
        assert db.session.get_one(User, office.counsellor).display_name in page
    assert "3" in page
    assert own.get(f"/residents/{office.resident}/trail").status_code == 403
    assert counsellor.get("/my-file/readers").status_code == 403
