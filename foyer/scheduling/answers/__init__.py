"""What the engine answers about a plan: why, what if, and where an arriving resident fits (docs/engine.md, section 10).

Pure: problem and plan in, frozen dataclasses out."""
