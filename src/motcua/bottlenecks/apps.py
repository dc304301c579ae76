"""Tells Django of the bottlenecks."""

from django.apps import AppConfig


class BottlenecksConfig(AppConfig):
    """The tables of the bottlenecks."""

    name = "motcua.bottlenecks"
    label = "bottlenecks"
