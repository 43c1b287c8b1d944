"""What residents learn: registers of classes, competencies, school, conduct, independence, certificates."""
