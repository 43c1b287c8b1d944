"""Safeguarding concerns: a way past the head of the house, straight to the social-affairs office above it."""
