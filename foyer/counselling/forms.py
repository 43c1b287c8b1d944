"""The forms of counselling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.counselling import flags, openings, sessions, standing
from foyer.counselling import labels as _labels  # noqa: F401  the words of its enumerations
from foyer.counselling.models import CounsellingSession, FlagKind, FlagPriority, Presence, SessionKind, SessionMode
from foyer.counselling.notes import LONGEST
from foyer.editing import ClockField, Refusals
from foyer.forms import FoyerForm, VersionedForm, strip_text
from foyer.residences.forms import CheckboxesField, optional_id
from foyer.residents.family import ContactSafety, Relative
from foyer.words import choices, words

Options = Sequence[tuple[int, str]]


class CaseloadForm(FoyerForm):
    """Whom the reader of a caseload asks for; sent by GET."""

    class Meta(FoyerForm.Meta):
        csrf = False

    who = SelectField(_l("Who"), [Optional()])
    stage = SelectField(_l("Independence stage"), [Optional()], coerce=optional_id)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.who.choices = [
            ("", _l("everybody")),
            ("late", _l("with something overdue")),
            ("flags", _l("with a flag")),
        ]
        self.stage.choices = [("", _l("all")), *[(n, str(n)) for n in range(1, 5)]]


class TimedForm(FoyerForm):
    """When and how one met."""

    mode = SelectField(_l("How you met"), [InputRequired()], coerce=SessionMode)
    held_on = DateField(_l("Day"), [InputRequired()])
    start_minute = ClockField(_l("From"), [InputRequired()])
    end_minute = ClockField(_l("To"), [InputRequired()], closes=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.mode.choices = choices(SessionMode)

    @property
    def values(self) -> dict[str, Any]:
        return {
            "mode": self.mode.data,
            "on": self.held_on.data,
            "start": self.start_minute.data,
            "end": self.end_minute.data,
        }


class OneForm(TimedForm):
    """A conversation with one resident, alone or with the family."""

    kind = SelectField(_l("With whom"), [InputRequired()], coerce=SessionKind)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = [answer for answer in choices(SessionKind) if answer[0] is not SessionKind.GROUP]


class GroupForm(TimedForm):
    """A conversation with several residents of the caseload."""

    resident_ids = CheckboxesField(_l("Who took part"), [DataRequired()], coerce=int)

    def __init__(self, *args: Any, residents: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.resident_ids.choices = list(residents)


class AttendanceForm(Form):
    """One resident in a session. Its token is that of the form around it."""

    resident_id = HiddenField()
    presence = SelectField(_l("Did they come?"), [InputRequired()], coerce=Presence)
    next_step = StringField(
        _l("Next step"),
        [Length(max=300)],
        filters=[strip_text],
        description=_l("What you agreed on, in a few words. Colleagues who may open the file read it."),
    )
    next_on = DateField(_l("By when"), [Optional()], description=_l("It then stands in your list of what is due."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.presence.choices = choices(Presence)


class MarkForm(VersionedForm):
    """Who came, what comes next, and what is to be remembered."""

    mode = SelectField(_l("How you met"), [InputRequired()], coerce=SessionMode)
    marks = FieldList(FormField(AttendanceForm), _l("Who came"))
    about = SelectField(_l("The note is about"), [Optional()], coerce=optional_id)
    body = TextAreaField(
        _l("Note"),
        [Length(max=LONGEST)],
        description=_l(
            "Only you and your named supervisor can read it: nobody else in the house, whatever their role."
        ),
        render_kw={"rows": 8},
    )

    relatives = CheckboxesField(_l("Who of the family took part"), [Optional()], coerce=int)

    def __init__(
        self,
        session: CounsellingSession,
        names: Mapping[int, str],
        *args: Any,
        family: Sequence[Relative] = (),
        there: Sequence[Relative] = (),
        **kwargs: Any,
    ):
        lines = [
            {"resident_id": each.resident_id, "presence": each.presence, "next_step": each.next_step or ""}
            | {"next_on": each.next_on}
            for each in session.attendances
        ]
        kwargs.setdefault("data", {"version": session.version, "mode": session.mode, "marks": lines})
        kwargs["data"]["relatives"] = [one.id for one in there]
        super().__init__(*args, **kwargs)
        self.mode.choices = choices(SessionMode)
        self.about.choices = [("", _l("the group as a whole")), *names.items()]
        if len(names) == 1:
            del self["about"]
        self.relatives.choices = [(one.id, _told(one)) for one in family]
        if not family:
            del self["relatives"]
        self.resident_ids = sorted(names)

    def validate_marks(self, field: Any) -> None:
        if sorted(str(line.resident_id.data) for line in field) != sorted(map(str, self.resident_ids)):
            raise ValidationError(str(_l("Somebody changed who takes part. Please open the page again.")))

    def marked(self) -> dict[int, sessions.Mark]:
        """What is put down about each resident, by id."""
        return {
            int(line.resident_id.data): sessions.Mark(line.presence.data, line.next_step.data or "", line.next_on.data)
            for line in self.marks
        }


def _told(one: Relative) -> str:
    """A relative as one of those who can be ticked: who it is, and where contact is not simply safe, that."""
    who = f"{one.full_name} ({words(one.relation)})"
    return who if one.safety is ContactSafety.SAFE else f"{who}: {words(one.safety)}"


class AskForm(FoyerForm):
    """Asking to read notes that one has no right to."""

    reason = TextAreaField(
        _l("Why must you read them?"),
        [DataRequired(), Length(min=10, max=1000)],
        description=_l("Whoever decides and whoever wrote the notes reads this. It is kept encrypted."),
        render_kw={"rows": 4},
    )
    hours = IntegerField(
        _l("For how many hours?"),
        [InputRequired(), NumberRange(1, 24)],
        default=2,
        description=_l("From the moment in which a second person agrees. At most 24."),
    )


class DecideForm(VersionedForm):
    """A second person's answer."""

    answer = SelectField(_l("Your decision"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.answer.choices = [
            ("", _l("choose")),
            ("open", _l("Open the notes")),
            ("refuse", _l("Do not open them")),
        ]


class FlagForm(VersionedForm):
    """What colleagues should have in mind, and until when."""

    kind = SelectField(_l("What it is about"), [InputRequired()], coerce=FlagKind)
    priority = SelectField(_l("Priority"), [InputRequired()], coerce=FlagPriority)
    text = StringField(
        _l("What colleagues should do or mind"),
        [DataRequired(), Length(max=300)],
        description=_l("A request, not a label: “Walk along to the clinic on Thursday”. Read by the team of the file."),
    )
    until_on = DateField(
        _l("Until"),
        [InputRequired()],
        description=_l("After this day it goes by itself; you are asked beforehand whether it is still needed."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(FlagKind)
        self.priority.choices = choices(FlagPriority)


class CoverForm(FoyerForm):
    """Who stands in for whom."""

    staff_id = SelectField(_l("Who is absent"), [DataRequired()], coerce=optional_id)
    covered_by_id = SelectField(_l("Who stands in"), [DataRequired()], coerce=optional_id)
    from_on = DateField(_l("First day"), [InputRequired()])
    until_on = DateField(_l("Last day"), [InputRequired()])

    def __init__(self, *args: Any, counsellors: Options, absent: Options | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.staff_id.choices = [("", _l("choose")), *(counsellors if absent is None else absent)]
        self.covered_by_id.choices = [("", _l("choose")), *counsellors]


class SupervisionForm(FoyerForm):
    """Who may read what a counsellor writes."""

    staff_id = SelectField(_l("Counsellor"), [DataRequired()], coerce=optional_id)
    supervisor_id = SelectField(_l("Named supervisor"), [DataRequired()], coerce=optional_id)

    def __init__(self, *args: Any, counsellors: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in (self.staff_id, self.supervisor_id):
            field.choices = [("", _l("choose")), *counsellors]


_TAKEN = _l("You have put down another session at this time.")
SESSION_REFUSALS: Refusals = {
    sessions.InFuture: ("held_on", _l("A session is put down on its day or later.")),
    sessions.HoursWrong: ("end_minute", _l("The end must come after the beginning.")),
    sessions.TimeTaken: ("start_minute", _TAKEN),
}
GROUP_REFUSALS: Refusals = {
    **SESSION_REFUSALS,
    sessions.NobodyThere: ("resident_ids", _l("Tick at least two.")),
}
ASK_REFUSALS: Refusals = {
    openings.NothingToOpen: (None, _l("Nobody else has written notes about this resident.")),
    openings.AskedAlready: (None, _l("You have asked already. Look at what became of it.")),
    openings.NobodyToDecide: (None, _l("The house has no second person who could decide.")),
}
DECIDE_REFUSALS: Refusals = {openings.Decided: (None, _l("Somebody has decided already."))}
FLAG_REFUSALS: Refusals = {
    flags.FlagTooLong: ("until_on", _l("A flag ends within four months from today, and not before today.")),
}
COVER_REFUSALS: Refusals = {
    standing.SamePerson: ("covered_by_id", _l("Please choose somebody else here.")),
    standing.OrderWrong: ("until_on", _l("The last day must not lie before the first, nor in the past.")),
    standing.CoveredAlready: ("from_on", _l("Somebody stands in on some of these days already.")),
}
SUPERVISION_REFUSALS: Refusals = {
    standing.SamePerson: ("supervisor_id", _l("Please choose somebody else here.")),
    standing.SupervisedAlready: ("supervisor_id", _l("This counsellor has this supervisor already.")),
}
