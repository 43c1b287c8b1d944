"""Everybody's first page, the week of one's own, and the calendar that a phone follows."""
