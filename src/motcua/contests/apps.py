"""Tells Django of the contests."""

from django.apps import AppConfig


class ContestsConfig(AppConfig):
    """The contests' tables."""

    name = "motcua.contests"
    label = "contests"
