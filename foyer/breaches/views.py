"""/breaches: of an incident about personal data, whose data they were and the notices to them and to the authority."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_reads
from foyer.breaches import letters, services
from foyer.breaches.forms import DAYS_REVERSED, NOTICE_REFUSALS, TOUCHED_REFUSALS, NoticeForm, SearchForm, TouchedForm
from foyer.breaches.models import BreachNotice
from foyer.breaches.services import NOTICE_FIELDS
from foyer.caseload.desk import Desk, desk_here
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.formatting import instant
from foyer.incidents.models import Incident
from foyer.incidents.reading import Standing
from foyer.incidents.reporting import standing_people
from foyer.papers.drawing import pdf_of
from foyer.papers.views import ENDINGS
from foyer.residents.naming import paper_name

breaches = Blueprint("breaches", __name__)
_OF = "/breaches/<int:breach_id>"
_BACK = timedelta(days=7)  # the days before that are looked at first


@breaches.get(_OF)
@allow(Role.MANAGER)
def show(breach_id: int) -> str:
    """Whose data it was as far as is known, and what is written to them."""
    desk = desk_here()
    row = services.breach_for(desk, breach_id)
    return render_template(
        "breaches/show.html",
        row=row,
        people=standing_people(row),
        notice=services.notice_of(row),
        standing=Standing(desk, row),
    )


@breaches.route(f"{_OF}/people", methods=["GET", "POST"])
@allow(Role.MANAGER)
def people(breach_id: int) -> Any:
    """Look in the trail whose files somebody opened, and tick whose data it was."""
    desk = desk_here()
    row = services.breach_for(desk, breach_id)
    search = _search(desk, row)
    found = _found(desk, row, search)
    form = TouchedForm(
        data={"version": row.version, **{name: search[name]._value() for name in ("first", "last")}},
        residents=[(one.resident.id, _said(one, desk)) for one in found],
    )
    form.who.data = search.who.data or ""
    if form.residents.data is None:
        form.residents.data = [one.resident.id for one in found]
    count: list[int] = []

    def act() -> None:
        chosen = form.residents.data or []
        count.append(services.name_affected(desk, row, chosen, search.wanted, version=form.version.data))

    if submitted(form, act, TOUCHED_REFUSALS):
        words = ngettext("%(num)s more resident is affected.", "%(num)s more residents are affected.", count[0])
        flash(words, "good")
        return redirect(url_for("breaches.show", breach_id=breach_id), 303)
    row = services.breach_for(desk, breach_id)  # anew: a refusal has ended the transaction
    found = _found(desk, row, search)

    def current() -> TouchedForm:
        form.version.data = row.version
        return form

    return form_page("breaches/people.html", form, current, row=row, search=search, found=found)


def _said(one: services.Touched, desk: Desk) -> str:
    """A line of the list: who, how often the file was opened, and when last."""
    if one.last_at is None:
        return paper_name(one.resident)
    times = ngettext(
        "opened %(num)s time, on %(last)s",
        "opened %(num)s times, last on %(last)s",
        one.times,
        last=instant(one.last_at, desk.residence.time_zone),
    )
    return Markup("{}: {}").format(paper_name(one.resident), times)


def _search(desk: Desk, row: Incident) -> SearchForm:
    """The search as it was sent; to begin with every file, in the week before it was noticed."""
    sent = request.form if request.method == "POST" else request.args
    zone = ZoneInfo(desk.residence.time_zone)
    noticed = row.happened_at.astimezone(zone).date()
    accounts = [(user.id, user.display_name) for user in services.readers_of_house(desk)]
    form = SearchForm(
        sent if "first" in sent else None, data={"first": noticed - _BACK, "last": desk.today}, accounts=accounts
    )
    if "first" in sent and form.validate():
        try:
            services.check_days(form.wanted)
        except services.DaysReversed:
            form.refuse(form.last, str(DAYS_REVERSED))
    return form


def _found(desk: Desk, row: Incident, search: SearchForm) -> list[services.Touched]:
    return [] if search.errors else services.touched(desk, row, search.wanted)


@breaches.route(f"{_OF}/notice", methods=["GET", "POST"])
@allow(Role.MANAGER)
def notice(breach_id: int) -> Any:
    """What the notices say."""
    desk = desk_here()
    row = services.breach_for(desk, breach_id)
    form = NoticeForm(data=_values(services.notice_of(row)))

    def act() -> None:
        values = {name: form[name].data or "" for name in NOTICE_FIELDS}
        services.write_notice(row, values, version=form.version.data)

    if submitted(form, act, NOTICE_REFUSALS):
        flash(gettext("Saved."), "good")
        return redirect(url_for("breaches.show", breach_id=breach_id), 303)
    row = services.breach_for(desk, breach_id)

    def current() -> NoticeForm:
        return NoticeForm(formdata=None, data=_values(services.notice_of(row)))

    return form_page("breaches/notice.html", form, current, row=row)


def _values(found: BreachNotice | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0}
    return {"version": found.version, **{name: getattr(found, name) for name in NOTICE_FIELDS}}


@breaches.get(f"{_OF}/<any(affected, authority):to>.<any(docx, pdf):ending>")
@allow(Role.MANAGER)
def letter(breach_id: int, to: str, ending: str) -> Response:
    """The draft of the notices, to be read, signed and sent."""
    desk = desk_here()
    row = services.breach_for(desk, breach_id)
    written = services.notice_of(row)
    named = standing_people(row)
    if written is None or (to == "affected" and not named):
        raise NotFound("notice")
    content = (letters.letters_to_affected if to == "affected" else letters.letter_to_authority)(desk, row, written)
    if ending == "pdf":
        content = pdf_of(content, title=gettext("Notice of a breach of personal data"))
    if to == "affected":
        record_reads(row, [person.resident_id for person in named])
    answer = make_response(content)
    disposition = "inline" if ending == "pdf" else "attachment"
    answer.headers["Content-Type"] = ENDINGS[ending]
    answer.headers["Content-Disposition"] = f'{disposition}; filename="notice-{to}.{ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
