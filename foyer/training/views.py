"""The pages of this package."""

from __future__ import annotations

from foyer.training import growth_views, list_views, own_views, progress_views, register_views
from foyer.training.blueprint import training

__all__ = ["growth_views", "list_views", "own_views", "progress_views", "register_views", "training"]
