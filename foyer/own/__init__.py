"""What residents see of their own file, and the corrections that they ask for."""
