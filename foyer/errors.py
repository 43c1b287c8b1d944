"""Errors that services raise: each names the broken rule. Views turn them into a sentence or a field error."""

from __future__ import annotations


class FoyerError(Exception):
    """Anything a service refuses to do."""


class NotAllowed(FoyerError):
    """The actor may not do this."""


class NotFound(FoyerError):
    """No such record, or none that the actor may see: the two look alike on purpose."""


class Stale(FoyerError):
    """Somebody else changed the record since the actor opened it."""


def expect_version(record: object, version: int | None) -> None:
    """Raise Stale unless ``record`` still is the version that the actor saw (None: the actor saw none)."""
    if version is not None and getattr(record, "version", None) != version:
        raise Stale(type(record).__name__)
