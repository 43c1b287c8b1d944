"""What the house did in a cycle, counted by the seven components of ATENSI (Permensos 7/2021)."""
