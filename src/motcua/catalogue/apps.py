"""Tells Django of this part."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registration of motcua.catalogue."""

    name = "motcua.catalogue"
    label = "catalogue"
