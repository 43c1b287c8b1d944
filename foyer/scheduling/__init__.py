"""The planning engine: pure, importable and usable alone. No Flask, no database, no clock but the limits."""
