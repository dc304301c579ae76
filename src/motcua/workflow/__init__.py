"""What may happen to a dossier, by whom, and with what: the states, the acts, and the internal workflows as data."""
