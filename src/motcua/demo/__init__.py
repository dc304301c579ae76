"""A fictitious province at work: units, ready accounts, the catalogue, dossiers in every state. For trying out only."""
