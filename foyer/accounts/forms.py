from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from foyer.accounts.passwords import LONGEST
from foyer.forms import FoyerForm


class SignInForm(FoyerForm):
    username = StringField(_l("User name"), validators=[DataRequired(), Length(max=80)])
    password = PasswordField(_l("Password"), validators=[DataRequired(), Length(max=LONGEST)])
    remember = BooleanField(
        _l("Keep me signed in on this phone"),
        description=_l("For residents, on a phone of your own. Never on a shared device."),
    )


class SlipForm(FoyerForm):
    code = StringField(
        _l("Code on the slip"),
        description=_l("Twelve letters and digits, for example ACDE-FGHJ-3467. Capitals do not matter."),
        validators=[DataRequired(), Length(max=40)],
    )


class ChoosePasswordForm(FoyerForm):
    password = PasswordField(_l("New password"), validators=[DataRequired(), Length(max=LONGEST)])
    again = PasswordField(
        _l("The same password once more"),
        validators=[
            DataRequired(),
            EqualTo("password", message=_l("The two passwords are not the same. Please type both again.")),
        ],
    )


class ChangePasswordForm(ChoosePasswordForm):
    current = PasswordField(_l("Present password"), validators=[DataRequired(), Length(max=LONGEST)])
