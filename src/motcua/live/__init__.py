"""The live index: figures that follow the event log within seconds, kept in PostgreSQL and proved by recomputation."""
