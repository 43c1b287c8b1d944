"""What the sender of a referral is told, as text ready to be copied: the register's number, initials and what was
decided; never a reason in words, a need, an identity number or a full name: messages travel through others' phones."""

from __future__ import annotations

from flask_babel import gettext as _

from foyer.caseload.desk import Desk
from foyer.formatting import long_date
from foyer.intake import labels as _labels  # noqa: F401  the words of grounds and waiting
from foyer.intake.models import OPEN, AnswerKind, Referral, ReferralState
from foyer.residents.naming import initials
from foyer.words import words


def possible_answers(referral: Referral) -> list[AnswerKind]:
    """Which answers make sense now: a receipt always, a decision once there is one, an outcome after the admission."""
    found = [AnswerKind.RECEIPT]
    if referral.decided_on is not None:
        found.append(AnswerKind.DECISION)
    if referral.stay is not None:
        found.append(AnswerKind.OUTCOME)
    return found


def text_for(desk: Desk, referral: Referral, kind: AnswerKind) -> str:
    """The text, in the reader's language: who is told, about whom, what, and from which house."""
    lines = [_("To %(agency)s", agency=referral.agency.name), ""]
    lines.append(_about(referral))
    if kind is AnswerKind.RECEIPT:
        lines.append(_receipt(referral))
    elif kind is AnswerKind.DECISION:
        lines.append(_decision(referral))
    else:
        lines.append(_outcome(desk, referral))
    return "\n".join([*lines, "", _("With kind regards,"), desk.residence.name])


def _about(referral: Referral) -> str:
    who = initials(referral.full_name)
    if referral.sender_reference:
        return _(
            "Your referral %(reference)s about %(who)s, our number %(code)s:",
            reference=referral.sender_reference,
            who=who,
            code=referral.code,
        )
    return _("Your referral about %(who)s, our number %(code)s:", who=who, code=referral.code)


def _receipt(referral: Referral) -> str:
    text = _("We received it on %(day)s and are looking at it.", day=long_date(referral.received_on))
    if referral.answer_by is None:
        return text
    return f"{text} {_('You will have our answer by %(day)s.', day=long_date(referral.answer_by))}"


def _decision(referral: Referral) -> str:
    if referral.state is ReferralState.REFUSED:
        return _(
            "We are sorry that we cannot take it up: %(ground)s. Please call us if you would like to talk about other "
            "ways of help.",
            ground=words(referral.ground).lower(),
        )
    if referral.state is ReferralState.WITHDRAWN:
        return _("It was withdrawn, and we have closed it. You can refer again at any time.")
    if referral.state is ReferralState.WAITING:
        text = _("It is accepted and on our waiting list, for %(what)s.", what=words(referral.waits_for))
    else:
        text = _("It is accepted.")
    if referral.state in OPEN and referral.expected_on is not None:
        return f"{text} {_('We expect the arrival around %(day)s.', day=long_date(referral.expected_on))}"
    return text


def _outcome(desk: Desk, referral: Referral) -> str:
    stay = referral.stay
    if stay is None:
        return _decision(referral)
    if stay.leaves_on <= desk.today:
        return _(
            "The stay in our house began on %(first)s and ended on %(last)s. Thank you for your trust.",
            first=long_date(stay.arrives_on),
            last=long_date(stay.leaves_on),
        )
    if stay.arrives_on > desk.today:
        return _("The admission is settled; the arrival is on %(day)s.", day=long_date(stay.arrives_on))
    return _("The stay in our house began on %(day)s.", day=long_date(stay.arrives_on))
