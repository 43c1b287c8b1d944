"""The house's day, block by block, and its holidays."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.formatting import short_date, weekday_name
from foyer.records import get_record
from foyer.residences import services
from foyer.residences.forms import (
    BLOCK_REFUSALS,
    DAYS_OFF_REFUSALS,
    REFUSALS,
    BlockForm,
    DaysOffForm,
    HolidayForm,
    YearForm,
)
from foyer.residences.holidays import seed_holidays
from foyer.residences.models import BlockKind, GridBlock, Holiday
from foyer.residences.variant_services import add_days_off, list_blocks, list_variants
from foyer.residences.variant_views import next_ramadans, ramadan_name
from foyer.residences.views import removed, residences, today, typed
from foyer.timetable import Block, Week, WeekDay, WeekSession


@residences.get("/day")
@allow(Role.MANAGER)
def day() -> str:
    blocks = list_blocks(g.residence_id)
    variants = list(list_variants(g.residence_id))
    ramadans = [
        (ramadan_name(month), month, url_for("residences.new_variant", kind="ramadan", first=month.first))
        for month in next_ramadans(variants, today())
    ]
    return render_template(
        "residences/day.html",
        week=_week(list(blocks)),
        is_empty=not blocks,
        variants=variants,
        ramadans=ramadans,
        today=today(),
    )


@residences.route("/day/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_block() -> Response | tuple[str, int]:
    form = BlockForm(is_new=True)

    def act() -> None:
        services.add_blocks(g.residence_id, typed(form, "weekdays"), weekdays=form.weekdays.data or ())

    if submitted(form, act, BLOCK_REFUSALS):
        flash(gettext("%(name)s is added.", name=form.name.data), "good")
        return redirect(url_for("residences.day"))
    return form_page("residences/record.html", form, heading=gettext("Add a block"), **_day_trail())


@residences.route("/day/<int:block_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def block(block_id: int) -> Response | tuple[str, int]:
    record = get_record(GridBlock, block_id)
    form = BlockForm(is_new=False, obj=record)
    if submitted(form, lambda: services.save_block(record, typed(form), version=form.version.data), BLOCK_REFUSALS):
        flash(gettext("%(name)s is saved.", name=form.name.data), "good")
        return redirect(url_for("residences.day"))
    saved = get_record(GridBlock, block_id)
    return form_page(
        "residences/record.html",
        form,
        lambda: BlockForm(is_new=False, formdata=None, obj=saved),
        heading=gettext("%(name)s on %(day)s", name=saved.name, day=weekday_name(saved.weekday)),
        remove=url_for("residences.remove_block", block_id=block_id),
        **_day_trail(),
    )


@residences.post("/day/<int:block_id>/remove")
@allow(Role.MANAGER)
def remove_block(block_id: int) -> Response:
    removed(GridBlock, block_id, done=gettext("The block is removed."), in_use="")
    return redirect(url_for("residences.day"))


@residences.get("/holidays")
@allow(Role.MANAGER)
def holidays() -> str:
    every = db.session.scalars(select(Holiday).order_by(Holiday.on)).all()
    years: dict[int, list[Holiday]] = {}
    for holiday_ in every:
        years.setdefault(holiday_.on.year, []).append(holiday_)
    return render_template(
        "residences/holidays.html",
        years=years,
        form=YearForm(formdata=None, data={"year": _next_year(years), "with_leave": True}),
    )


@residences.post("/holidays/public")
@allow(Role.MANAGER)
def add_public_holidays() -> Response:
    form = YearForm()
    if form.validate():
        year = form.year.data or today().year
        count = len(
            seed_holidays(g.residence_id, date(year, 1, 1), date(year + 1, 1, 1), with_leave=bool(form.with_leave.data))
        )
        db.session.commit()
        message = ngettext("%(num)s public holiday is added.", "%(num)s public holidays are added.", count)
        flash(message, "good")
    else:
        flash(gettext("Please give a year between 2020 and 2100."), "danger")
    return redirect(url_for("residences.holidays"))


@residences.route("/holidays/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_holiday() -> Response | tuple[str, int]:
    form = DaysOffForm()

    def act() -> None:
        if form.until_on.data is None:
            services.save_holiday(Holiday(residence_id=g.residence_id), typed(form, "until_on"))
            return
        first, name = form.on.data or form.until_on.data, form.name.data or ""
        add_days_off(g.residence_id, name=name, from_on=first, to_on=form.until_on.data)

    if submitted(form, act, DAYS_OFF_REFUSALS):
        flash(gettext("%(name)s is added.", name=form.name.data), "good")
        return redirect(url_for("residences.holidays"))
    return form_page("residences/record.html", form, heading=gettext("Add a holiday"), **_holiday_trail())


@residences.route("/holidays/<int:holiday_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def holiday(holiday_id: int) -> Response | tuple[str, int]:
    record = get_record(Holiday, holiday_id)
    form = HolidayForm(obj=record)
    if submitted(form, lambda: services.save_holiday(record, typed(form), version=form.version.data), REFUSALS):
        flash(gettext("%(name)s is saved.", name=form.name.data), "good")
        return redirect(url_for("residences.holidays"))
    saved = get_record(Holiday, holiday_id)
    return form_page(
        "residences/record.html",
        form,
        lambda: HolidayForm(formdata=None, obj=saved),
        heading=gettext("%(name)s, %(day)s", name=saved.name, day=short_date(saved.on)),
        remove=url_for("residences.remove_holiday", holiday_id=holiday_id),
        **_holiday_trail(),
    )


@residences.post("/holidays/<int:holiday_id>/remove")
@allow(Role.MANAGER)
def remove_holiday(holiday_id: int) -> Response:
    removed(Holiday, holiday_id, done=gettext("The holiday is removed: sessions take place on this day."), in_use="")
    return redirect(url_for("residences.holidays"))


def _week(blocks: list[GridBlock]) -> Week:
    """The grid as a week; the name of each block leads to its form."""
    days = []
    for weekday in range(7):
        own = [
            Block(
                row.start_minute,
                row.end_minute,
                sessions=(
                    WeekSession(
                        row.name,
                        kind="class" if row.kind is BlockKind.ACTIVITY else "other",
                        note="" if row.kind is BlockKind.ACTIVITY else gettext("protected"),
                        url=url_for("residences.block", block_id=row.id),
                    ),
                ),
            )
            for row in blocks
            if row.weekday == weekday
        ]
        days.append(WeekDay(weekday=weekday, label=weekday_name(weekday), blocks=tuple(own)))
    return Week(tuple(days))


def _next_year(years: dict[int, Any]) -> int:
    asked = request.args.get("year", type=int)
    return asked or (max(years) + 1 if years else today().year)


def _day_trail() -> dict[str, Any]:
    return {
        "back": url_for("residences.day"),
        "trail": [(gettext("House"), url_for("residences.index")), (gettext("Daily grid"), url_for("residences.day"))],
    }


def _holiday_trail() -> dict[str, Any]:
    return {
        "back": url_for("residences.holidays"),
        "trail": [
            (gettext("House"), url_for("residences.index")),
            (gettext("Holidays"), url_for("residences.holidays")),
        ],
    }
