"""The programming interface /api/v1: what the pages do, for other systems, under the same access rules."""
