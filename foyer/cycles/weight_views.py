"""What the house's wishes weigh: questions with points, the usual ones beside them."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.blueprint import pages
from foyer.cycles.draft_forms import HouseWeightsForm
from foyer.cycles.presets import WEIGHT_FIELDS
from foyer.cycles.problem_parts import weights_of
from foyer.cycles.views import Page
from foyer.cycles.weight_questions import SECTIONS, USUAL, reset_weights, save_weights
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import Stale
from foyer.residences.models import Residence


@pages.route("/weights", methods=["GET", "POST"])
@allow(Role.MANAGER)
def weights() -> Page:
    """The house's weights, to change; every new draft starts from them."""
    residence = _house()
    form = _form(residence)

    def act() -> None:
        typed = {field.name: form[field.name].data for field in WEIGHT_FIELDS}
        save_weights(residence, typed, version=form.version.data)

    if submitted(form, act):
        flash(_("The weights are saved. New drafts use them; drafts made before keep theirs."), "good")
        return redirect(url_for("cycles.weights"), 303)
    saved = _house()
    own = weights_of(saved.weights)
    return form_page(
        "cycles/weights.html",
        form,
        lambda: _form(saved, formdata=None),
        sections=SECTIONS,
        usual=USUAL,
        changed={field.name for field in WEIGHT_FIELDS if field.value_in(own) != USUAL[field.name]},
        house=saved,
    )


@pages.post("/weights/reset")
@allow(Role.MANAGER)
def reset_house_weights() -> Response:
    """Back to the usual weights, unless somebody changed them since the page was opened."""
    form = _form(_house())
    try:
        reset_weights(_house(), version=form.version.data)
        db.session.commit()
        flash(_("The usual weights hold again."), "good")
    except Stale:
        db.session.rollback()
        flash(_("Somebody else changed the weights a moment ago. Please look again."), "attention")
    return redirect(url_for("cycles.weights"), 303)


def _house() -> Residence:
    return db.session.get_one(Residence, g.residence_id, populate_existing=True)


def _form(residence: Residence, **options: Any) -> HouseWeightsForm:
    own = weights_of(residence.weights)
    values = {field.name: field.value_in(own) for field in WEIGHT_FIELDS}
    return HouseWeightsForm(data={**values, "version": residence.version}, **options)
