"""People who sign in: users, roles, and what each may see."""
