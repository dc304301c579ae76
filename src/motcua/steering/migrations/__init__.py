"""Migrations of steering."""
