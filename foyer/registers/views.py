"""/books: the registers that a house keeps, their lines, and what is added to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record, record_readings, record_reads
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.people import names_for
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.paging import asked_page
from foyer.records import get_record
from foyer.registers import books, forms, receiving, writing
from foyer.registers.books import BOOKS, DUTY_ROLES, TEAM_ROLES, Book, Wanted
from foyer.registers.models import Valuable, Visit
from foyer.registers.sheets import as_csv
from foyer.residences.models import Residence
from foyer.residents.models import Resident

registers = Blueprint("registers", __name__)
Page = Any


@registers.get("/books")
@allow(Role.MANAGER, Role.COUNSELLOR, Role.INSTRUCTOR)
def index() -> str:
    """The registers that the house keeps and the reader works with."""
    desk = desk_here()
    return render_template("registers/index.html", books=books.open_books(desk.residence, desk.actor.role))


@registers.route("/books/choose", methods=["GET", "POST"])
@allow(Role.MANAGER)
def choose() -> Page:
    """Which registers the house keeps; off: in no menu, and what was written stays."""
    residence = db.session.get_one(Residence, g.residence_id, populate_existing=True)
    form = forms.ChoiceForm(obj=residence)

    def act() -> None:
        books.choose_books(residence, form.registers.data or [], version=form.version.data)

    if submitted(form, act):
        flash(gettext("The registers of the house are chosen."), "good")
        return redirect(url_for("registers.index"), 303)
    return form_page(
        "residences/record.html",
        form,
        lambda: forms.ChoiceForm(formdata=None, obj=db.session.get_one(Residence, g.residence_id)),
        heading=gettext("Which registers"),
        trail=_trail(),
        back=url_for("registers.index"),
    )


@registers.get("/books/visits")
@allow(*DUTY_ROLES)
def visits() -> str:
    return _list_page("visits")


@registers.get("/books/medicines")
@allow(*TEAM_ROLES)
def medicines() -> str:
    return _list_page("medicines")


@registers.get("/books/valuables")
@allow(*TEAM_ROLES)
def valuables() -> str:
    return _list_page("valuables")


@registers.get("/books/duty")
@allow(*BOOKS["duty"].roles)
def duty() -> str:
    return _list_page("duty")


@registers.post("/books/visits/sheet")
@allow(*TEAM_ROLES)
def visits_sheet() -> Response:
    return _sheet("visits")


@registers.post("/books/medicines/sheet")
@allow(*TEAM_ROLES)
def medicines_sheet() -> Response:
    return _sheet("medicines")


@registers.post("/books/valuables/sheet")
@allow(*TEAM_ROLES)
def valuables_sheet() -> Response:
    return _sheet("valuables")


@registers.post("/books/duty/sheet")
@allow(*BOOKS["duty"].roles)
def duty_sheet() -> Response:
    return _sheet("duty")


@registers.route("/books/visits/new", methods=["GET", "POST"])
@allow(*DUTY_ROLES)
def new_visit() -> Page:
    """A visitor, in two steps: whom, then who came, with what the file says about contact."""
    desk = desk_here()
    book, chosen = books.expect_open(desk, "visits"), request.args.get("resident", type=int)
    if chosen is None:
        asked = forms.WhomForm(request.args)
        return render_template(
            "registers/whom.html",
            book=book,
            form=asked,
            residents=receiving.who_is_visited(desk, asked.q.data or ""),
            is_on_duty=receiving.is_on_duty(desk),
            has_duty="duty" in desk.residence.registers,
        )
    resident = receiving.visited(desk, chosen)
    is_team = receiving.answers_for(desk, resident.id)
    family = writing.family_of(resident.id) if is_team else []
    name = names_for(desk, [resident], on_page=True)[resident.id]
    form = forms.VisitForm(
        data={**_first(desk), "resident_id": resident.id},
        residents=[(resident.id, str(name))],
        staff=books.staff_to_choose(),
        family=[(one.id, one.full_name) for one in family],
    )

    if not is_team:
        form.visitor.flags.needed = gettext("needed")

    def act() -> None:
        names = ("relative_id", "visitor", "relation", "is_identified", "is_turned_away", "staff_id", "note")
        values = {name: form[name].data for name in names} | {"at": form.moment(_zone(desk))}
        writing.write_visit(desk, resident.id, values, was_asked=form.was_asked.data)

    if submitted(form, act, forms.REFUSALS):
        return _written("visits")
    warned = receiving.not_free_to_come(chosen)
    if not is_team:
        record_readings((one, chosen) for one in warned)
    return form_page(
        "registers/visit.html",
        form,
        name=name,
        resident_id=chosen,
        is_team=is_team,
        warned=warned,
        back=url_for("registers.visits"),
        trail=_trail(book),
    )


@registers.post("/books/visits/<int:visit_id>/left")
@allow(*DUTY_ROLES)
def visitor_left(visit_id: int) -> Response:
    """The visitor leaves now."""
    desk = desk_here()
    book, row = books.expect_open(desk, "visits"), get_record(Visit, visit_id)
    if not receiving.may_see_off(desk, row):
        row = books.own_line(desk, book, visit_id)
    try:
        writing.visitor_leaves(row)
        db.session.commit()
        flash(gettext("The visitor has left."), "good")
    except writing.DoneAlready:
        db.session.rollback()
        flash(gettext("This was written down already."), "attention")
    return redirect(url_for("registers.visits"), 303)


@registers.route("/books/medicines/new", methods=["GET", "POST"])
@allow(*TEAM_ROLES)
def new_dose() -> Page:
    """A dose, and what became of it."""
    desk = desk_here()
    form = forms.MedicineForm(
        data=_first(desk), residents=books.residents_to_choose(desk), staff=books.staff_to_choose()
    )

    def act() -> None:
        values = {name: form[name].data for name in ("medicine", "dose", "outcome", "staff_id", "note")}
        writing.write_dose(desk, form.resident_id.data or 0, {**values, "at": form.moment(_zone(desk))})

    return _new_page(desk, "medicines", form, act)


@registers.route("/books/valuables/new", methods=["GET", "POST"])
@allow(*TEAM_ROLES)
def new_valuable() -> Page:
    """A thing that the house keeps from now on."""
    desk = desk_here()
    form = forms.ValuableForm(data=_first(desk), residents=books.residents_to_choose(desk))

    def act() -> None:
        values = {name: form[name].data for name in ("thing", "kept_where", "note")}
        values["at"] = form.moment(_zone(desk))
        writing.hand_in(desk, form.resident_id.data or 0, values, signed=form.signed.data)

    return _new_page(desk, "valuables", form, act)


@registers.route("/books/valuables/<int:valuable_id>/back", methods=["GET", "POST"])
@allow(*TEAM_ROLES)
def hand_back(valuable_id: int) -> Page:
    """The thing is handed back."""
    desk = desk_here()
    book = books.expect_open(desk, "valuables")
    row: Valuable = books.own_line(desk, book, valuable_id)
    form = forms.BackForm(data=_first(desk))

    def act() -> None:
        at = form.moment(_zone(desk))
        writing.hand_back(desk, row, at=at, to=form.to.data or "", signed=form.signed.data)

    if submitted(form, act, forms.REFUSALS):
        return _written("valuables")
    row = books.own_line(desk, book, valuable_id)
    return form_page("registers/back.html", form, row=row, back=url_for("registers.valuables"), trail=_trail(book))


@registers.route("/books/duty/new", methods=["GET", "POST"])
@allow(*BOOKS["duty"].roles)
def new_duty() -> Page:
    """Who was really on duty."""
    desk = desk_here()
    form = forms.DutyForm(data={**_first(desk), "planned_id": desk.staff_id}, staff=books.staff_to_choose())

    def act() -> None:
        at = form.moment(_zone(desk))
        until_at = forms.moment_of(at.date(), form.until_minute.data or 0, _zone(desk))
        values = {name: form[name].data for name in ("post", "staff_id", "planned_id", "note")}
        writing.write_duty(desk, {**values, "at": at, "until_at": until_at})

    return _new_page(desk, "duty", form, act)


@registers.route("/books/visits/<int:visit_id>/strike", methods=["GET", "POST"])
@allow(*TEAM_ROLES)
def strike_visit(visit_id: int) -> Page:
    return _strike_page("visits", visit_id)


@registers.route("/books/medicines/<int:dose_id>/strike", methods=["GET", "POST"])
@allow(*TEAM_ROLES)
def strike_dose(dose_id: int) -> Page:
    return _strike_page("medicines", dose_id)


@registers.route("/books/valuables/<int:valuable_id>/strike", methods=["GET", "POST"])
@allow(*TEAM_ROLES)
def strike_valuable(valuable_id: int) -> Page:
    return _strike_page("valuables", valuable_id)


@registers.route("/books/duty/<int:duty_id>/strike", methods=["GET", "POST"])
@allow(*BOOKS["duty"].roles)
def strike_duty(duty_id: int) -> Page:
    return _strike_page("duty", duty_id)


@registers.get("/my-things")
@allow(Role.RESIDENT)
def mine() -> str:
    """What the house keeps for me, and what it gave back."""
    me = _own_resident_id()
    return render_template("registers/mine.html", rows=writing.things_of(me) if me else [], now=desk_here().now)


@registers.post("/my-things/<int:valuable_id>/agree")
@allow(Role.RESIDENT)
def agree(valuable_id: int) -> Response:
    """It is so: I handed it in, or have it back."""
    row = get_record(Valuable, valuable_id)
    if row.resident_id != _own_resident_id():
        raise NotFound("valuable")
    try:
        writing.acknowledge(row)
        db.session.commit()
        flash(gettext("Thank you. It is written down."), "good")
    except writing.DoneAlready:
        db.session.rollback()
    return redirect(url_for("registers.mine"), 303)


def _own_resident_id() -> int | None:
    return db.session.scalar(select(Resident.id).where(Resident.user_id == current_user.id))


def _wanted(form: forms.LinesForm) -> Wanted:
    return Wanted(
        from_on=form.from_on.data if form.from_on.validate(form) else None,
        to_on=form.to_on.data if form.to_on.validate(form) else None,
        q=(form.q.data or "") if form.q.validate(form) else "",
        resident_id=request.values.get("resident", type=int),
    )


def _list_page(key: str) -> str:
    desk = desk_here()
    book = books.expect_open(desk, key)
    form = forms.LinesForm(request.args)
    page = books.lines(desk, book, _wanted(form), asked_page())
    if book.part:
        _record_reading(page.rows)
    kept = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "registers/list.html",
        book=book,
        form=form,
        page=page,
        now=desk.now,
        kept=kept,
        is_of_one=bool(_wanted(form).resident_id),
        strike_address=lambda row: url_for(f"registers.strike_{book.entry}", **{f"{book.entry}_id": row.id}),
        may_write=_may_write(desk, book, page.rows),
        names=names_for(desk, [row.resident for row in page.rows], on_page=True) if book.part else {},
        seen_off={row.id for row in page.rows if row.written_by_id == desk.actor.id} if key == "visits" else set(),
        may_take=desk.actor.role in TEAM_ROLES or book.part is None,
    )


def _record_reading(rows: Sequence[Any]) -> None:
    """One line for each resident of the page, whatever the number of lines."""
    first = {row.resident_id: row for row in rows}
    for row in list(first.values())[:1]:
        record_reads(row, first)


def _may_write(desk: Desk, book: Book, rows: Sequence[Any]) -> set[int]:
    """The lines of a page that the actor may strike through. A manager answers for all; of a counsellor's page those
    about the own residents. One query at most."""
    if book.part is None or desk.actor.role is Role.MANAGER:
        return {row.id for row in rows}
    own = books.answered_for(desk, {row.resident_id for row in rows})
    return {row.id for row in rows if row.resident_id in own}


def _sheet(key: str) -> Response:
    desk = desk_here()
    book = books.expect_open(desk, key)
    form = forms.LinesForm(request.form)
    rows = books.every_line(desk, book, _wanted(form))
    for resident_id, row in {row.resident_id: row for row in rows if book.part}.items():
        record("exported", row, resident_id=resident_id)
    db.session.commit()
    answer = Response(as_csv(key, rows, _zone(desk)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}-{desk.today.isoformat()}.csv"'
    return answer


def _new_page(desk: Desk, key: str, form: Any, act: Callable[[], Any]) -> Page:
    book = books.expect_open(desk, key)
    if submitted(form, act, forms.REFUSALS):
        return _written(key)
    return form_page("registers/new.html", form, book=book, back=url_for(f"registers.{key}"), trail=_trail(book))


def _strike_page(key: str, entry_id: int) -> Page:
    """Strike a line through, with the reason."""
    desk = desk_here()
    book = books.expect_open(desk, key)
    row = books.own_line(desk, book, entry_id)
    form = forms.StrikeForm()
    if submitted(form, lambda: books.strike(row, why=form.why.data or "", desk=desk), forms.STRIKE_REFUSALS):
        flash(gettext("The line is struck through and stays to be read."), "good")
        return redirect(url_for(f"registers.{key}"), 303)
    row = books.own_line(desk, book, entry_id)
    return form_page(
        "registers/strike.html",
        form,
        book=book,
        row=row,
        now=desk.now,
        back=url_for(f"registers.{key}"),
        trail=_trail(book),
    )


def _written(key: str) -> Response:
    flash(gettext("It is written down."), "good")
    return redirect(url_for(f"registers.{key}"), 303)


def _first(desk: Desk) -> dict[str, Any]:
    """What a new line begins with: now, and oneself."""
    now = desk.now
    return {"on": now.date(), "minute": now.hour * 60 + now.minute, "staff_id": desk.staff_id}


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.residence.time_zone)


def _trail(book: Book | None = None) -> list[tuple[str, str]]:
    found = [(gettext("House registers"), url_for("registers.index"))]
    return [*found, (str(book.title), url_for(f"registers.{book.key}"))] if book else found
