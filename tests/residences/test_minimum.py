"""Which of the rooms of PP 39/2012 a house has."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from foyer.accounts.models import Role
from foyer.database import db
from foyer.residences.minimum import Facility, minimum_of
from foyer.residences.models import Residence
from tests.factories import make_residence, make_user

INDONESIAN = {"Accept-Language": "id"}


def test_a_house_ticks_what_it_has_and_reads_what_is_missing(app: Flask, sign_in: Callable[[int], FlaskClient]) -> None:
    with app.app_context():
        residence = make_residence()
        ids = {role: make_user(residence, role).id for role in (Role.MANAGER, Role.COUNSELLOR)}
        db.session.commit()
        house_id, version = residence.id, residence.version
    head = sign_in(ids[Role.MANAGER])
    first = head.get("/house/minimum", headers=INDONESIAN).text
    assert "Belum ada</h2>" not in first  # nothing was said yet, so nothing is missing
    assert "15 jenis ruang" in first
    typed = {"facilities": ["dormitory", "guard"], "version": version}
    assert head.post("/house/minimum", data={**typed, "facilities": ["pool"]}).status_code == 422
    assert head.post("/house/minimum", data=typed).status_code == 303
    assert head.post("/house/minimum", data={**typed, "facilities": ["hall"]}).status_code == 409
    assert "2 dari 15" in head.get("/house/minimum", headers=INDONESIAN).text
    with app.app_context():
        found = minimum_of(db.session.get_one(Residence, house_id))
    assert found.there == [Facility.DORMITORY, Facility.GUARD]
    assert len(found.missing) == 13
    assert sign_in(ids[Role.COUNSELLOR]).get("/house/minimum").status_code == 403
