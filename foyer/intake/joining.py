"""What other packages add to a referral: a part of its pages, and what follows when it becomes a stay."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from foyer.caseload.desk import Desk
from foyer.intake.models import Referral

_PARTS: list[Callable[[Desk, Referral], Markup]] = []
_FOLLOWS: list[Callable[[Referral], None]] = []


def register_part(show: Callable[[Desk, Referral], Markup], follow: Callable[[Referral], None]) -> None:
    """State what a package shows of a referral to whoever may open it, and what it does once the referral belongs to a
    resident's file."""
    _PARTS.append(show)
    _FOLLOWS.append(follow)


def parts_of(desk: Desk, referral: Referral) -> list[Markup]:
    """What other packages show of a referral."""
    return [show(desk, referral) for show in _PARTS]


def joined_file(referral: Referral) -> None:
    """Let other packages know that the referral belongs to a file now."""
    for follow in _FOLLOWS:
        follow(referral)
