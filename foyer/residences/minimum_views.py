"""/house/minimum: the rooms that PP 39/2012 asks of a panti."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.editing import form_page, submitted
from foyer.forms import VersionedForm
from foyer.residences.forms import CheckboxesField
from foyer.residences.minimum import Facility, change_facilities, minimum_of
from foyer.residences.models import Residence
from foyer.residences.views import own_residence, residences
from foyer.words import choices


class FacilitiesForm(VersionedForm):
    facilities = CheckboxesField(_l("The house has"), [Optional()], coerce=Facility)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.facilities.choices = choices(Facility)


@residences.route("/minimum", methods=["GET", "POST"])
@allow(Role.MANAGER)
def minimum() -> Any:
    """What of the list the house has, and what it lacks."""
    residence = own_residence()
    form = FacilitiesForm(data=_values(residence))

    def act() -> None:
        change_facilities(residence, form.facilities.data or [], version=form.version.data)

    if submitted(form, act):
        flash(gettext("Saved."), "good")
        return redirect(url_for("residences.minimum"), 303)
    residence = own_residence()

    def current() -> FacilitiesForm:
        return FacilitiesForm(formdata=None, data=_values(residence))

    return form_page("residences/minimum.html", form, current, minimum=minimum_of(residence))


def _values(residence: Residence) -> dict[str, Any]:
    return {"version": residence.version, "facilities": minimum_of(residence).there}
