"""Tells Django of the organisations."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The organisations' tables."""

    name = "motcua.organisations"
    label = "organisations"
