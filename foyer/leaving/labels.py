"""What people read for the enumerations of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from foyer.leaving.aftercare_models import (
    Answer,
    ContactKind,
    ContactState,
    Question,
    ResponseOutcome,
    StepKind,
    WarningSign,
)
from foyer.leaving.models import CountsFrom, ExitItemKind, ExitReason, ExitState, ItemState
from foyer.leaving.transfer_models import TransferState
from foyer.words import name_members

name_members(
    {
        ExitReason.COMPLETED: _l("The goals are reached"),
        ExitReason.WORK: _l("Found work"),
        ExitReason.SCHOOL: _l("Goes to school elsewhere"),
        ExitReason.FAMILY_ASKED: _l("The family asked for it"),
        ExitReason.OWN_WISH: _l("Own wish"),
        ExitReason.AGE: _l("Beyond the age of the house"),
        ExitReason.TRANSFER: _l("Moves to another house"),
        ExitReason.WITHOUT_WORD: _l("Gone without a goodbye"),
        ExitReason.DIED: _l("Died"),
        ExitReason.OTHER: _l("Another reason"),
    }
)
name_members(
    {
        ExitState.PREPARING: _l("Being prepared"),
        ExitState.PROPOSED: _l("Waits for approval"),
        ExitState.APPROVED: _l("Approved"),
        ExitState.WITHDRAWN: _l("Withdrawn"),
    }
)
name_members(
    {
        ExitItemKind.IDENTITY_CARD: _l("Identity card (KTP or KIA) is in hand"),
        ExitItemKind.FAMILY_CARD: _l("Family card (KK): the name stands in it"),
        ExitItemKind.SCHOOL_PAPERS: _l("School papers: certificate or report"),
        ExitItemKind.CERTIFICATES: _l("Certificates of the trade are handed out"),
        ExitItemKind.HEALTH_COVER: _l("Health insurance (BPJS) and medicines are arranged"),
        ExitItemKind.HOME: _l("A safe place to live, seen by somebody of the house"),
        ExitItemKind.TRUSTED_PERSON: _l("A person to call, whose number works"),
        ExitItemKind.OCCUPATION: _l("Work, school or a course to go to"),
        ExitItemKind.SAVINGS: _l("Savings are paid out or in an account of one's own"),
        ExitItemKind.JOURNEY: _l("The journey: how, with whom, and paid"),
        ExitItemKind.BELONGINGS: _l("Belongings and valuables are given back"),
        ExitItemKind.GOODBYE: _l("The closing talk, with how to reach us"),
    }
)
name_members(
    {ItemState.OPEN: _l("Open"), ItemState.READY: _l("Ready"), ItemState.NOT_NEEDED: _l("Not needed, and why")}
)
name_members({CountsFrom.EXIT: _l("The day of leaving"), CountsFrom.BIRTH: _l("The day of birth")})
name_members(
    {ContactKind.VISIT: _l("Visit"), ContactKind.CALL: _l("Call or message"), ContactKind.FAMILY: _l("With the family")}
)
name_members(
    {
        ContactState.DUE: _l("Due"),
        ContactState.HELD: _l("Held"),
        ContactState.UNREACHABLE: _l("Not reached"),
        ContactState.DROPPED: _l("Not made"),
    }
)
name_members(
    {
        Question.HOME: _l("The place to live"),
        Question.FAMILY: _l("Family"),
        Question.OCCUPATION: _l("Work or school"),
        Question.MONEY: _l("Money for the month"),
        Question.HEALTH: _l("Health"),
        Question.COMPANY: _l("Friends and surroundings"),
        Question.MOOD: _l("Mood and hope"),
        Question.SAFETY: _l("Feeling safe"),
    }
)
name_members({Answer.WELL: _l("well"), Answer.MIXED: _l("so-so"), Answer.HARD: _l("hard, needs help")})
name_members(
    {
        WarningSign.NO_HOME: _l("No safe place to sleep"),
        WarningSign.NO_OCCUPATION: _l("Lost work or left school"),
        WarningSign.NO_MONEY: _l("No money for food"),
        WarningSign.FAMILY_CONFLICT: _l("Conflict in the family"),
        WarningSign.STREET: _l("Back on the street"),
        WarningSign.SUBSTANCES: _l("Alcohol or drugs"),
        WarningSign.LAW: _l("Trouble with the law"),
        WarningSign.NO_CONTACT: _l("Contact has broken off"),
        WarningSign.HEALTH: _l("Illness without care"),
        WarningSign.EXPLOITED: _l("Exploited or trafficked"),
        WarningSign.VIOLENCE: _l("Suffers violence"),
        WarningSign.SELF_HARM: _l("Thoughts of self-harm"),
    }
)
name_members(
    {
        ResponseOutcome.SAFE: _l("Safe: nothing more is needed"),
        ResponseOutcome.HELP_ARRANGED: _l("Help is arranged"),
        ResponseOutcome.REFERRED: _l("Referred to another service"),
        ResponseOutcome.CAME_BACK: _l("Comes back to the house"),
        ResponseOutcome.NOT_FOUND: _l("Could not be found"),
    }
)
name_members(
    {
        StepKind.OPENED: _l("Opened"),
        StepKind.TRIED: _l("Tried, not reached yet"),
        StepKind.REACHED: _l("Spoke with the person"),
        StepKind.HANDED_OVER: _l("Handed over"),
        StepKind.ESCALATED: _l("Asked the managers for help"),
        StepKind.CLOSED: _l("Closed"),
    }
)
name_members(
    {
        TransferState.OFFERED: _l("Waits for an answer"),
        TransferState.AGREED: _l("Agreed, not arrived yet"),
        TransferState.ACCEPTED: _l("Arrived"),
        TransferState.REFUSED: _l("Refused"),
        TransferState.WITHDRAWN: _l("Withdrawn"),
    }
)
