"""Official documents from templates that the house can change: written, numbered, kept as they were issued."""
