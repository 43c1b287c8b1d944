"""Personal data that were lost or read by others: whose they were, and the notices that the law asks for."""
