"""The person: identity, stays, choices' facts, keep-apart pairs."""
