"""Who changed and who read a resident's file, as pages: for the team in detail, for the resident in plain words."""
