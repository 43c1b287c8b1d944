"""What residents think of the service: the survey of a cycle, and the suggestion box. Both without names."""
