"""/house/accommodations: what the house can do for somebody with a disability."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.editing import form_page, submitted
from foyer.forms import VersionedForm
from foyer.residences.accommodating import AccommodationKind, accommodations_offered, change_accommodations
from foyer.residences.forms import CheckboxesField
from foyer.residences.models import Residence
from foyer.residences.views import own_residence, residences
from foyer.words import choices


class OfferedForm(VersionedForm):
    kinds = CheckboxesField(_l("The house offers"), [Optional()], coerce=AccommodationKind)
    own = TextAreaField(
        _l("In your own words, one to a line"),
        [Length(max=2000)],
        description=_l("What to do, for instance “Needs the ramp door open”. Never the name of a disability."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kinds.choices = choices(AccommodationKind)


@residences.route("/accommodations", methods=["GET", "POST"])
@allow(Role.MANAGER)
def accommodations() -> Any:
    """The list that the team chooses from."""
    residence = own_residence()
    form = OfferedForm(data=_values(residence))

    def act() -> None:
        lines = (form.own.data or "").splitlines()
        change_accommodations(residence, form.kinds.data or [], lines, version=form.version.data)

    if submitted(form, act):
        flash(gettext("Saved. What stands in files already stays as it was written."), "good")
        return redirect(url_for("residences.accommodations"), 303)

    def current() -> OfferedForm:
        return OfferedForm(formdata=None, data=_values(own_residence()))

    return form_page("residences/accommodations.html", form, current)


def _values(residence: Residence) -> dict[str, Any]:
    offered = accommodations_offered(residence)
    usual = {kind.value for kind in AccommodationKind}
    return {
        "version": residence.version,
        "kinds": [AccommodationKind(entry) for entry in offered if entry in usual],
        "own": "\n".join(entry for entry in offered if entry not in usual),
    }
