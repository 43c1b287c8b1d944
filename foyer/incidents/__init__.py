"""Incidents (kejadian): reported on a phone, looked into, followed up, closed by a second person; never deleted."""
