"""Migrations of the contests."""
