"""A resident's own say about their data: yes, no, or not any more.

From 18 on the resident alone decides (UU 27/2022 art. 25). Before, a guardian consents and the resident is asked as
well: what a minor no longer wants stops like any consent that is taken back, within the house's hours.
"""

from __future__ import annotations

from datetime import date, datetime

from foyer.accounts.models import User
from foyer.errors import FoyerError, expect_version
from foyer.residences.models import Residence
from foyer.residents import consenting
from foyer.residents.consent import ConsentWay, Ground, Purpose
from foyer.residents.consenting import Standing, Verdict
from foyer.residents.models import Resident


class NotYoursAlone(FoyerError):
    """A minor's yes needs the guardian's; a use on another ground than consent is not the resident's to end here."""


def answers_open(resident: Resident, verdict: Verdict, today: date) -> tuple[bool, bool]:
    """Whether the resident may say yes, and whether no, to a purpose as it stands."""
    if verdict.standing is Standing.OTHER_GROUND:
        return False, False
    if consenting.is_minor(resident, today):
        return False, verdict.standing is Standing.GIVEN
    return verdict.standing is not Standing.GIVEN, verdict.standing not in (Standing.REFUSED, Standing.WITHDRAWN)


def answer(
    resident: Resident,
    purpose: Purpose,
    *,
    wants: bool,
    seen: tuple[int, int],
    residence: Residence,
    now: datetime,
    actor: User,
) -> None:
    """Give, refuse or take back one purpose. ``seen``: id and version of the answer that the page showed (0, 0: none);
    ``now``: the house's clock. What holds is taken back with its clock, anything else is a new answer. Raises
    NotYoursAlone, Stale."""
    today = now.date()
    every = consenting.verdicts(resident, consenting.consents_of(resident.id), today)
    verdict = next(each for each in every if each.purpose is purpose)
    newest = verdict.consent
    if newest is not None:
        expect_version(newest, seen[1] if newest.id == seen[0] else 0)
    may_say_yes, may_say_no = answers_open(resident, verdict, today)
    if not (may_say_yes if wants else may_say_no):
        raise NotYoursAlone
    if not wants and verdict.standing is Standing.GIVEN and newest is not None:
        by = resident.full_name
        consenting.withdraw(newest, by=by, note="", residence=residence, now=now, version=newest.version)
        return
    values = {"is_given": wants, "ground": Ground.CONSENT, "way": ConsentWay.MESSAGE, "given_on": today}
    consenting.record_answer(resident, [purpose], values, relative=None, today=today, actor=actor)
