"""Facts: what the events mean, defined once, and how many dossiers of each kind there are."""
