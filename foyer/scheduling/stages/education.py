"""Stage 2: who learns in which education group (H1, H2, H7, H13; wishes s1, s7).

Lexicographic: fewest unmet education needs (in points), then the points for open groups. Which of several
groups of a subject somebody joins costs nothing here; ``alignment`` decides it so that the week becomes
easy.
"""

from __future__ import annotations

from collections.abc import Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat, Unmet
from foyer.scheduling.program import Goal, goal, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.stages.classes import Seats
from foyer.scheduling.stages.seating import Seating, seating
from foyer.scheduling.stages.starts import seats_start

STAGE = "education"


def place_in_education(run: Run, first: Sequence[Seat] = ()) -> Seats:
    """Solve the stage. ``first`` are seats to begin with."""
    made, goals = program(run.index)
    start = seats_start(run.index, made, [s for s in first if run.index.groups[s.group].kind == "education"])
    answer = minimise(run, STAGE, made.program, goals, start=start)
    if not answer.is_feasible:
        return Seats((), (), ())
    return Seats(
        tuple(Seat(r, g) for r, g in made.seated(answer.values)),
        tuple(Unmet(r, "education", subject) for r, subject in made.left_out(answer.values)),
        answer.levels,
    )


def program(index: Index) -> tuple[Seating, list[Goal]]:
    """The stage's program and its levels."""
    weights = index.problem.weights
    needs = [(r, subject) for r in index.problem.residents for subject in r.education]
    made = seating(index, needs, index.groups_of("education"))
    return made, [
        goal("unplaced", [(u, weights.unplaced_education) for u in made.unmet.values()]),
        goal("openings", [(o, weights.open_group) for o in made.opened.values()]),
    ]
