from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SearchField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from foyer.accounts.models import Role
from foyer.administration.services import HOUSE_ROLES, SlipGroup
from foyer.forms import FoyerForm, VersionedForm

ROLE_LABELS = {
    Role.MANAGER: _l("Manager"),
    Role.COUNSELLOR: _l("Counsellor"),
    Role.INSTRUCTOR: _l("Instructor"),
    Role.RESIDENT: _l("Resident"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.OFFICE: _l("Office above the houses"),
}


class ListForm(FoyerForm):
    """What the list is narrowed to; it comes with the address, so no token."""

    class Meta(FoyerForm.Meta):
        csrf = False

    q = SearchField(_l("Name or user name"))
    role = SelectField(_l("Role"), choices=lambda: [("", _("All roles")), *role_choices()])
    state = SelectField(
        _l("State"),
        choices=lambda: [("", _("Open and closed")), ("open", _("Open")), ("closed", _("Closed"))],
    )


def role_choices() -> list[tuple[str, Any]]:
    return [(role.value, ROLE_LABELS[role]) for role in HOUSE_ROLES]


class AccountForm(VersionedForm):
    display_name = StringField(
        _l("Name"), description=_l("As it is shown in the house."), validators=[DataRequired(), Length(max=200)]
    )
    role = SelectField(_l("Role"), choices=role_choices, validators=[DataRequired()])
    person = SelectField(
        _l("Belongs to"),
        description=_l(
            "Counsellors, instructors and residents see what is their own: so the account must know whose it is."
        ),
    )

    def offer(self, staff: list[tuple[str, str]], residents: list[tuple[str, str]]) -> None:
        """The people who may be chosen."""
        choices: dict[str, list[tuple[str, str]]] = {"–": [("", _("Nobody in particular"))]}
        if staff:
            choices[_("Staff")] = staff
        if residents:
            choices[_("Residents")] = residents
        self.person.choices = choices


class NewAccountForm(AccountForm):
    username = StringField(
        _l("User name"),
        description=_l("3 to 40 small letters, digits, dots or hyphens. It cannot be changed later."),
        validators=[DataRequired(), Length(max=40)],
    )


class SlipsForm(FoyerForm):
    group = RadioField(_l("For whom?"), validators=[DataRequired()])
    batch = HiddenField()  # sending the same page twice must not make printed slips worthless

    def offer(self, counts: dict[SlipGroup, int]) -> None:
        """The groups that have anybody in them."""
        self.group.choices = [(group.value, _group_label(group, count)) for group, count in counts.items() if count]
        if not self.is_submitted():
            self.group.data = next((group.value for group, count in counts.items() if count), None)


def _group_label(group: SlipGroup, count: int) -> str:
    if group is SlipGroup.RESIDENTS_WITHOUT:
        return _("Residents without an account (%(count)s)", count=count)
    if group is SlipGroup.RESIDENTS_WAITING:
        return _("Residents who have never signed in (%(count)s)", count=count)
    return _("Staff without an account (%(count)s)", count=count)
