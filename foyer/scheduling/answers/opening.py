"""A closed group opened for somebody, by exchange chains: milliseconds where no other group has to open or close for
it, which is shown, not assumed."""

from __future__ import annotations

from dataclasses import replace

from foyer.scheduling.answers.exchange import DIGITS, BinId, Exchange, Person
from foyer.scheduling.answers.stages import SeatProgram, StagePrices
from foyer.scheduling.answers.transport import Assignment, read

Places = dict[Person, BinId]


def opened_for(stage: StagePrices, program: SeatProgram, person: Person, group: BinId) -> Places | None:
    """Everybody's group at the least cost with the group open and the person in it. None: not known by these means."""
    made, goals = program
    kept = stage.kept
    if kept.is_steady or not kept.is_whole or kept.assignment.soft or group not in made.opened:
        return None
    others = {**kept.assignment.others, made.opened[group]: (1.0, 1.0)}
    reading = read(made.program, goals, Assignment(kept.assignment.variable, others), kept.exchange.place)
    least = reading.exchange.bins[group].low
    found = _with(reading.exchange, person, group, least)
    if found is None or reading.broken(found[1].place):
        return None
    cost, state = found
    floors = [(c + more[0], more[1]) for c, leaf in stage.free.leaves if (more := _with(leaf, person, group, least))]
    floor = min((c for c, _ in floors), default=0)
    counted = len(stage.free.goals)
    if reading.levels(cost)[:counted] != stage.free.levels(floor)[:counted]:
        return None
    enough = floor + (1 << DIGITS - 1)  # more than this on the last level, people moved, is more before it
    if counted < len(goals) and any(stage.closed(floors, g, enough) <= enough for g in stage.may_close):
        return None  # closing another one might be cheaper
    return dict(state.place)


def _with(exchange: Exchange, person: Person, group: BinId, least: int) -> tuple[int, Exchange] | None:
    """The best places with the person in the bin and at least so many people there, and what they cost more."""
    bins = {**exchange.bins, group: replace(exchange.bins[group], low=0)}
    state, cost = replace(exchange, bins=bins).settled()
    forced = state.forced(person, group)
    if forced is None:
        return None
    filled = forced[0].filled(group, least)
    return None if filled is None else (cost + forced[1].cost + filled[1], filled[0])
