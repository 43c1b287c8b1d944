"""Rows about public instances, where their files are here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measures.public import folder
from benchmarks.rows.base import Case, Figures, Row, Sizes, Verdict, case
from foyer.scheduling.families import FAMILIES


@dataclass(frozen=True)
class Set:
    """One line of the goals: files of a family, their limit, and what is asked. ``asked`` gets the costs and bounds by
    file."""

    family: str
    files: tuple[str, ...]
    limit: float
    goal: str
    asked: Callable[[dict[str, Figures]], bool]


CTT_BEST = {"comp03": 64, "comp04": 35, "comp05": 284, "comp14": 51}  # in the literature
PREFERENCES = ("ariel_5783_input.json", "00009-00000001.soc", "00038-00000005.soi")


def _pas(found: dict[str, Figures]) -> bool:
    return all(f["bound"] is not None and f["cost"] - f["bound"] <= 0.03 * f["cost"] for f in found.values())


def _ctt(found: dict[str, Figures]) -> bool:
    proven = all(found[name]["cost"] == found[name]["bound"] == cost for name, cost in (("comp01", 5), ("comp11", 0)))
    near = all(found[name]["cost"] <= 1.1 * best for name, best in CTT_BEST.items())
    return proven and near and all(f["bound"] is not None for f in found.values())


SETS = (
    Set(
        "pas",
        ("testdata01.txt", "testdata03.txt", "testdata07.txt"),
        120.0,
        "no hard violation; certified gap at most 3 %",
        _pas,
    ),
    Set(
        "ctt",
        tuple(f"comp{n}.ctt" for n in ("01", "03", "04", "05", "11", "14")),
        300.0,
        "comp01 = 5 and comp11 = 0 proven; the others within 10 % of the best in the literature, each with a bound",
        _ctt,
    ),
)


def public_rows(sizes: Sizes) -> tuple[Row, ...]:
    """A row for each family whose files and reader are here, and one beside the joint baseline."""
    rows = []
    for each in SETS:
        files = [Path(each.family, name) for name in each.files if (folder() / each.family / name).exists()]
        if each.family not in FAMILIES or not files:
            continue
        files = files[: sizes.public_files]
        seconds = max(sizes.public_least, each.limit * sizes.public_share)
        cases = tuple(_case("public.instance", each, file, seconds) for file in files)
        shown = f"{each.family}: {', '.join(f.stem for f in files)}, {seconds:g} s of {each.limit:g} s"
        rows.append(Row(each.family, shown, each.goal, cases, _reader(each, files)))
        rows.append(_beside(each, files, max(sizes.public_least, seconds * sizes.joint_share)))
    return (*rows, *_wishes(sizes))


def _wishes(sizes: Sizes) -> tuple[Row, ...]:
    """Wishes for places have three objectives, and totals of which more or less is better."""
    files = [Path("preferences", name) for name in PREFERENCES if (folder() / "preferences" / name).exists()]
    files = files[: sizes.public_files]
    seconds = max(sizes.public_least, 60.0 * sizes.public_share)
    if not files:
        return ()

    def of(measure: str) -> tuple[Case, ...]:
        return tuple(case(measure, patience=3 * seconds + 120, file=str(f), seconds=seconds, seed=1) for f in files)

    goal = "proven optimal for the sum, the rank profile, and all levels of leximin; the price of fairness shown"
    beside = [c for pair in zip(of("public.preferences"), of("public.preferences_joint"), strict=True) for c in pair]
    names = ", ".join(f.stem for f in files)
    return (
        Row("preferences", f"preferences: {names}, {seconds:g} s of 60 s", goal, of("public.preferences"), _objectives),
        Row(
            "preferences-joint",
            "the joint CP-SAT model on preferences, sum",
            f"better on every instance, {seconds:g} s each",
            tuple(beside),
            _sums,
        ),
    )


def _objectives(found: Sequence[Figures]) -> Verdict:
    told = []
    for figures in found:
        base = figures["objectives"].get("sum", {}).get("total")
        told.append(
            ", ".join(
                f"{name} {o['total']:g}"
                + (f" (price {abs(o['total'] - base):g})" if name != "sum" and base is not None else "")
                + f" {o['levels'][0]}/{o['levels'][1]} levels in {o['seconds']:.1f} s"
                for name, o in figures["objectives"].items()
            )
        )
    proven = all(len(f["objectives"]) == 3 and all(o["proven"] for o in f["objectives"].values()) for f in found)
    return Verdict("; ".join(told), proven and not any(f["violations"] for f in found))


def _sums(found: Sequence[Figures]) -> Verdict:
    better, told = True, []
    for ours, theirs in zip(found[::2], found[1::2], strict=True):
        own, other = ours["objectives"].get("sum", {}).get("total"), theirs["total"]
        told.append(f"{_number(own)} against {_number(other)} ({theirs['outcome']})")
        if own is None or (other is not None and (own > other if ours["ranked"] else own < other)):
            better = False
    return Verdict("; ".join(told), better)


def missing() -> str | None:
    """One line where the public files are not there."""
    return None if folder().exists() else "The public instances are missing: FOYER_INSTANCES names their folder."


def _case(measure: str, each: Set, file: Path, seconds: float) -> Case:
    return case(measure, patience=seconds * 2 + 120, family=each.family, file=str(file), seconds=seconds, seed=1)


def _reader(each: Set, files: Sequence[Path]) -> Callable[[Sequence[Figures]], Verdict]:
    def read(found: Sequence[Figures]) -> Verdict:
        by_name = {f.stem: figures for f, figures in zip(files, found, strict=True)}
        told = [f"{name} {f['cost']:g} (bound {_number(f['bound'])})" for name, f in by_name.items()]
        broken = any(f["violations"] for f in found)
        complete = len(files) == len(each.files)
        return Verdict("; ".join(told), complete and not broken and each.asked(by_name))

    return read


def _beside(each: Set, files: Sequence[Path], seconds: float) -> Row:
    """Ours and the joint baseline on every file of the family, each for a tenth of its limit."""
    cases = tuple(_case(m, each, f, seconds) for f in files for m in ("public.instance", "public.joint"))

    def read(found: Sequence[Figures]) -> Verdict:
        pairs = list(zip(found[::2], found[1::2], strict=True))
        better = [theirs["cost"] is None or ours["cost"] <= theirs["cost"] for ours, theirs in pairs]
        told = [
            f"{file.stem} {ours['cost']:g} against {_number(theirs['cost'])} ({theirs['outcome']})"
            for file, (ours, theirs) in zip(files, pairs, strict=True)
        ]
        return Verdict("; ".join(told), all(better))

    work = f"the joint CP-SAT model on {each.family}"
    return Row(f"{each.family}-joint", work, f"better on every instance, {seconds:g} s each", cases, read)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
