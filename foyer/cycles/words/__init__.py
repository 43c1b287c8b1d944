"""What the engine answers, in whole sentences of the house: one module a matter; ``names`` has the house's names."""
