"""Across houses: what goes along, what stays, and that neither sees the other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.caseload.models import Assignment
from foyer.clock import today_in
from foyer.cycles.copying import enrol_staying
from foyer.database import Base, db, house_scope, utc_now
from foyer.leaving import handing, transfers
from foyer.leaving.models import Exit, ExitReason, Reentry
from foyer.leaving.transfer_models import TransferArrival, TransferOffer, TransferState
from foyer.leaving.transfers import Offer, offer_transfer, take_over
from foyer.leaving.travelling import TRAVELS
from foyer.registers.books import things_kept
from foyer.registers.models import Valuable
from foyer.registers.writing import DoneAlready
from foyer.residences.models import Trade
from foyer.residents.attachments import Attachment
from foyer.residents.consent import Consent
from foyer.residents.family import Relative
from foyer.residents.models import Resident, Stay
from foyer.training.progress_models import EarnedCertificate
from tests.factories import make_cycle, make_resident, make_stay, make_user
from tests.leaving.house import TODAY, another_house, approved, begun, leaving_house
from tests.residents.rows import person_ids, tiny_picture

MOVES, BACK, NEW_END = date(2027, 2, 20), date(2027, 4, 1), date(2027, 8, 1)


@pytest.fixture
def house(app: Flask) -> Iterator[SimpleNamespace]:
    with leaving_house(app) as found:
        found.other = another_house()
        found.third = another_house("Panti Dahlia")
        found.manager = found.managers[0]
        yield found


def offered(house: SimpleNamespace) -> TransferOffer:
    offer = Offer(house.other.residence, MOVES, "Keluarganya tinggal dekat sana.")
    return offer_transfer(house.resident, house.stay, offer, actor=house.manager)


def arrival_there(house: SimpleNamespace) -> TransferArrival:
    return db.session.scalars(select(TransferArrival)).one()


def moved(house: SimpleNamespace) -> Resident:
    offered(house)
    with house_scope(house.other.residence.id):
        row = arrival_there(house)
        transfers.agree_arrival(row, answer="Ada tempat.", actor=house.other.manager, version=None)
        return taken_over(row, house.other)


def taken_over(row: TransferArrival, there: SimpleNamespace, *, is_known: bool | None = None) -> Resident:
    return take_over(
        row,
        arrived_on=MOVES,
        leaves_on=NEW_END,
        counsellor=there.staff,
        today=TODAY,
        actor=there.manager,
        version=None,
        is_known=is_known,
    )


def test_the_other_house_learns_what_it_needs_to_decide_and_nobody_else_learns_anything(house: SimpleNamespace) -> None:
    offered(house)
    with house_scope(house.other.residence.id):
        row = arrival_there(house)
        assert (row.full_name, row.from_name, row.moves_on) == (house.resident.full_name, "Panti Melati", MOVES)
        assert db.session.scalars(select(Resident)).all() == []
        assert transfers.list_offers() == []
    with house_scope(house.third.residence.id):
        assert transfers.list_arrivals() == []
    assert transfers.list_arrivals() == []  # the sender has an offer, not an arrival


def test_what_cannot_be_offered(house: SimpleNamespace) -> None:
    own = Offer(house.residence, MOVES, "x")
    with pytest.raises(transfers.SameHouse):
        offer_transfer(house.resident, house.stay, own, actor=house.manager)
    for wrong, error in ((date(2027, 1, 4), transfers.DayOutsideStay), (MOVES, transfers.LetterMissing)):
        with pytest.raises(error):
            offer_transfer(house.resident, house.stay, Offer(house.other.residence, wrong, ""), actor=house.manager)
    row = offered(house)
    with pytest.raises(transfers.OfferStands):
        offered(house)
    transfers.withdraw_offer(row, version=None)
    begun(house)
    with pytest.raises(transfers.ExitStands):
        offered(house)


def test_nothing_moves_before_the_arrival(house: SimpleNamespace) -> None:
    offered(house)
    by = {"leaves_on": NEW_END, "today": TODAY, "actor": house.other.manager, "version": None}
    by |= {"counsellor": house.other.staff}
    with house_scope(house.other.residence.id):
        row = arrival_there(house)
        with pytest.raises(transfers.NotAgreed):
            take_over(row, arrived_on=MOVES, **by)
        transfers.agree_arrival(row, answer="", actor=house.other.manager, version=None)
        with pytest.raises(transfers.ArrivalAhead):
            take_over(row, arrived_on=date(2027, 2, 23), **by)
        assert db.session.scalars(select(Resident)).all() == []
    assert house.stay.leaves_on == date(2027, 5, 2)


def test_a_refusal_has_a_reason_and_the_letter_is_taken_back(house: SimpleNamespace) -> None:
    row = offered(house)
    with house_scope(house.other.residence.id):
        arrival = arrival_there(house)
        with pytest.raises(transfers.ReasonMissing):
            transfers.refuse_arrival(arrival, answer="", actor=house.other.manager, version=None)
        transfers.refuse_arrival(arrival, answer="Penuh sampai Juni.", actor=house.other.manager, version=None)
        assert arrival.letter is None
    assert (row.state, row.answer) == (TransferState.REFUSED, "Penuh sampai Juni.")


def test_the_person_arrives_with_the_history_and_the_sender_keeps_its_own(house: SimpleNamespace) -> None:
    house.resident.religion, house.stay.needs = "Islam", ["trauma"]
    new = moved(house)
    with house_scope(house.other.residence.id):
        there = db.session.scalars(select(Resident)).one()
        stays = db.session.scalars(select(Stay).order_by(Stay.arrives_on)).all()
        assert (there.id, there.full_name, there.religion) == (new.id, house.resident.full_name, "Islam")
        assert [(stay.arrives_on, stay.leaves_on, stay.elsewhere) for stay in stays] == [
            (date(2027, 1, 4), MOVES, "Panti Melati"),
            (MOVES, NEW_END, None),
        ]
        assert stays[1].needs == ["trauma"]
        assigned = db.session.scalars(select(Assignment)).one()
        assert (assigned.resident_id, assigned.staff_id, assigned.from_on) == (new.id, house.other.staff.id, MOVES)
        assert assigned.until_plan, "somebody answers from the first night on, until a plan says who"
    kept = db.session.scalars(select(Resident)).one()
    assert (kept.id, house.stay.leaves_on) == (house.resident.id, MOVES)
    row = db.session.scalars(select(Exit)).one()
    assert (row.reason, row.proposed_by_id, row.decided_by_id) == (
        ExitReason.TRANSFER,
        house.manager.id,
        house.other.manager.id,
    )


def test_records_travel_by_name_and_links_to_the_old_house_are_cut(house: SimpleNamespace) -> None:
    person_ids(house.resident, house.manager.id)
    about = {"residence_id": house.residence.id, "resident_id": house.resident.id, "stay_id": house.stay.id}
    trade = db.session.scalars(select(Trade)).one()
    db.session.add(
        EarnedCertificate(
            **about,
            title="Otomotif dasar",
            issuer="BLK",
            earned_on=MOVES,
            trade_id=trade.id,
            recorded_by_id=house.manager.id,
        )
    )
    new = moved(house)
    sent = db.session.scalars(select(TransferOffer)).one().travelled
    assert sent == {
        "accommodations": 1,
        "attachments": 1,
        "earned_certificates": 1,
        "legal_cases": 1,
        "ppks_marks": 1,
        "relatives": 1,
        "stage_steps": 1,
        "exits": 1,
    }
    with house_scope(house.other.residence.id):
        relative = db.session.scalars(select(Relative)).one()
        assert (relative.resident_id, relative.full_name) == (new.id, "Ibu Sari")
        paper = db.session.scalars(select(Attachment)).one()
        assert paper.content == tiny_picture()
        certificate = db.session.scalars(select(EarnedCertificate)).one()
        assert (certificate.trade_id, certificate.stay_id) == (None, new.stays[0].id)
        assert db.session.scalars(select(Consent)).all() == []  # given to the other house
    assert len(db.session.scalars(select(Relative)).all()) == 1  # the sender keeps its own


def test_stays_elsewhere_are_in_no_cycle_of_the_new_house(house: SimpleNamespace) -> None:
    moved(house)
    with house_scope(house.other.residence.id):
        enrolled = enrol_staying(source=None, target=make_cycle(house.other.residence))
        assert [enrolment.stay.arrives_on for enrolment in enrolled] == [MOVES]


def test_an_earlier_exit_with_its_aftercare_goes_along(house: SimpleNamespace) -> None:
    approved(house)
    house.stay.leaves_on = date(2027, 2, 1)
    back = Stay(
        residence_id=house.residence.id,
        resident_id=house.resident.id,
        arrives_on=date(2027, 2, 2),
        leaves_on=date(2027, 6, 1),
        education_level=house.stay.education_level,
    )
    db.session.add(back)
    db.session.flush()
    db.session.expire(house.resident)
    offer_transfer(house.resident, back, Offer(house.other.residence, MOVES, "Dekat"), actor=house.manager)
    with house_scope(house.other.residence.id):
        row = arrival_there(house)
        transfers.agree_arrival(row, answer="", actor=house.other.manager, version=None)
        new = taken_over(row, house.other)
        copies = db.session.scalars(select(Exit)).all()
        assert {copy.resident_id for copy in copies} == {new.id}
        assert {copy.aftercare_staff_id for copy in copies} == {None}  # a link to the old house's staff is cut
        assert all(copy.stay.residence_id == house.other.residence.id for copy in copies)
        assert len(copies[0].items) == 12
    assert len(db.session.scalars(select(Exit)).all()) == 2  # its own, unchanged, and the one of the move


def test_the_account_goes_along_and_is_signed_out(house: SimpleNamespace) -> None:
    user = make_user(house.residence, Role.RESIDENT)
    house.resident.user_id, stamp = user.id, user.session_stamp
    new = moved(house)
    assert house.resident.user_id is None
    assert new.user_id == user.id
    found = db.session.get_one(User, user.id)
    assert found.residence_id == house.other.residence.id
    assert found.session_stamp != stamp


def _offered_back(house: SimpleNamespace, there: Resident) -> TransferArrival:
    """The other house offers somebody back, a month after the arrival; agreed to here."""
    with house_scope(house.other.residence.id):
        stay = next(stay for stay in there.stays if stay.elsewhere is None)
        offer_transfer(there, stay, Offer(house.residence, BACK, "Ingin kembali"), actor=house.other.manager)
    row = db.session.scalars(select(TransferArrival)).one()
    transfers.agree_arrival(row, answer="", actor=house.manager, version=None)
    return row


def _taken_back(house: SimpleNamespace, row: TransferArrival, *, is_known: bool | None) -> Resident:
    return take_over(
        row,
        arrived_on=BACK,
        leaves_on=NEW_END,
        counsellor=house.staff,
        today=BACK,
        actor=house.manager,
        version=None,
        is_known=is_known,
    )


@pytest.mark.parametrize("has_number", [True, False])
def test_who_comes_back_the_same_way_goes_on_in_the_same_file(house: SimpleNamespace, has_number: bool) -> None:
    house.resident.nik_digest = "d" * 64 if has_number else None
    person_ids(house.resident, house.manager.id)
    user = make_user(house.residence, Role.RESIDENT)
    house.resident.user_id = user.id
    there = moved(house)
    db.session.expire_all()
    row = _offered_back(house, there)
    assert transfers.known_here(row) is house.resident
    with pytest.raises(transfers.PersonKnown):
        _taken_back(house, row, is_known=None)
    before = {kind: len(db.session.scalars(select(kind)).all()) for kind in (Relative, Attachment, EarnedCertificate)}
    here = len(db.session.scalars(select(Resident.id)).all())
    assert _taken_back(house, row, is_known=True) is house.resident
    db.session.expire_all()
    assert len(db.session.scalars(select(Resident.id)).all()) == here
    stays = [(stay.arrives_on, stay.elsewhere) for stay in house.resident.stays]
    assert stays == [(house.stay.arrives_on, None), (MOVES, house.other.residence.name), (BACK, None)]
    assert len(db.session.scalars(select(Relative)).all()) == before[Relative]  # they went along and came back
    assert len(db.session.scalars(select(EarnedCertificate)).all()) == before[EarnedCertificate]
    titles = [row.title for row in db.session.scalars(select(Attachment)).all()]
    assert (
        len([title for title in titles if not title.startswith(("Riwayat dari", "Rujukan ke"))]) == before[Attachment]
    )
    assert house.resident.user_id == user.id
    back = db.session.scalars(select(Reentry)).one()
    assert (back.resident_id, back.previous_stay_id) == (house.resident.id, house.stay.id)


def test_somebody_else_with_the_same_number_gets_a_file_without_it(house: SimpleNamespace) -> None:
    house.resident.nik, house.resident.nik_digest = "3174010101100001", "d" * 64
    offered(house)
    other = make_resident(house.other.residence, nik_digest="d" * 64)
    with house_scope(house.other.residence.id):
        row = arrival_there(house)
        transfers.agree_arrival(row, answer="", actor=house.other.manager, version=None)
        assert transfers.known_here(row) is other
        with pytest.raises(transfers.PersonKnown):
            taken_over(row, house.other)
        new = taken_over(row, house.other, is_known=False)
        assert new is not other
        assert (new.nik, new.nik_digest) == (None, None)
        assert len(other.stays) == 0


def test_who_has_a_stay_here_is_nobody_who_arrives(house: SimpleNamespace) -> None:
    house.resident.nik_digest = "d" * 64
    offered(house)
    other = make_resident(house.other.residence, nik_digest="d" * 64)
    make_stay(other, arrives_on=MOVES, leaves_on=NEW_END)
    with house_scope(house.other.residence.id):
        row = arrival_there(house)
        transfers.agree_arrival(row, answer="", actor=house.other.manager, version=None)
        db.session.expire_all()
        with pytest.raises(transfers.LivesHere):
            taken_over(row, house.other, is_known=True)


def test_every_travelling_table_exists_and_is_about_one_resident() -> None:
    tables = Base.metadata.tables
    assert {name for name in TRAVELS if name not in tables} == set()
    assert {name for name in TRAVELS if "resident_id" not in tables[name].columns} == set()


def test_the_page_asks_whether_it_is_the_person_whose_file_the_house_has(
    app: Flask, sign_in: Callable[[int], FlaskClient]
) -> None:
    with leaving_house(app) as house:
        house.other = another_house()
        today = today_in(house.residence.time_zone)
        house.stay.arrives_on, house.stay.leaves_on = today - timedelta(days=60), today + timedelta(days=30)
        house.resident.nik_digest = "d" * 64
        offer = Offer(house.other.residence, today, "Dekat")
        offer_transfer(house.resident, house.stay, offer, actor=house.managers[0])
        known = make_resident(house.other.residence, full_name="Bima Satria", nik_digest="d" * 64)
        with house_scope(house.other.residence.id):
            row = arrival_there(house)
            transfers.agree_arrival(row, answer="", actor=house.other.manager, version=None)
        db.session.commit()
        page, manager, staff_id, known_id = (
            f"/transfers/arrivals/{row.id}/arrived",
            house.other.manager.id,
            house.other.staff.id,
            known.id,
        )
    browser = sign_in(manager)
    assert "Bima Satria" in browser.get(page).text
    typed = {"arrived_on": today, "leaves_on": today + timedelta(days=90), "counsellor_id": staff_id}
    asked = browser.post(page, data=typed)
    assert asked.status_code == 422
    assert 'name="is_known"' in asked.text
    done = browser.post(page, data={**typed, "is_known": "yes"})
    assert done.headers["Location"].endswith(f"/residents/{known_id}")


def test_a_thing_goes_from_house_to_house_and_both_say_so(app: Flask, sign_in: Callable[[int], FlaskClient]) -> None:
    with leaving_house(app) as house:
        house.other, house.manager = another_house(), house.managers[0]
        own = {"residence_id": house.residence.id, "resident_id": house.resident.id}
        by = {"at": utc_now() - timedelta(days=3), "written_at": utc_now(), "written_by_id": house.manager.id}
        kept, back = Valuable(**own, **by, thing="Ponsel"), Valuable(**own, **by, thing="Dompet", back_at=utc_now())
        back.back_by_id = house.manager.id
        db.session.add_all([kept, back])
        for residence in (house.residence, house.other.residence):
            residence.registers = ["valuables"]
        new = moved(house)
        assert things_kept(house.resident.id) == 1  # until it was handed over
        with house_scope(house.other.residence.id):
            there = db.session.scalars(select(Valuable)).one()  # what was handed back before stays where it is
            assert (there.resident_id, there.is_awaited, things_kept(new.id)) == (new.id, True, 0)
            with pytest.raises(DoneAlready):
                handing.hand_over(there, actor=house.other.manager)
        ids = {"kept": kept.id, "there": there.id}
        users = (house.manager.id, house.other.manager.id)
        own_id, other_id, name = house.residence.id, house.other.residence.id, house.other.residence.name
        db.session.commit()
    sender, receiver = map(sign_in, users)
    assert sender.post(f"/books/valuables/{ids['there']}/received").status_code == 404  # another house's
    english = {"Accept-Language": "en"}
    assert "not here yet" in receiver.get("/books/valuables", headers=english).text
    assert receiver.get(f"/books/valuables/{ids['there']}/back").status_code == 200
    late = {"on": TODAY.isoformat(), "minute": "08:00"}
    assert receiver.post(f"/books/valuables/{ids['there']}/back", data=late).status_code == 422  # it is not here
    assert sender.post(f"/books/valuables/{ids['kept']}/handed-over").status_code == 303
    assert "handed over on" in receiver.get("/books/valuables", headers=english).text
    for _twice in range(2):
        assert receiver.post(f"/books/valuables/{ids['there']}/received").status_code == 303
    assert "received on" in sender.get("/books/valuables", headers=english).text
    with app.app_context(), house_scope(own_id, other_id):
        rows = {row.id: row for row in db.session.scalars(select(Valuable))}
        mine, theirs = rows[ids["kept"]], rows[ids["there"]]
        assert (mine.back_to, theirs.is_awaited) == (name, False)
        assert mine.back_at is not None
        assert mine.other_side_at == theirs.received_at
