from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.widgets import HiddenInput

from foyer.cycles import wishes
from foyer.editing import Refusals
from foyer.forms import VersionedForm

NOT_OFFERED = _l("One of these trades is not offered. Take it out of your order, then send it again.")


class OrderField(Field):
    """Trades in order, each an input of the same name."""

    widget = HiddenInput()
    data: list[int]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [int(value) for value in valuelist if str(value).isdecimal()]
        if len(self.data) < len(valuelist):
            raise ValueError(str(NOT_OFFERED))


class OwnWishForm(VersionedForm):
    """What a resident sends: the order, and for which place in a cycle."""

    order = OrderField(_l("My order"))
    enrolment = HiddenField()


OWN_WISH_REFUSALS: Refusals = {
    wishes.WindowClosed: ("order", _l("The days for choosing are over, so this could not be sent.")),
    wishes.NothingChosen: ("order", _l("Choose at least one trade before you send.")),
    wishes.ChoiceTwice: ("order", _l("The same trade stands in your order twice. Take one out, then send it again.")),
    wishes.TooManyChoices: ("order", _l("Your order has too many trades. Take one out, then send it again.")),
    wishes.TradeNotOffered: ("order", NOT_OFFERED),
    wishes.TradeNotOpen: (
        "order",
        _l("No class of one of these trades can take you. Take it out of your order, then send it again."),
    ),
}
