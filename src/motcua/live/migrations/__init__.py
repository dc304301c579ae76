"""Migrations of the live index."""
