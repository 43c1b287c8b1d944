"""The stages of a run, in the order of docs/engine.md, section 6. Each takes what it needs and returns a
small result."""
