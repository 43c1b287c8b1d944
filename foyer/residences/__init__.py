"""The house and what it offers: staff, rooms, venues, trades, daily grid, holidays."""
