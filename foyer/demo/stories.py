"""Three invented lives through two cycles, so that every page of a file has something to tell: somebody who grows,
somebody whose name is kept secret, and somebody who has left and is in trouble. Everything in them is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from foyer.accounts.services import find_by_username
from foyer.audit.services import act_as
from foyer.care.models import Assessment
from foyer.caseload.models import Assignment
from foyer.cycles.models import Choice, Cycle, Enrolment
from foyer.database import db
from foyer.demo.growing import somebody_grows
from foyer.demo.leaving import somebody_has_left
from foyer.demo.protected import somebody_is_protected
from foyer.demo.telling import MARK, Teller, mark_invented, send_letters, teller_of
from foyer.intake import referrals
from foyer.intake.models import ServiceLevel
from foyer.residences.models import Gender, Residence, Trade
from foyer.residents.models import EducationLevel, Stay

_REFERRED = (  # name, gender, born, agency, received so many days ago, why
    ("Teguh Permadi", Gender.MALE, date(2010, 3, 9), "Satpol PP", 14, "Bekerja malam di pasar, putus sekolah."),
    ("Ayunda Kirana", Gender.FEMALE, date(2009, 7, 2), "Dinas Sosial", 22, "Putus sekolah sejak ibunya meninggal."),
)


def tell_stories(residence: Residence, earlier: Cycle, day: date) -> None:
    """Write the three files, and two referrals that wait for a decision; left alone once they are there."""
    teller = teller_of(residence, day)
    if teller is None or db.session.scalar(select(Assessment.id).limit(1)) is not None:
        return
    act_as(actor_id=teller.counsellor.id, residence_id=residence.id)  # whose files these are
    growing, secret, left = choose(earlier, day)
    for stay in (growing, secret, left):
        mark_invented(stay.resident)
        _stays_beside(teller, stay, earlier)
    letters = [
        *somebody_grows(teller, growing, earlier, _trade_of(growing, earlier)),
        *somebody_is_protected(teller, secret, earlier, _trade_of(secret, earlier)),
        *somebody_has_left(teller, left, earlier, _trade_of(left, earlier)),
    ]
    send_letters(teller, letters)
    act_as(actor_id=teller.manager.id, residence_id=residence.id)
    _two_are_referred(teller)


def _stays_beside(teller: Teller, stay: Stay, cycle: Cycle) -> None:
    """Whoever brought somebody in went on talking with them, whomever the cycle's plan named."""
    until = min(stay.leaves_on, cycle.ends_on) - timedelta(days=1)
    own = {"residence_id": stay.residence_id, "resident_id": stay.resident_id, "staff_id": teller.staff.id}
    db.session.add(Assignment(**own, from_on=stay.arrives_on, until_on=until))
    db.session.flush()


def choose(earlier: Cycle, day: date) -> tuple[Stay, Stay, Stay]:
    """Whose lives are told: the resident with the account, one of those who face the law, and whoever has left."""
    query = select(Stay).join(Enrolment, Enrolment.stay_id == Stay.id).where(Enrolment.cycle_id == earlier.id)
    own = list(db.session.scalars(query.order_by(Stay.id)))
    left = next(stay for stay in own if stay.leaves_on <= day)
    warga = find_by_username("warga")
    growing = next((stay for stay in own if warga and stay.resident.user_id == warga.id), own[0])
    others = [stay for stay in own if stay is not growing and stay is not left]
    secret = next((stay for stay in others if "abh" in stay.needs), others[-1])  # which plan there is varies
    return growing, secret, left


def _trade_of(stay: Stay, cycle: Cycle) -> Trade:
    """The trade that was learnt in the cycle."""
    query = select(Trade).join(Choice, Choice.trade_id == Trade.id).join(Enrolment, Enrolment.id == Choice.enrolment_id)
    return db.session.scalars(
        query.where(Enrolment.stay_id == stay.id, Enrolment.cycle_id == cycle.id).order_by(Choice.rank)
    ).first()  # type: ignore[return-value]


def _two_are_referred(teller: Teller) -> None:
    """Nobody has decided yet."""
    desk = replace(teller.desk(teller.day), actor=teller.manager, staff=None)
    for name, gender, born_on, agency, days, reason in _REFERRED:
        referrals.register(
            desk,
            {
                "full_name": f"{name} {MARK}",
                "gender": gender,
                "born_on": born_on,
                "education_level": EducationLevel.SMP,
                "agency": agency,
                "received_on": teller.day - timedelta(days=days),
                "answer_by": teller.day + timedelta(days=5),
                "level": ServiceLevel.SECONDARY,
                "reason": reason,
                "needs": [],
                "is_restricted": False,
                "sender_name": "",
                "sender_reference": "",
            },
            seen=(),
        )
