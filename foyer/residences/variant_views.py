"""Dates on which the house keeps other hours: Ramadan, exam weeks, other days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.formatting import short_date, time_range, weekday_name
from foyer.records import get_record
from foyer.residences import variant_services as services
from foyer.residences.forms import ORDER_WRONG
from foyer.residences.holidays import Ramadan, ramadans
from foyer.residences.labels import days_words
from foyer.residences.models import BlockKind, DayVariant, VariantKind
from foyer.residences.services import OrderWrong
from foyer.residences.variant_forms import VariantForm, extra_data, row_data
from foyer.residences.variants import changed_blocks, changes_of
from foyer.residences.views import removed, residences, today
from foyer.timetable import Block, Week, WeekDay, WeekSession

MONTHS_AHEAD = 400  # days in which the next Ramadan is looked for


@residences.post("/day/usual")
@allow(Role.MANAGER)
def usual_day() -> Response:
    """Start with the usual week of a residence."""
    try:
        services.start_with_usual_week(g.residence_id)
        db.session.commit()
        flash(gettext("This is the usual week of a residence. Choose a block to change it."), "good")
    except services.DayNotEmpty:
        db.session.rollback()
        flash(gettext("The house has a daily grid already."), "attention")
    return redirect(url_for("residences.day"))


@residences.route("/day/variants/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_variant() -> Response | tuple[str, int]:
    """Add dates with other hours; ``kind`` and a first day may be suggested in the address."""
    record = DayVariant(residence_id=g.residence_id, hours=[], omits=[])
    form = VariantForm(data=_suggestion())
    saved = _submitted(form, record)
    if saved is not None:
        return saved
    return _page(form, None, heading=gettext("Add days with other hours"))


@residences.route("/day/variants/<int:variant_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def variant(variant_id: int) -> Response | tuple[str, int]:
    """Dates with other hours, to change, and the week as it is then."""
    record = get_record(DayVariant, variant_id)
    form = _form(record)
    saved = _submitted(form, record)
    if saved is not None:
        return saved
    current = get_record(DayVariant, variant_id)
    return _page(form, current, heading=current.name)


@residences.post("/day/variants/<int:variant_id>/remove")
@allow(Role.MANAGER)
def remove_variant(variant_id: int) -> Response:
    removed(DayVariant, variant_id, done=gettext("Removed: the usual hours hold on these days again."), in_use="")
    return redirect(url_for("residences.day"))


def next_ramadans(known: list[DayVariant], day: date) -> list[Ramadan]:
    """The months of Ramadan of the coming year for which the house has no hours yet."""
    coming = ramadans(day, day + timedelta(days=MONTHS_AHEAD))
    return [month for month in coming if not any(v.from_on <= month.last and month.first <= v.to_on for v in known)]


def _submitted(form: VariantForm, record: DayVariant) -> Response | None:
    refusals: dict[Any, tuple[str | None, Any]] = {
        OrderWrong: ("to_on", ORDER_WRONG),
        services.DatesTaken: (None, ""),
        services.BlocksOverlap: (None, ""),
    }

    def act() -> None:
        version = form.version.data if record.id else None
        names = ("kind", "name", "from_on", "to_on", "omits")
        try:
            services.save_variant(record, {name: form[name].data for name in names}, form.changes, version=version)
        except services.DatesTaken as error:
            sentence = gettext("“%(name)s” holds on some of these days already.", name=error.variant.name)
            refusals[services.DatesTaken] = ("from_on", sentence)
            raise
        except services.BlocksOverlap as error:
            refusals[services.BlocksOverlap] = (None, _overlap_words(error))
            _mark(form, error)
            raise

    if not submitted(form, act, refusals):
        return None
    flash(gettext("%(name)s is saved.", name=form.name.data), "good")
    return redirect(url_for("residences.variant", variant_id=record.id))


def _overlap_words(error: services.BlocksOverlap) -> str:
    return gettext(
        "On %(day)s “%(first)s” (%(hours)s) and “%(second)s” (%(others)s) overlap.",
        day=weekday_name(error.weekday),
        first=error.first.name,
        hours=time_range(error.first.start, error.first.end),
        second=error.second.name,
        others=time_range(error.second.start, error.second.end),
    )


def _mark(form: VariantForm, error: services.BlocksOverlap) -> None:
    """Say it at the row as well, at the later one of the two if it is a row."""
    row = form.row_at(error.second.start, error.second.end) or form.row_at(error.first.start, error.first.end)
    if row is not None:
        row.start.errors = [gettext("These hours run into another block of that day.")]


def _form(record: DayVariant, **options: Any) -> VariantForm:
    rows = services.rows_of(services.list_blocks(record.residence_id), record)
    names = ("kind", "name", "from_on", "to_on", "omits", "version")
    data = {name: getattr(record, name) for name in names}
    extras = extra_data(changes_of(record))
    return VariantForm(data={**data, "rows": row_data(rows), "extras": extras}, **options)


def _suggestion() -> dict[str, Any]:
    """What a new variant starts from: the usual hours, and for Ramadan its dates."""
    asked = request.args.get("kind", "")
    kind = VariantKind(asked) if asked in set(VariantKind) else VariantKind.OTHER
    rows = services.rows_of(services.list_blocks(g.residence_id), None)
    data: dict[str, Any] = {"kind": kind, "rows": row_data(rows), "extras": extra_data(())}
    first = request.args.get("first", type=date.fromisoformat) or today()
    if kind is VariantKind.RAMADAN:
        month = next(iter(ramadans(first, first + timedelta(days=MONTHS_AHEAD))), None)
        if month is not None:
            data |= {"name": ramadan_name(month), "from_on": month.first, "to_on": month.last}
    elif kind is VariantKind.EXAMS:
        data |= {"name": gettext("Exam week"), "omits": ["class"]}
    return data


def ramadan_name(month: Ramadan) -> str:
    return gettext("Ramadan %(year)s H", year=month.year)


def _page(form: VariantForm, record: DayVariant | None, heading: str) -> tuple[str, int]:
    blocks = services.list_blocks(g.residence_id)
    usual = {line["key"]: row for row in services.rows_of(blocks, record) for line in row_data([row])}
    current = (lambda: _form(record, formdata=None)) if record is not None else None
    return form_page(
        "residences/variant.html",
        form,
        current,
        heading=heading,
        usual=usual,
        days_words=days_words,
        unnamed=services.unnamed_blocks(blocks, record) if record else 0,
        week=_week(record, blocks) if record else None,
        remove=url_for("residences.remove_variant", variant_id=record.id) if record else None,
        subtitle=gettext("%(first)s to %(last)s", first=short_date(record.from_on), last=short_date(record.to_on))
        if record
        else "",
        back=url_for("residences.day"),
        trail=[(gettext("House"), url_for("residences.index")), (gettext("Daily grid"), url_for("residences.day"))],
    )


def _week(record: DayVariant, blocks: Any) -> Week:
    """A week of the variant, block by block."""
    changes = changes_of(record)
    days = []
    for weekday in range(7):
        own = [
            Block(
                block.start,
                block.end,
                block.name,
                "activity" if block.kind is BlockKind.ACTIVITY else "protected",
                (WeekSession(block.name),) if block.kind is BlockKind.ACTIVITY else (),
            )
            for block in changed_blocks(changes, blocks, weekday)
        ]
        days.append(WeekDay(weekday, weekday_name(weekday), tuple(own)))
    return Week(tuple(days))
