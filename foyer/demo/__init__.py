"""A demonstration residence. Every person in it is invented, and so are their numbers."""
