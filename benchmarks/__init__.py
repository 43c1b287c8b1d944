"""The engine, measured: `make bench`, or `python -m benchmarks --help`."""
