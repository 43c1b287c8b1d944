"""/registers: which are missing and what was kept on a day; and the register of one session."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from foyer.accounts.models import Role
from foyer.audit.services import record_readings, record_reads
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.mine import taught_resident_ids
from foyer.caseload.rights import Act, Part, may
from foyer.editing import submitted
from foyer.errors import NotFound
from foyer.formatting import clock, short_date
from foyer.residents.accommodations import Accommodation, for_teachers
from foyer.residents.naming import name_for, paper_name
from foyer.training import registers
from foyer.training.blueprint import training
from foyer.training.forms import REGISTER_REFUSALS, RegisterForm
from foyer.training.keepers import own_missing, session_for, sessions_of_day
from foyer.training.models import ClassRegister, Presence
from foyer.training.registers import Given, Line
from foyer.training.sessions import ClassSession
from foyer.words import words

MOST_MISSING = 40


@training.get("/registers")
@may(Part.REGISTER, Act.WRITE)
def register_list() -> str:
    """The sessions without a register, and those of a day (``on``) with what was kept."""
    desk = desk_here()
    on = _asked_day() or desk.first_day
    missing = own_missing(desk)
    return render_template(
        "training/registers.html",
        desk=desk,
        missing=missing[:MOST_MISSING],
        more=len(missing) - MOST_MISSING,
        on=on,
        earlier=on - timedelta(days=1),
        later=on + timedelta(days=1),
        sessions=sessions_of_day(desk, on),
    )


@training.route("/classes/<int:group_id>/sessions/<session_day>/<int:start>", methods=["GET", "POST"])
@may(Part.REGISTER, Act.WRITE)
def register(group_id: int, session_day: str, start: int) -> Response | tuple[str, int]:
    """The register of one session: everybody present unless something else is chosen."""
    desk = desk_here()
    session = session_for(desk, group_id, _day(session_day), start)
    lines = registers.lines_of(session)
    if session.register is not None:
        record_reads(session.register, [line.resident.id for line in lines if line.given.reason])
    form = _form(session, lines)

    def act() -> None:
        registers.keep(
            session,
            form.given,
            actor_id=desk.actor.id,
            now=desk.now,
            version=form.version.data,
            not_held=(form.not_held_reason.data or "") if form.not_held.data else None,
            why=form.why.data or "",
        )

    if submitted(form, act, REGISTER_REFUSALS):
        flash(gettext("The register of %(session)s is saved.", session=session.title), "good")
        return redirect(request.path, 303)
    if getattr(form, "is_stale", False):
        return _conflict(desk, form, group_id, session.on, start)
    return _page(desk, session, lines, form), 422 if form.errors else 200


def _form(session: ClassSession, lines: list[Line], **options: Any) -> RegisterForm:
    kept = session.register
    return RegisterForm(
        data={
            "version": kept.version if kept else 0,
            "lines": [
                {"resident": line.resident.id, "presence": line.given.presence, "reason": line.given.reason}
                for line in lines
            ],
            "not_held": bool(kept and not kept.is_held),
            "not_held_reason": kept.not_held_reason if kept else "",
        },
        **options,
    )


def _page(desk: Desk, session: ClassSession, lines: list[Line], form: RegisterForm, conflict: Any = None) -> str:
    by_id = {line.resident.id: line for line in lines}
    in_team = desk.actor.role is Role.MANAGER
    to_mind = _to_mind(desk, by_id)
    return render_template(
        "training/register.html",
        desk=desk,
        session=session,
        form=form,
        rows=[
            (by_id[part.form.resident.data or 0], part.form) for part in form.lines if part.form.resident.data in by_id
        ],
        names={
            line.resident.id: paper_name(line.resident) if in_team else name_for(line.resident, False) for line in lines
        },
        to_mind=to_mind,
        conflict=conflict,
        saved_words=saved_words(session.register, desk),
        local=lambda moment: moment.astimezone(desk.now.tzinfo),
        count_words=count_words([line.given for line in lines]),
        is_early=desk.now.date() < session.on,
        is_late=desk.now.date() > session.on and session.register is not None,
        back=url_for("training.register_list", on=session.on),
    )


def _to_mind(desk: Desk, resident_ids: Collection[int]) -> dict[int, list[Accommodation]]:
    """What to do for whom of them, of those whom the actor teaches now; whose is shown, that it was read is written."""
    found = for_teachers(resident_ids, None if desk.actor.role is Role.MANAGER else taught_resident_ids(desk))
    record_readings((rows[0], resident_id) for resident_id, rows in found.items())
    return found


def _conflict(desk: Desk, form: RegisterForm, group_id: int, on: date, start: int) -> tuple[str, int]:
    """Both versions, line by line: nothing of either is lost."""
    session = session_for(desk, group_id, on, start)
    lines = registers.lines_of(session)
    typed = form.given
    rows = [
        (name_for(line.resident, desk.actor.role is Role.MANAGER), given_words(line.given), given_words(typed[one]))
        for line in lines
        for one in [line.resident.id]
        if one in typed and typed[one] != line.given
    ]
    form.version.data = session.register.version if session.register else 0
    return _page(desk, session, lines, form, rows), 409


def given_words(given: Given) -> str:
    """A mark as people read it."""
    return f"{words(given.presence)}: {given.reason}" if given.reason else words(given.presence)


def saved_words(register: ClassRegister | None, desk: Desk) -> str:
    """Whether a register is kept, when and by whom, in one sentence."""
    if register is None:
        return gettext("Not saved yet. Everybody is marked present until you change it.")
    saved = register.saved_at.astimezone(desk.now.tzinfo)
    by = register.saved_by.display_name if register.saved_by else "–"
    moment = {"day": short_date(saved.date()), "time": clock(saved.hour * 60 + saved.minute), "name": by}
    return gettext("Saved on %(day)s at %(time)s by %(name)s.", **moment)


def count_words(given: list[Given]) -> str:
    """How many of whom, exceptions named: "14 present, 1 ill"."""
    counts = registers.count_presence(given)
    if not counts:
        return gettext("Nobody belongs to this session.")
    if set(counts) == {Presence.PRESENT}:
        count = counts[Presence.PRESENT]
        return ngettext("%(num)s resident, present.", "All %(num)s present.", count)
    return ", ".join(f"{count} {words(kind)}" for kind, count in counts.items())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("session") from None


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None
