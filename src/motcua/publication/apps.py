"""Tells Django of the monthly publication."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The tables of the monthly publication."""

    name = "motcua.publication"
    label = "publication"
