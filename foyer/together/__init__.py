"""One act for many residents or referrals at once, with its undo."""
