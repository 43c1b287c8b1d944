"""Who gets in: accounts of the house, sign-in slips, houses themselves."""
