"""Tells Django of the event log."""

from django.apps import AppConfig


class EventLogConfig(AppConfig):
    """The event log's tables."""

    name = "motcua.eventlog"
    label = "eventlog"
