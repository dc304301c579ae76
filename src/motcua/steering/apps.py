"""Tells Django of steering."""

from django.apps import AppConfig


class SteeringConfig(AppConfig):
    """The tables of owners and targets."""

    name = "motcua.steering"
    label = "steering"
