"""Rows about one house of ordinary size."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median

from benchmarks.measures.watching import ASSIGNMENT
from benchmarks.rows.base import Case, Figures, Row, Sizes, Verdict, case, spread

NEVER = float("inf")


def house_rows(sizes: Sizes) -> tuple[Row, ...]:
    """Planning one house."""
    full = _plans(sizes, "ordinary", sizes.seeds)
    size = sizes.house
    return (
        Row(
            "assignment",
            f"{size} residents, assignment stages",
            "proven optimal, in at most 40 times the sum of the stages' LP relaxation times (median), 100 (worst)",
            full,
            _assignment,
        ),
        Row(
            "cycle",
            f"{size}, full cycle with times and appointments",
            "no violation, global gap 0 % proven where wishes are additive",
            full,
            _cycle,
        ),
        Row(
            "first",
            f"{size}, first complete plan",
            "in at most a tenth of the whole run",
            full,
            _first,
        ),
        Row(
            "gaps",
            f"{size}, gaps in a resident's week after appointments",
            "at most 1.2 periods on average, with the fixed default budget",
            full,
            _gaps,
        ),
        Row(
            "turnover",
            f"{size}, high turnover (60 % partial stays)",
            "rooms proven in at most 60 times their LP",
            _plans(sizes, "turnover", sizes.turnover_seeds),
            _turnover,
        ),
        Row(
            "whatif",
            f"what-if at {size}: a class, counsellor, room or hour for somebody drawn by lot",
            "at most 0.2 times a full plan, and within a second",
            tuple(
                case("questions.what_ifs", house="ordinary", residents=size, seed=seed, seconds=sizes.seconds)
                for seed in sizes.seeds[:3]
            ),
            _what_if,
        ),
        Row(
            "repair",
            f"repair at {size}: an instructor replaced, a room closed, a resident gone, a pair parted",
            "at most 0.3 times a full plan, with at most 10 % of sessions moved",
            tuple(
                case("changes.repairs", house="ordinary", residents=size, seed=seed, seconds=sizes.seconds)
                for seed in sizes.seeds[:3]
            ),
            _repair,
        ),
        Row(
            "cancel",
            f"a run of {size} cancelled at {sizes.moments} moments",
            "the best plan so far within 250 ms",
            tuple(
                case(
                    "cancelling.cancels",
                    house="ordinary",
                    residents=size,
                    seed=seed,
                    seconds=sizes.seconds,
                    moments=sizes.moments,
                )
                for seed in sizes.seeds[:2]
            ),
            _cancel,
        ),
        Row(
            "memory",
            f"memory at {size}, {_kinds(sizes)}",
            "at most 250 MB resident",
            tuple(
                case("engine.memory", house=house, residents=size, seed=seed, seconds=sizes.seconds)
                for house in sizes.kinds
                for seed in sizes.seeds[:2]
            ),
            _memory,
        ),
        Row(
            "repeatable",
            "one worker, one seed, two processes",
            "the same plan",
            tuple(
                case("engine.repeated", house="ordinary", residents=min(size, 60), seed=1, seconds=600.0, process=i)
                for i in range(2)
            ),
            _repeated,
        ),
    )


def _kinds(sizes: Sizes) -> str:
    return " and ".join({"ordinary": "ordinary", "turnover": "with high turnover"}[kind] for kind in sizes.kinds)


def _plans(sizes: Sizes, house: str, seeds: Sequence[int]) -> tuple[Case, ...]:
    return tuple(
        case("engine.full_plan", house=house, residents=sizes.house, seed=seed, seconds=sizes.seconds) for seed in seeds
    )


def _assignment(found: Sequence[Figures]) -> Verdict:
    """Two units: the relaxations of the very programs that the engine solved, and those of the plain programs of the
    stages. The smaller unit is judged, which is the stricter."""
    proven = sum(f["assigned_proven"] for f in found)
    ours, plain = [], []
    for f in found:
        took = f["assigned"] or NEVER
        ours.append(took / f["programs_relaxed"] if f["programs_relaxed"] else NEVER)
        plain.append(took / sum(f["stages_relaxed"].values()))
    strict = [max(a, b) if a < NEVER else b for a, b in zip(ours, plain, strict=True)]
    today = (
        f"{proven} of {len(found)} proven; {spread(ours)} times the LPs of its own programs; "
        f"{spread(plain)} times the LPs of the plain stages"
    )
    return Verdict(today, proven == len(found) and median(strict) <= 40 and max(strict) <= 100)


def _cycle(found: Sequence[Figures]) -> Verdict:
    """Additive are the wishes of the assignment stages. The week's bound holds only for the seats found, so that its
    points stay open in the gap of the whole."""
    broken = sum(bool(f["violations"]) for f in found)
    additive = [_additive_gap(f) for f in found]
    whole = [NEVER if f["gap"] is None else f["gap"] for f in found]
    today = (
        f"{broken} plans with violations, {sum(f['unmet'] for f in found)} unmet needs; "
        f"gap of additive wishes 0 % proven in {sum(g <= 1e-9 for g in additive)} of {len(found)}; "
        f"gap of the whole {spread((100 * g for g in whole), '.2f', ' %')}; "
        f"{spread((f['seconds'] for f in found), '.1f', ' s')}"
    )
    return Verdict(today, not broken and max(additive) <= 1e-9)


def _additive_gap(figures: Figures) -> float:
    stages = [figures["stages"].get(name) for name in ASSIGNMENT]
    if any(s is None or s["bound"] is None for s in stages):
        return NEVER
    value = sum(s["value"] for s in stages if s)
    return (value - sum(s["bound"] for s in stages if s)) / value if value else 0.0


def _first(found: Sequence[Figures]) -> Verdict:
    shares = [(f["first_complete"] or f["seconds"]) / f["seconds"] for f in found]
    return Verdict(f"{spread((100 * s for s in shares), '.1f', ' %')} of the run", max(shares) <= 0.1)


def _gaps(found: Sequence[Figures]) -> Verdict:
    gaps = [f["gaps"] for f in found]
    return Verdict(f"{mean(gaps):.2f} on average, {max(gaps):.2f} in the worst house", mean(gaps) <= 1.2)


def _turnover(found: Sequence[Figures]) -> Verdict:
    rooms = [f["stages"].get("rooms") for f in found]
    proven = sum(bool(r) and r["status"] == "optimal" for r in rooms)
    ratios = [r["seconds"] / f["stages_relaxed"]["rooms"] if r else NEVER for r, f in zip(rooms, found, strict=True)]
    left = sum(bool(f["unmet"]) for f in found)
    gaps = [NEVER if not r or r["gap"] is None else 100 * r["gap"] for r in rooms]
    today = (
        f"{proven} of {len(found)} proven, {left} with somebody unplaced, gap {spread(gaps, '.1f', ' %')}; "
        f"{spread(ratios)} times the LP of the plain stage"
    )
    return Verdict(today, proven == len(found) and max(ratios) <= 60)


def _what_if(found: Sequence[Figures]) -> Verdict:
    asked = [(a, f) for f in found for a in f["answers"]]
    ratios = [a["seconds"] / f["full_seconds"] for a, f in asked]
    slowest = max(asked, key=lambda pair: pair[0]["seconds"])[0]
    possible = [a for a, _ in asked if a["outcome"] == "possible"]
    today = (
        f"{spread(ratios, '.3f')} times a full plan; slowest {slowest['seconds']:.2f} s ({slowest['kind']}); "
        f"{len(possible)} of {len(asked)} possible, {sum(a['proof'] == 'exact' for a in possible)} prices exact"
    )
    return Verdict(today, max(ratios) <= 0.2 and slowest["seconds"] <= 1)


def _repair(found: Sequence[Figures]) -> Verdict:
    events = [(name, e, f) for f in found for name, e in f["events"].items()]
    ratios = [e["seconds"] / f["full_seconds"] for _, e, f in events]
    moved = [e["sessions_moved"] / f["meetings"] for _, e, f in events]
    slowest = events[ratios.index(max(ratios))][0]
    today = (
        f"{spread(ratios, '.2f')} times a full plan, slowest where {slowest}; "
        f"{spread((100 * m for m in moved), '.1f', ' %')} of sessions moved; "
        f"fewest changes proven in {sum(e['proven'] for _, e, _ in events)} of {len(events)}"
    )
    whole = all(e["outcome"] in ("optimal", "feasible") for _, e, _ in events)
    return Verdict(today, whole and max(ratios) <= 0.3 and max(moved) <= 0.1)


def _cancel(found: Sequence[Figures]) -> Verdict:
    stops = [stop for f in found for stop in f["stops"] if stop["milliseconds"] is not None]
    took = [stop["milliseconds"] for stop in stops]
    today = f"{spread(took, '.0f', ' ms')}; {sum(s['complete'] for s in stops)} of {len(stops)} complete plans"
    return Verdict(today, bool(took) and max(took) <= 250)


def _memory(found: Sequence[Figures]) -> Verdict:
    peak = max(f["megabytes"] for f in found)
    return Verdict(f"{peak:.0f} MB at the peak", peak <= 250)


def _repeated(found: Sequence[Figures]) -> Verdict:
    same = len({f["hash"] for f in found}) == 1
    return Verdict("the same, byte for byte" if same else "different plans", same)
