"""The baseline: the whole problem as one plain CP-SAT model, as one would write it without a decomposition."""
