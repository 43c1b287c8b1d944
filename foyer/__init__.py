"""Foyer: program scheduler and resident tracker for youth residences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from flask import Flask

    from foyer.config import Settings


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """The web application. ``settings`` default to the environment's; ``overrides`` are Flask configuration keys.

    Imports happen here so that ``foyer.scheduling`` stays usable without the web's libraries.
    """
    from foyer.app import build

    return build(settings, **overrides)
