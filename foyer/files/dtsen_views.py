"""/residents/dtsen: the list by identity number that the office checks against the national social data."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.database import db
from foyer.files import dtsen
from foyer.files.views import residents
from foyer.forms import FoyerForm
from foyer.sheets import MEDIA_TYPE


@residents.route("/dtsen", methods=["GET", "POST"])
@allow(Role.MANAGER)
def dtsen_list() -> Response | str:
    """Figures; sent: the list as a workbook, written into the trail of each who stands in it."""
    rows = dtsen.living_here(desk_here())
    form = FoyerForm()
    if not form.validate_on_submit():
        return render_template("files/dtsen.html", form=form, overview=dtsen.overview(rows))
    content = dtsen.take_list(rows)
    db.session.commit()
    answer = make_response(content)
    answer.headers["Content-Type"] = MEDIA_TYPE
    answer.headers["Content-Disposition"] = 'attachment; filename="list.xlsx"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
