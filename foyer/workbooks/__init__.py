"""A house's planning workbook: read by meaning, tried out in a dry run, then brought in as a whole."""
