"""Một Cửa: one-stop administrative procedures and the live service index of Decision 766/QĐ-TTg."""

__version__ = "0.1.0"
