"""Điểm nghẽn: where working time is lost and what should be looked at, kept beside the event log."""
