"""What people read above the values of a copy: the words of the trail, and those it does not need."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.copies.sources import Audience
from foyer.history.subjects import FIELDS
from foyer.words import name_members

name_members(
    {
        Audience.HOUSE: _l("For the house, or another authority"),
        Audience.RESIDENT: _l("For the resident, handed over by staff"),
        Audience.OWN: _l("Taken by the resident"),
    }
)
LABELS: dict[str, Any] = {
    **FIELDS,
    "account": _l("What happened"),
    "address": _l("Address"),
    "agency_id": _l("Agency"),
    "agreed_on": _l("Agreed on"),
    "answer": _l("Answer"),
    "assessed_on": _l("Assessed on"),
    "body": _l("Text"),
    "closing": _l("How it ended"),
    "competency_id": _l("Competency"),
    "confirmed_on": _l("Confirmed on"),
    "contact": _l("How to reach the sender"),
    "decision_reason": _l("Why it was decided so"),
    "decision_words": _l("What was decided"),
    "destination_words": _l("Where exactly"),
    "dropped_on": _l("Not taken after all, since"),
    "end_reason": _l("Why it ended"),
    "evidence": _l("What was seen"),
    "family_card": _l("Number of the family card (KK)"),
    "gaps": _l("What is not ready, and why"),
    "giver_name": _l("Name of who gave it"),
    "ground_reason": _l("Why this ground"),
    "guest": _l("From outside"),
    "incident_id": _l("What it was"),
    "letter": _l("What the other house must know to decide"),
    "measure": _l("How both see that it is reached"),
    "met_on": _l("Met on"),
    "months": _l("Months after the exit"),
    "next_step": _l("Next step"),
    "number": _l("Number"),
    "occasion": _l("Occasion"),
    "office": _l("Office"),
    "officer": _l("Officer"),
    "officer_phone": _l("Telephone number of the officer"),
    "own_words": _l("In the resident's own words"),
    "point": _l("Point of the cycle"),
    "put_off_to": _l("Put off to"),
    "received_on": _l("Received on"),
    "reference": _l("Reference"),
    "register_id": _l("Session on"),
    "restriction_reason": _l("Why the file is restricted"),
    "role": _l("Role"),
    "safety_reason": _l("Why it is safe or not"),
    "said": _l("What the resident said"),
    "sender_name": _l("Sender"),
    "session_id": _l("Session on"),
    "side": _l("Whose score"),
    "signs": _l("Signs"),
    "stop_note": _l("What was stopped"),
    "step": _l("Step"),
    "strengths": _l("Strengths"),
    "summary": _l("Summary"),
    "terms": _l("Terms"),
    "text": _l("Text"),
    "toolkit_on": _l("Toolkit given on"),
    "trade_id": _l("Trade"),
    "tried_on": _l("Tried on"),
    "typed": _l("What the writer added"),
    "verified_source": _l("Verified by which source"),
    "why": _l("Why"),
    "withdraw_note": _l("What was said when it was taken back"),
    "withdraw_reason": _l("Why it is withdrawn"),
    "withdrawn_by": _l("Taken back by"),
    "withdrawn_reason": _l("Why it is withdrawn"),
    "withdrawn_why": _l("Why it is withdrawn"),
    "wrong": _l("What is said to be wrong"),
}
