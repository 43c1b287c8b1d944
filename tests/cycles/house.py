"""A small house that can be planned, and a plan made by hand for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from foyer.cycles.models import Choice, Cycle, Enrolment, GroupKind, TeachingGroup
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import (
    BlockKind,
    Gender,
    GridBlock,
    InstructorTrade,
    Residence,
    Room,
    RoomPolicy,
    Staff,
    StaffKind,
    Trade,
    Venue,
)
from foyer.residents.models import EducationLevel
from tests.factories import make_cycle, make_residence, make_resident, make_room, make_staff, make_stay, make_trade

DAY = [  # start, end, name, kind: the roster's weekday
    (450, 480, "Apel pagi", BlockKind.PROTECTED),
    (480, 600, "Kegiatan", BlockKind.ACTIVITY),
    (615, 720, "Kegiatan", BlockKind.ACTIVITY),
    (720, 780, "Ibadah dan makan siang", BlockKind.PROTECTED),
    (795, 900, "Kegiatan", BlockKind.ACTIVITY),
    (930, 1020, "Kegiatan", BlockKind.ACTIVITY),
    (1065, 1155, "Ibadah dan makan malam", BlockKind.PROTECTED),
    (1170, 1260, "Kegiatan malam", BlockKind.ACTIVITY),
]


@dataclass
class House:
    residence: Residence
    cycle: Cycle
    trades: list[Trade] = field(default_factory=list)
    venues: list[Venue] = field(default_factory=list)
    instructors: list[Staff] = field(default_factory=list)
    counsellors: list[Staff] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    classes: list[TeachingGroup] = field(default_factory=list)
    education: list[TeachingGroup] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)


def saved(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def make_grid(residence: Residence, days: int = 5) -> list[GridBlock]:
    """The roster's weekday on the first ``days`` days."""
    blocks = [
        GridBlock(residence_id=residence.id, weekday=day, start_minute=start, end_minute=end, name=name, kind=kind)
        for day in range(days)
        for start, end, name, kind in DAY
    ]
    db.session.add_all(blocks)
    db.session.flush()
    return blocks


def make_group(cycle: Cycle, **values: Any) -> TeachingGroup:
    """A vocational class with ``trade``, else an education group."""
    trade = values.pop("trade", None)
    kind = GroupKind.VOCATIONAL if trade else GroupKind.EDUCATION
    defaults = {"minimum": 0, "maximum": 16, "meetings": 5 if trade else 3, "minutes": 180 if trade else None}
    return saved(
        TeachingGroup(
            residence_id=cycle.residence_id,
            cycle_id=cycle.id,
            kind=kind,
            trade_id=trade.id if trade else None,
            **{**defaults, **values},
        )
    )


def make_enrolment(cycle: Cycle, trades: list[Trade] = [], **values: Any) -> Enrolment:  # noqa: B006
    """A resident of the house in the cycle, who ranked ``trades``; other values go to stay and resident."""
    residence = db.session.get_one(Residence, cycle.residence_id)
    stay_values = {k: values.pop(k) for k in list(values) if k in STAY}
    own = {k: values.pop(k) for k in list(values) if k in ("previous_counsellor_id", "wants_same_gender_counsellor")}
    stay = make_stay(make_resident(residence, **values), **stay_values)
    enrolment = saved(Enrolment(residence_id=residence.id, cycle_id=cycle.id, stay_id=stay.id, **own))
    for rank, trade in enumerate(trades, start=1):
        saved(Choice(residence_id=residence.id, enrolment_id=enrolment.id, rank=rank, trade_id=trade.id))
    return enrolment


STAY = ("arrives_on", "leaves_on", "independence_stage", "education_level", "needs", "outside_hours")


def make_house(residents: int = 8, residence: Residence | None = None, **cycle_values: Any) -> House:
    """A house in which everybody finds a place: two trades, Paket C, two counsellors for every 20 residents."""
    residence = residence or make_residence()
    house = House(residence, make_cycle(residence, **cycle_values))
    make_grid(residence)
    for name in ("Otomotif", "Tata Boga"):
        _add_trade(house, name, classes=max(1, -(-residents // 28)))
    tutor = make_staff(residence, StaffKind.TUTOR, most_residents=None)
    for n in range(max(1, -(-residents // 20))):
        house.education.append(
            make_group(
                house.cycle,
                code=f"PC-{n + 1}",
                programme="Paket C",
                levels=[EducationLevel.SMP.value],
                maximum=30,
                instructor_id=tutor.id if n == 0 else None,
                parts=["evening", "late_afternoon"],
            )
        )
    for n in range(2 * max(1, -(-residents // 20))):
        gender = Gender.FEMALE if n % 2 else Gender.MALE
        house.counsellors.append(make_staff(residence, gender=gender, most_residents=14))
    for n in range(2 + -(-residents // 4)):
        policy = RoomPolicy.FEMALE if n % 4 == 0 else RoomPolicy.MALE
        house.rooms.append(make_room(residence, policy=policy, wing="Anggrek" if n % 4 == 0 else "Cempaka"))
    for n in range(residents):
        house.enrolments.append(_add_resident(house, n))
    return house


def _add_trade(house: House, name: str, classes: int) -> None:
    trade = make_trade(house.residence, name)
    house.trades.append(trade)
    for n in range(classes):
        label = f"Bengkel {name} {n + 1}"
        venue = saved(Venue(residence_id=house.residence.id, name=label, name_key=name_key(label), seats=16))
        teacher = make_staff(house.residence, StaffKind.INSTRUCTOR, most_residents=None)
        saved(InstructorTrade(residence_id=house.residence.id, staff_id=teacher.id, trade_id=trade.id))
        house.venues.append(venue)
        house.instructors.append(teacher)
        house.classes.append(
            make_group(
                house.cycle,
                code=f"{name[:3].upper()}-{n + 1}",
                trade=trade,
                venue_id=venue.id,
                instructor_id=teacher.id,
            )
        )


def _add_resident(house: House, n: int) -> Enrolment:
    wished = house.trades if n % 2 else house.trades[::-1]
    return make_enrolment(
        house.cycle,
        wished,
        gender=Gender.FEMALE if n % 4 == 0 else Gender.MALE,
        born_on=date(2009 - n % 3, 1 + n % 12, 3),
        education_level=EducationLevel.SMP if n % 2 else EducationLevel.SMA,
    )
