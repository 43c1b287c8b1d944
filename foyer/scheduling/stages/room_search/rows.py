"""The rows of one room in a linear program: beds, and who may share.

``g`` of a room and span is 1 where it is the women's and 0 where it is the men's; ``v`` counts the women in a men's
room, ``u`` the men in a women's (both always 0 in a ``same`` room). For women with places x: sum x <= beds g + v, and
for any few of them sum (x - g) <= v; likewise for men with 1 - g and u. The second kind of row follows from the first
for whole numbers, but not for fractions: it is what makes the relaxation see that a room cannot be half a women's room.
Were ``v`` and ``u`` one, half a stranger would let three quarters of a woman and of a man share a room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from foyer.scheduling.linear import Entry, Linear, Row
from foyer.scheduling.stages.room_search.case import Case

EPSILON = 1e-6
LEAST_CUT = 1e-3  # a row is worth adding where it is hurt by so much


@dataclass(frozen=True, slots=True)
class RoomRows:
    """What ``room_rows`` made: by span the row that counts the beds, and where genders matter."""

    beds: dict[int, int]
    shared: list[Shared]


@dataclass(frozen=True, slots=True)
class Shared:
    """One room on one span in which genders matter, and the places of those who may be present, by person."""

    room: int
    span: int
    beds: int
    womens: int  # variable g
    few_women: int  # variable v
    few_men: int  # variable u
    women: dict[int, int]
    men: dict[int, int]
    women_row: int
    men_row: int

    def add(self, person: int, place: int, *, is_woman: bool, rows: list[Row]) -> None:
        """Let one more person be present."""
        (self.women if is_woman else self.men)[person] = place
        rows[self.women_row if is_woman else self.men_row][2].append((place, 1.0))


def room_rows(
    program: Linear, case: Case, room: int, places: Mapping[int, int], *, tight: bool = False, plain: bool = False
) -> RoomRows:
    """Rows for the people who may get ``places`` (person to variable) in the room. ``tight``: with a row of the second
    kind for each of them at once, instead of by ``cuts``. ``plain``: whatever their genders."""
    beds, is_split = case.rooms[room].beds, case.is_split(room) and not plain
    present: dict[int, list[int]] = {}
    for i in places:
        for span in case.stays[i]:
            present.setdefault(span, []).append(i)
    made = RoomRows({}, [])
    for span, people in sorted(present.items()):
        if case.spans[span].is_peak and len(people) > beds:
            made.beds[span] = program.row([(places[i], 1) for i in people], high=beds)
        women = {i: places[i] for i in people if case.women[i]}
        men = {i: places[i] for i in people if not case.women[i]}
        counts = case.rooms[room].mixed > 0 or case.spans[span].is_peak
        if is_split and women and men and counts:
            made.shared.append(_shared(program, case, room, span, women, men))
            if tight:
                _one_by_one(program, made.shared[-1])
    _parted(program, case, places)
    return made


def _shared(program: Linear, case: Case, room: int, span: int, women: dict[int, int], men: dict[int, int]) -> Shared:
    each, nights = case.rooms[room], case.spans[span].nights
    womens = program.variable(0, 1, whole=True)
    most = each.beds // 2 if each.mixed else 0
    few_women, few_men = (program.variable(0, most, each.mixed * nights) for _ in range(2))
    women_row = program.row([*((x, 1) for x in women.values()), (womens, -each.beds), (few_women, -1)], high=0)
    men_row = program.row([*((x, 1) for x in men.values()), (womens, each.beds), (few_men, -1)], high=each.beds)
    return Shared(room, span, each.beds, womens, few_women, few_men, women, men, women_row, men_row)


def _one_by_one(program: Linear, shared: Shared) -> None:
    for x in shared.women.values():
        program.row([(x, 1), (shared.womens, -1), (shared.few_women, -1)], high=0)
    for x in shared.men.values():
        program.row([(x, 1), (shared.womens, 1), (shared.few_men, -1)], high=1)


def _parted(program: Linear, case: Case, places: Mapping[int, int]) -> None:
    for a, b in case.apart:
        if a in places and b in places:
            program.row([(places[a], 1), (places[b], 1)], high=1)


def cuts(shared: Shared, values: Sequence[float]) -> Iterator[tuple[list[Entry], float]]:
    """The rows of the second kind that the values hurt, the most hurt for each gender: entries and upper bound."""
    g = values[shared.womens]
    sides = ((shared.women, shared.few_women, g, -1), (shared.men, shared.few_men, 1 - g, 1))
    for places, strangers, share, sign in sides:
        over = sorted((x for x in places.values() if values[x] > share + EPSILON), key=lambda x: -values[x])
        few = over[: shared.beds]
        if few and sum(values[x] - share for x in few) > values[strangers] + LEAST_CUT:
            row: list[Entry] = [(x, 1) for x in few]
            yield [*row, (shared.womens, sign * len(few)), (strangers, -1)], 0.0 if sign < 0 else len(few)
