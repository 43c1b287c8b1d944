"""Files of PrefLib: orders of alternatives, complete or not, with ties or without (soc, soi, toc, toi), and the lists
of supervisors beside the project allocations (dat). The formats are those that preflib.org describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from foyer.scheduling.families import FamilyFileError, text_of

TYPES = ("soc", "soi", "toc", "toi")  # strict or with ties, complete or incomplete
ADDED = "imbued"  # the modification type of orders that were completed: the last tie was added, nobody ranked it

Order = tuple[tuple[str, ...], ...]  # ties of alternatives, best first


@dataclass(frozen=True, slots=True)
class Orders:
    """One file: alternatives with their names, and an order for each voter (a line counts as often as it says)."""

    title: str
    type: str
    alternatives: tuple[tuple[str, str], ...]  # number, name
    orders: tuple[Order, ...]
    is_completed: bool  # the last tie of each order was added by the file's makers
    relates_to: tuple[str, ...]
    related_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supervisor:
    name: str
    capacity: int
    projects: tuple[str, ...]  # as numbered in the alternatives' names


def read_orders(text: str) -> Orders:
    """The file. Raises FamilyFileError with the line."""
    lines = text.splitlines()
    head = dict(_headers(lines))
    count = _number(head, "NUMBER ALTERNATIVES")
    names = tuple((str(i), _value(head, f"ALTERNATIVE NAME {i}")) for i in range(1, count + 1))
    kind = _value(head, "DATA TYPE")
    if kind not in TYPES:
        raise FamilyFileError(f"DATA TYPE: {kind!r} is none of {', '.join(TYPES)}")
    orders: list[Order] = []
    unique = 0
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            copies, order = _order(number, line, kind, count)
            orders += [order] * copies
            unique += 1
    for what, found in (("VOTERS", len(orders)), ("UNIQUE ORDERS", unique)):
        if found != _number(head, f"NUMBER {what}"):
            raise FamilyFileError(f"NUMBER {what}: {_number(head, f'NUMBER {what}')} announced, {found} found")
    return Orders(
        head.get("TITLE", ""),
        kind,
        names,
        tuple(orders),
        head.get("MODIFICATION TYPE") == ADDED,
        _files(head.get("RELATES TO", "")),
        _files(head.get("RELATED FILES", "")),
    )


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            yield key.strip(), value.strip()


def _files(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _value(head: dict[str, str], key: str) -> str:
    if not head.get(key):
        raise FamilyFileError(f"{key}: missing among the lines that begin with #")
    return head[key]


def _number(head: dict[str, str], key: str) -> int:
    value = _value(head, key)
    if not value.isdecimal():
        raise FamilyFileError(f"{key}: {value!r} is not a number")
    return int(value)


def _order(number: int, line: str, kind: str, count: int) -> tuple[int, Order]:
    copies, colon, rest = line.partition(":")
    if not colon or not copies.strip().isdecimal():
        raise FamilyFileError(f"line {number}: expected a count, a colon and an order")
    ties = _ties(number, rest)
    named = [a for tie in ties for a in tie]
    wrong = next((a for a in named if not a.isdecimal() or not 1 <= int(a) <= count), None)
    if wrong is not None:
        raise FamilyFileError(f"line {number}: {wrong!r} is no alternative")
    if len(set(named)) < len(named):
        raise FamilyFileError(f"line {number}: an alternative is named twice")
    if kind.endswith("c") and len(named) < count:
        raise FamilyFileError(f"line {number}: {len(named)} of {count} alternatives in an order that is to be complete")
    if kind.startswith("s") and any(len(tie) > 1 for tie in ties):
        raise FamilyFileError(f"line {number}: a tie in an order that is to be strict")
    return int(copies), ties


def _ties(number: int, text: str) -> Order:
    compact = re.sub(r"\s+", "", text)
    if not re.fullmatch(r"(\{\d+(,\d+)*\}|\d+)(,(\{\d+(,\d+)*\}|\d+))*", compact):
        raise FamilyFileError(f"line {number}: expected alternatives between commas, ties in braces")
    found = re.findall(r"\{([^}]*)\}|(\d+)", compact)
    return tuple(tuple(str(int(a)) for a in (tie or one).split(",")) for tie, one in found)


# Supervisors


def supervisors_beside(path: Path, orders: Orders) -> tuple[Supervisor, ...] | None:
    """Those of the .dat file that this file, or the one it relates to, names as related. None where none is named."""
    named = [name for name in orders.related_files if name.endswith(".dat")]
    for origin in orders.relates_to if not named else ():
        beside = path.with_name(origin)
        if not beside.exists():  # then the list that belongs to it has its name
            named += [beside.with_suffix(".dat").name] if beside.with_suffix(".dat").exists() else []
        else:
            named += [n for n in read_orders(text_of(beside)).related_files if n.endswith(".dat")]
    if not named:
        return None
    if not path.with_name(named[0]).exists():
        raise FamilyFileError(f"RELATED FILES: {named[0]} is not beside it")
    return read_supervisors(named[0], text_of(path.with_name(named[0])))


def read_supervisors(name: str, text: str) -> tuple[Supervisor, ...]:
    """A list of supervisors: name, capacity, projects."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or [part.strip() for part in lines[0].split(",")] != ["Supervisor", "Capacity", "Projects"]:
        raise FamilyFileError(f"{name}, line 1: expected Supervisor,Capacity,Projects")
    found: list[Supervisor] = []
    offered: set[str] = set()
    for number, line in enumerate(lines[1:], 2):
        parts = [part.strip() for part in line.split(",")]
        if len(parts) != 3 or not parts[1].isdecimal() or not all(p.isdecimal() for p in parts[2].split()):
            raise FamilyFileError(f"{name}, line {number}: expected a name, a capacity and projects")
        projects = tuple(parts[2].split())
        if offered.intersection(projects) or any(s.name == parts[0] for s in found):
            raise FamilyFileError(f"{name}, line {number}: names somebody or a project a second time")
        offered.update(projects)
        found.append(Supervisor(parts[0], int(parts[1]), projects))
    return tuple(found)
