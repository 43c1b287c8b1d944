"""A four-month cycle: readiness, plans, publishing; the only caller of the engine."""
