"""Reading wishes for places: PrefLib's orders and fairpyx's valuations, as one kind of instance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from foyer.scheduling.families import FamilyFileError, text_of
from foyer.scheduling.families.preflib import Order, Orders, Supervisor, read_orders, supervisors_beside

COURSES_EACH = 3  # of a file without capacities: our convention, not in the data
SPARE = (11, 10)  # capacity: the smallest number that lets all be served, times this, rounded up
MOST_DIGITS = 3  # behind the point of a valuation
UNSUPPORTED = ("item_weights", "agent_entitlements")


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who wants ``places`` items. Ranked: ``order``; by worth: ``worth`` (in units of the instance). Items
    neither ordered nor of any worth are not wanted; ``refused`` ones are out of the question."""

    id: str
    places: int
    order: Order = ()
    worth: tuple[tuple[str, int], ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """Wishes for places. ``unit``: so many units of worth are one point of the file; 0 where wishes are ranks.
    ``shared``: items that draw on one capacity together. ``objective``: what the family's convention asks for."""

    agents: tuple[Agent, ...]
    items: tuple[tuple[str, int], ...]  # with capacity
    conflicts: tuple[tuple[str, str], ...] = ()  # nobody gets both
    shared: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    unit: int = 0
    objective: str = "sum"

    @property
    def is_ranked(self) -> bool:
        return self.unit == 0


def read_file(path: Path) -> Instance:
    """The instance in a file of either form, told by its content. Raises FamilyFileError, OSError."""
    text = text_of(path)
    if text.lstrip().startswith("{"):
        return read_valuations(text)
    if not text.lstrip().startswith("#"):
        raise FamilyFileError("line 1: neither PrefLib's headers nor a JSON object")
    orders = read_orders(text)
    supervisors = supervisors_beside(path, orders)
    return _courses(orders) if supervisors is None else _projects(orders, supervisors)


# PrefLib


def _ranked(orders: Orders, places: int) -> tuple[Agent, ...]:
    """An agent for each voter, numbered from 1 in the file's order."""
    listed = [order[:-1] if orders.is_completed else order for order in orders.orders]
    return tuple(Agent(str(i), places, order) for i, order in enumerate(listed, 1))


def _courses(orders: Orders) -> Instance:
    if orders.is_completed or not orders.type.endswith("c"):
        raise FamilyFileError("RELATED FILES: incomplete orders need a .dat file with capacities")
    items = [number for number, _ in orders.alternatives]
    places = min(COURSES_EACH, len(items))
    least = -(-places * len(orders.orders) // len(items))
    capacity = -(-least * SPARE[0] // SPARE[1])
    return Instance(_ranked(orders, places), tuple((item, capacity) for item in items))


def _projects(orders: Orders, supervisors: tuple[Supervisor, ...]) -> Instance:
    """Each project takes one student, each supervisor a number of them. Projects are numbered in their names."""
    by_project = {name.rpartition(" ")[2]: number for number, name in orders.alternatives}
    shared = []
    for supervisor in supervisors:
        unknown = next((p for p in supervisor.projects if p not in by_project), None)
        if unknown is not None:
            raise FamilyFileError(f"{supervisor.name}: project {unknown} is no alternative's name")
        shared.append((supervisor.name, supervisor.capacity, tuple(by_project[p] for p in supervisor.projects)))
    items = tuple((number, 1) for number, _ in orders.alternatives)
    return Instance(_ranked(orders, 1), items, shared=tuple(shared), objective="profile")


# fairpyx


def read_valuations(text: str) -> Instance:
    """The JSON of a fairpyx instance: what each item is worth to each agent, capacities and conflicts."""
    try:
        data = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise FamilyFileError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    valuations = _mapping(data, "valuations")
    if not valuations:
        raise FamilyFileError("valuations: nobody is named")
    for key in UNSUPPORTED:
        if any(weight != 1 for weight in (data.get(key) or {}).values()):
            raise FamilyFileError(f"{key}: other than 1 is not understood")
    items = list(dict.fromkeys([*_named(data, "item_capacities"), *(i for own in valuations.values() for i in own)]))
    unit = _unit(valuations)
    capacities = _capacities(data, "item_capacities", items, 1)
    places = _capacities(data, "agent_capacities", list(valuations), len(items))
    refused = _lists(data, "agent_conflicts", valuations, items)
    excluded = _lists(data, "item_conflicts", dict.fromkeys(items), items)
    agents = tuple(
        Agent(
            name,
            places[name],
            worth=tuple((i, int(v * unit)) for i, v in own.items() if v > 0),
            refused=tuple(refused.get(name, ())),
        )
        for name, own in valuations.items()
    )
    pairs = {(min(a, b), max(a, b)) for a, others in excluded.items() for b in others if a != b}
    return Instance(agents, tuple(capacities.items()), tuple(sorted(pairs)), unit=unit)


def _mapping(data: Any, key: str) -> dict[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise FamilyFileError(f"{key}: expected an object")
    return value


def _named(data: Mapping[str, Any], key: str) -> list[str]:
    return list(data[key]) if isinstance(data.get(key), dict) else []


def _unit(valuations: Mapping[str, Any]) -> int:
    """The power of ten that makes every valuation whole."""
    digits = 0
    for agent, own in valuations.items():
        if not isinstance(own, dict):
            raise FamilyFileError(f"valuations.{agent}: expected an object")
        for item, value in own.items():
            if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
                raise FamilyFileError(f"valuations.{agent}.{item}: expected a number")
            digits = max(digits, -int(Decimal(value).normalize().as_tuple().exponent))
    if digits > MOST_DIGITS:
        raise FamilyFileError(f"valuations: more than {MOST_DIGITS} digits behind the point")
    return int(10**digits)


def _capacities(data: Mapping[str, Any], key: str, names: list[str], default: int) -> dict[str, int]:
    """One for all, one for each, or the default where nothing is said at all."""
    value = data.get(key, default)
    own = value if isinstance(value, dict) else dict.fromkeys(names, value)
    for name in names:
        if name not in own:
            raise FamilyFileError(f"{key}: says nothing about {name!r}")
        if isinstance(own[name], bool) or not isinstance(own[name], int) or own[name] < 0:
            raise FamilyFileError(f"{key}.{name}: expected a whole number from 0")
    return {name: own[name] for name in names}


def _lists(data: Mapping[str, Any], key: str, known: Mapping[str, Any], items: list[str]) -> dict[str, list[str]]:
    """Lists of items; what speaks of nobody and nothing in the file forbids nothing."""
    value = data.get(key) or {}
    if not isinstance(value, dict):
        raise FamilyFileError(f"{key}: expected an object")
    for name, others in value.items():
        if not isinstance(others, list) or not all(isinstance(item, str) for item in others):
            raise FamilyFileError(f"{key}.{name}: expected a list of items")
    every = set(items)
    return {name: [item for item in others if item in every] for name, others in value.items() if name in known}
