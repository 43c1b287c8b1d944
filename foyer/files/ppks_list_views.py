"""/residents/ppks-lists: the versions of the list of kinds of PPKS, and a new one after a new regulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_readings
from foyer.caseload.desk import desk_here
from foyer.editing import Refusals, form_page, submitted
from foyer.files.parts import Page
from foyer.files.views import residents
from foyer.forms import VersionedForm
from foyer.paging import asked_page, cut
from foyer.residents import ppks
from foyer.residents.person_labels import kind_words, mark_words
from foyer.residents.ppks import ListVersion

PAGE_SIZE = 40
REFUSALS: Refusals = {
    ppks.SourceMissing: ("source", _l("Please say which regulation this list stands on.")),
    ppks.NameTaken: (None, _l("There is a version or a kind of this name already.")),
    ppks.NotLater: ("from_on", _l("A new version begins after the one before it.")),
    ppks.NothingChanged: (None, _l("Nothing differs from the version before: rename, add or empty a kind.")),
}


class NewListForm(VersionedForm):
    """A field for each kind of the last version, with its name; ``version`` is how many versions the writer saw."""

    name = StringField(
        _l("Name of the list"), [DataRequired(), Length(max=20)], description=_l("Short, for instance 7/2027.")
    )
    source = StringField(_l("On which regulation it stands"), [DataRequired(), Length(max=300)])
    from_on = DateField(_l("In force from"), [InputRequired()])
    added = TextAreaField(_l("New kinds, one to a line"), [Optional(), Length(max=2000)])

    @property
    def kinds(self) -> list[Any]:
        """The fields of the kinds."""
        return [field for field in self if field.name.startswith("kind_")]

    def renamed(self, last: ListVersion) -> dict[str, str]:
        """The name of each kind that stays, by code: our own words where they were left as they are."""
        found = {}
        for number, (code, name) in enumerate(last.kinds.items()):
            typed = (self[f"kind_{number}"].data or "").strip()
            if typed:
                found[code] = name if typed == (name or kind_words(code)) else typed
        return found


def _form(versions: Sequence[ListVersion], **options: Any) -> NewListForm:
    """The form over the last version."""
    fields, data = {}, dict[str, Any]()
    for number, (code, name) in enumerate(versions[-1].kinds.items()):
        words = name or kind_words(code)
        fields[f"kind_{number}"] = StringField(words, [Optional(), Length(max=120)])
        data[f"kind_{number}"] = words
    kind = type("NewListFormOfKinds", (NewListForm,), fields)
    form: NewListForm = kind(data={"version": len(versions), **data, **options.pop("data", {})}, **options)
    return form


@residents.get("/ppks-lists")
@allow(Role.MANAGER)
def ppks_lists() -> str:
    """The versions, the newest first, and which marks stand on kinds that the list in force no longer has."""
    today = desk_here().today
    versions = ppks.list_versions()
    in_force = ppks.list_in_force(today, versions)
    page = cut(ppks.marks_on_ended_kinds(in_force), asked_page(), PAGE_SIZE)
    record_readings((mark, resident.id) for mark, resident in page.rows)
    return render_template(
        "files/ppks_lists.html",
        versions=versions[::-1],
        before=dict(zip([one.name for one in versions[1:]], versions, strict=False)),
        in_force=in_force,
        today=today,
        page=page,
        words=lambda one, code: one.kinds[code] or kind_words(code),
        mark_words=mark_words,
    )


@residents.route("/ppks-lists/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_ppks_list() -> Page:
    """A new version, made from the last one."""
    desk = desk_here()
    versions = ppks.list_versions()
    form = _form(versions, data={"from_on": desk.today})

    def act() -> None:
        ppks.add_version(
            desk.residence.id,
            name=form.name.data or "",
            source=form.source.data or "",
            from_on=form.from_on.data or desk.today,
            renamed=form.renamed(versions[-1]),
            added=[line for line in (form.added.data or "").splitlines() if line.strip()],
            seen=form.version.data,
            actor=current_user,
        )

    if submitted(form, act, REFUSALS):
        flash(
            gettext("The new version is written down. What stands in files keeps the version it was made under."),
            "good",
        )
        return redirect(url_for("residents.ppks_lists"), 303)
    current: Callable[[], NewListForm] = lambda: _saved(form)  # noqa: E731
    return form_page("files/new_ppks_list.html", form, current)


def _saved(typed: NewListForm) -> NewListForm:
    """The last version as it is saved now, in the fields that were typed into."""
    versions = ppks.list_versions()
    last = versions[-1]
    given = {"name": last.name, "source": last.source, "from_on": last.from_on, "added": typed.added.data}
    return _form(versions, formdata=None, data=given)
