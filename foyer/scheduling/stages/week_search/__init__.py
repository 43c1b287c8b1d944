"""Weeks too large to be proven at once: a search by annealing, with a bound from a relaxation beside it."""
