"""One command serves a small house: pages, files, the worker and the check of the database's state."""
