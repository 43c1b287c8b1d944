"""Counselling: sessions with attendance and next step, notes that only author and named supervisor read, flags, and the
caseload that they make up."""
