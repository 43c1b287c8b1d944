"""Who changed and who read what; append-only."""
