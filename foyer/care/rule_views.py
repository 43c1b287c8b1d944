"""The days that the house gives itself for assessments, plans and reviews."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.care.forms import RuleForm
from foyer.care.pages import care
from foyer.care.rules import DEFAULTS, change_rules, rules_of
from foyer.editing import form_page, submitted


@care.route("/house/care-rules", methods=["GET", "POST"])
@allow(Role.MANAGER)
def rules() -> Response | tuple[str, int]:
    """Periods and windows of the house, for the manager."""
    form = _form()
    values = lambda: {name: form[name].data for name in DEFAULTS}  # noqa: E731
    if submitted(form, lambda: change_rules(g.residence_id, values(), version=form.version.data)):
        flash(_("Saved. What is due is counted with these days from now on."), "good")
        return redirect(url_for("care.rules"), 303)
    return form_page(
        "care/form.html",
        form,
        lambda: _form(formdata=None),
        heading=_("Days for assessments, plans and reviews"),
        back=url_for("residences.index"),
        trail=[(_("House"), url_for("residences.index"))],
    )


def _form(**options: Any) -> RuleForm:
    found = rules_of(g.residence_id)
    return RuleForm(obj=found, **options)
