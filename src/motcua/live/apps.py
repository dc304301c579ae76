"""The Django app of the live index."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Registers the tables."""

    name = "motcua.live"
    label = "live"
