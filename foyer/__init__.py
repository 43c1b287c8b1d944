"""Foyer: program scheduler and resident tracker for youth residences."""

__version__ = "0.1.0"
