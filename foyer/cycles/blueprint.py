"""The pages under /cycles. Managers only; what is published others see on pages of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, make_response
from werkzeug.wrappers import Response

from foyer.clock import today_in
from foyer.cycles.cards import holes_words, moved_words
from foyer.cycles.copying_words import copy_lines
from foyer.cycles.draft_words import draft_rows, origin_words, since_words, weighing_words
from foyer.cycles.labels import (
    cycle_dates,
    cycle_name,
    cycle_week,
    gap_words,
    how_words,
    plan_name,
    stage_name,
    stage_words,
    wish_name,
)
from foyer.cycles.sentences import unmet_words
from foyer.cycles.studio import studio_bar
from foyer.cycles.wish_words import chosen_words, entered_words, hindrance_words, moment_words
from foyer.database import db
from foyer.residences.models import Residence

pages = Blueprint("cycles", __name__, url_prefix="/cycles")


def today() -> date:
    """This day where the house stands."""
    return today_in(house().time_zone)


def house() -> Residence:
    """The house of the person who is signed in; read once a request, since the session lets go of what nobody holds."""
    g.house = db.session.get_one(Residence, g.residence_id)
    found: Residence = g.house
    return found


STOP_POLLING = 286  # htmx ends its polling on this status


def polling_ends(body: str = "", **headers: str) -> Response:
    """The last answer to a part of a page that is asked for once a second. ``headers`` tell htmx where to go, for
    example ``HX_Redirect``."""
    answer = make_response(body, STOP_POLLING)
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


WORDS: dict[str, Any] = {  # for every template, imported macros included
    "cycle_name": cycle_name,
    "cycle_dates": cycle_dates,
    "cycle_week": cycle_week,
    "copy_lines": copy_lines,
    "plan_name": plan_name,
    "stage_name": stage_name,
    "stage_words": stage_words,
    "how_words": how_words,
    "wish_name": wish_name,
    "gap_words": gap_words,
    "unmet_words": unmet_words,
    "moved_words": moved_words,
    "holes_words": holes_words,
    "chosen_words": chosen_words,
    "entered_words": entered_words,
    "hindrance_words": hindrance_words,
    "moment_words": moment_words,
    "studio_bar": studio_bar,
    "draft_rows": draft_rows,
    "origin_words": origin_words,
    "since_words": since_words,
    "weighing_words": weighing_words,
}
