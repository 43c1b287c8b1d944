"""What the house learns about a resident and agrees with the resident: assessment, individual plan (RPI), reviews, case
conferences, and the facts that the planner counts with."""
