"""The end of a stay and what comes after: aftercare, warning signs, coming back, another house, keeping files."""
