"""``foyer import FILE``: the same dry run and import as on the pages, in a terminal."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from foyer.audit.services import act_as
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.workbooks import services
from foyer.workbooks.changes import Action, Comparison
from foyer.workbooks.messages import full_sentence, unreadable_sentence, write_corrections
from foyer.workbooks.problems import Severity
from foyer.workbooks.reading import Unreadable
from foyer.workbooks.recognising import Question
from foyer.workbooks.showing import ACTION_NAMES, change_label, field_name, group_name, value_words
from foyer.workbooks.vocabulary import IGNORE

UNREADABLE, UNANSWERED, REFUSED = 2, 3, 4  # exit codes


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--residence", "code", help="The house's code; not needed where there is only one.")
@click.option("--cycle-start", type=click.DateTime(["%Y-%m-%d"]), help="The Monday on which the cycle starts.")
@click.option("--weeks", type=click.IntRange(1, 53), help="The cycle's length; 17 where nothing says otherwise.")
@click.option("--dry-run", is_flag=True, help="Only show what would happen.")
@click.option("--ignore-unknown", is_flag=True, help="Leave out sheets and columns that are not recognised.")
@click.option("--corrections", type=click.Path(dir_okay=False, path_type=Path), help="Write what waits to this file.")
@click.option("--language", type=click.Choice(["id", "en"]), help="Language of the messages.")
@with_appcontext
def import_command(
    file: Path,
    code: str | None,
    cycle_start: datetime | None,
    weeks: int | None,
    dry_run: bool,
    ignore_unknown: bool,
    corrections: Path | None,
    language: str | None,
) -> None:
    """Import a house's planning workbook (.xlsx or .csv)."""
    with force_locale(language or current_app.config["BABEL_DEFAULT_LOCALE"]):
        residence = _residence(code)
        with house_scope(residence.id):
            act_as(actor_id=None, residence_id=residence.id)
            upload = _take_in(residence, file)
            if cycle_start or weeks:
                _choose_cycle(residence, upload, cycle_start, weeks)
            run = _answered(residence, upload, ignore_unknown)
            _show(run)
            if dry_run:
                db.session.rollback()
                return
            services.import_upload(residence, upload, shown=None, write_corrections=write_corrections)
            _write_file(upload, corrections)
            db.session.commit()
            click.echo(gettext("Imported into the cycle that starts on %(date)s.", date=upload.starts_on.isoformat()))


def _residence(code: str | None) -> Residence:
    houses = db.session.scalars(select(Residence).order_by(Residence.code)).all()
    found = [house for house in houses if code is None or house.code == code]
    if len(found) == 1:
        return found[0]
    codes = ", ".join(house.code for house in houses) or "–"
    _stop(gettext("Say which house with --residence: %(codes)s.", codes=codes), REFUSED)
    raise AssertionError


def _take_in(residence: Residence, file: Path) -> services.WorkbookUpload:
    try:
        return services.keep_upload(residence=residence, data=file.read_bytes(), filename=file.name, actor_id=None)
    except Unreadable as error:
        _stop(unreadable_sentence(error), UNREADABLE)
        raise AssertionError from error


def _choose_cycle(
    residence: Residence, upload: services.WorkbookUpload, start: datetime | None, weeks: int | None
) -> None:
    try:
        services.choose_cycle(
            residence, upload, starts_on=start.date() if start else upload.starts_on, weeks=weeks or upload.weeks
        )
    except services.NotAMonday:
        _stop(gettext("A cycle starts on a Monday."), REFUSED)
    except services.CyclesOverlap as error:
        _stop(gettext("Another cycle lies on these dates: it starts on %(date)s.", date=error.starts_on), REFUSED)


def _answered(residence: Residence, upload: services.WorkbookUpload, ignore_unknown: bool) -> services.DryRun:
    run = services.dry_run(residence, upload)
    while run.found.questions and ignore_unknown:
        answers = {(question.about, question.signature): IGNORE for question in run.found.questions}
        services.remember_answers(residence, upload, answers)
        run = services.dry_run(residence, upload)
    if run.found.questions:
        for question in run.found.questions:
            click.echo(question_words(question), err=True)
        message = gettext("Answer these on the import page of the house, or leave them out with --ignore-unknown.")
        _stop(message, UNANSWERED)
    return run


def question_words(question: Question) -> str:
    """What is asked, as one sentence."""
    samples = ", ".join(question.samples)
    if question.about == "sheet":
        return gettext("What is the sheet “%(sheet)s” (%(samples)s)?", sheet=question.sheet, samples=samples)
    return gettext(
        "What does the column “%(heading)s” on the sheet “%(sheet)s” say (%(samples)s)?",
        heading=question.heading or str(question.column),
        sheet=question.sheet,
        samples=samples,
    )


def _stop(message: str, code: int) -> None:
    db.session.rollback()
    click.echo(message, err=True)
    sys.exit(code)


def _show(run: services.DryRun) -> None:
    console = Console(highlight=False, soft_wrap=False)
    console.print(_counts_table(run.comparison))
    if run.comparison.problems:
        console.print(_problems_table(run.comparison))
    changed = [change for change in run.comparison.changes if change.action in (Action.CHANGE, Action.REMOVE)]
    if changed:
        table = Table(title=gettext("Changes"))
        for heading in (gettext("What"), gettext("Field"), gettext("Old"), gettext("New")):
            table.add_column(heading)
        for change in changed:
            label = f"{group_name(change.kind)}: {change_label(change)}"
            for one in change.fields:
                table.add_row(
                    label, field_name(one.field), value_words(one.field, one.old), value_words(one.field, one.new)
                )
            if change.action is Action.REMOVE:
                table.add_row(label, str(ACTION_NAMES[Action.REMOVE]), "", "")
        console.print(table)


def _counts_table(comparison: Comparison) -> Table:
    table = Table(title=gettext("What the workbook brings"))
    table.add_column("")
    for action in Action:
        table.add_column(str(ACTION_NAMES[action]), justify="right")
    for kind, counts in comparison.counts().items():
        table.add_row(group_name(kind), *(str(counts.get(action.value, 0)) for action in Action))
    return table


def _problems_table(comparison: Comparison) -> Table:
    table = Table(title=gettext("What needs a look"))
    names = {
        Severity.ERROR: gettext("The row waits"),
        Severity.WARNING: gettext("Please check"),
        Severity.WAITS: gettext("Waits along"),
        Severity.NOTE: gettext("Note"),
    }
    for heading in ("", gettext("Sheet"), gettext("Row"), gettext("Cell"), gettext("What to do")):
        table.add_column(heading, overflow="fold")
    order = list(Severity)
    for problem in sorted(comparison.problems, key=lambda problem: order.index(problem.severity)):
        row = str(problem.row or "")
        table.add_row(names[problem.severity], problem.sheet, row, problem.cell or "", full_sentence(problem))
    return table


def _write_file(upload: services.WorkbookUpload, target: Path | None) -> None:
    if target is not None and upload.corrections is not None:
        target.write_bytes(services.corrections_of(upload))
        click.echo(gettext("What waits is in %(file)s.", file=str(target)))
