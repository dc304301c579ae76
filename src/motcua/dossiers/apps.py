"""Tells Django of this part."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """Registration of motcua.dossiers."""

    name = "motcua.dossiers"
    label = "dossiers"
