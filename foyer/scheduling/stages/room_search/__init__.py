"""Rooms by search with a certificate: for more people and rooms than the exact program can prove, and for wishes that
differ from room to room (docs/engine.md, section 6)."""
