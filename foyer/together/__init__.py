"""One act for many residents at once, with its undo."""
