"""Tells Django of this part."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registration of motcua.web."""

    name = "motcua.web"
    label = "web"
