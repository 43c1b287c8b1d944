"""Background work. A run is a row of the table ``runs``, and that row is the truth: who works on it, until when, how
far it is, whether somebody wants it stopped. See docs/decisions/0004-jobs-are-rows.md."""
