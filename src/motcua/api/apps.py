"""Tells Django of the programming interface."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registration of motcua.api."""

    name = "motcua.api"
    label = "api"
