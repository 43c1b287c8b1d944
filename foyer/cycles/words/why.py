"""Why one resident has what the plan gives, in sentences, for a manager or the resident. Nobody else is named."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from foyer.cycles.labels import wish_name
from foyer.cycles.words.levels import proof_words
from foyer.cycles.words.names import HouseNames, listed
from foyer.cycles.words.obstacles import obstacle_words
from foyer.formatting import points
from foyer.scheduling.answers.forms import Explanation, NeedAnswer, Option


@dataclass(frozen=True, slots=True)
class OptionWords:
    """Something better that the resident might have had, and what stood in the way."""

    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedWords:
    """One need: what was wished and got, what that costs, what stood in the way of each better option, best first."""

    need: str
    title: str
    wished: str  # "" where nothing was wished
    got: str
    costs: tuple[str, ...]
    better: tuple[OptionWords, ...]
    notes: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to explain: it is as wished."""
        return not (self.costs or self.better or self.notes)


def why_words(explanation: Explanation, names: HouseNames) -> tuple[NeedWords, ...]:
    """Every need of one resident."""
    return tuple(need_answer_words(need, names) for need in explanation.needs)


def need_answer_words(answer: NeedAnswer, names: HouseNames) -> NeedWords:
    """One need. Also for what a recommendation leaves open or not as wished."""
    return NeedWords(
        answer.need,
        need_title(answer.need, answer.subject, names),
        _wished(answer, names),
        _got(answer, names),
        tuple(_("%(wish)s: %(points)s", wish=wish_name(t.wish), points=points(t.points)) for t in answer.terms),
        tuple(_option(answer, option, names) for option in answer.better),
        tuple(obstacle_words(o, names, answer.need) for o in answer.notes),
    )


def need_title(need: str, subject: str, names: HouseNames) -> str:
    """What the need is called."""
    if need == "education":
        return names.subject(subject)
    return {
        "class": _("Class"),
        "elective": _("Electives"),
        "counsellor": _("Counsellor"),
        "room": _("Room"),
        "appointment": _("Individual counselling"),
        "times": _("Times of the week"),
    }[need]


def _wished(answer: NeedAnswer, names: HouseNames) -> str:
    if not answer.wished:
        return ""
    if answer.need in ("class", "elective"):
        return _("Wished: %(wishes)s.", wishes=" › ".join(map(names.subject, answer.wished)))
    if answer.need == "education":
        return ""
    return _("Before: %(what)s.", what=listed(names.thing(answer.need, i) for i in answer.wished))


def _got(answer: NeedAnswer, names: HouseNames) -> str:
    if answer.need == "times":
        return ""
    if not answer.got:
        return _("Nothing yet.")
    got = listed(names.thing(answer.need, i) for i in answer.got.split(", "))
    if answer.need == "class" and answer.rank:
        return _("Got: %(what)s, choice %(rank)s.", what=got, rank=answer.rank)
    if answer.need == "class" and answer.wished:
        return _("Got: %(what)s, none of the choices.", what=got)
    return _("Got: %(what)s.", what=got)


def _option(answer: NeedAnswer, option: Option, names: HouseNames) -> OptionWords:
    name = names.thing(answer.need, option.target)
    if option.rank and answer.need in ("class", "elective"):
        subject = names.subject(option.subject)
        name = _("%(subject)s (%(name)s, choice %(rank)s)", subject=subject, name=name, rank=option.rank)
    reasons = [obstacle_words(o, names, answer.need) for o in option.obstacles]
    if option.price is not None and option.price.levels:
        reasons.append(proof_words(option.price.proof))
    return OptionWords(name, tuple(reasons))
