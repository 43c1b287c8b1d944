"""Whose resident is whose, what each may see of a file, and what is due: what every page of a file stands on."""
