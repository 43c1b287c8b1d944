from __future__ import annotations

from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired

from foyer.atensi.models import Component, Service
from foyer.forms import VersionedForm
from foyer.words import choices, words


class ComponentsForm(VersionedForm):
    """A field for each service, named after it: the component that it counts to."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for service in Service:
            self[service.value].label.text = words(service)
            self[service.value].choices = choices(Component)

    @property
    def wanted(self) -> dict[Service, Component]:
        return {service: self[service.value].data for service in Service}


for _service in Service:
    setattr(ComponentsForm, _service.value, SelectField(validators=[InputRequired()], coerce=Component))
