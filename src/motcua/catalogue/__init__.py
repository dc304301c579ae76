"""Danh mục TTHC: procedures and their versions, cases, limits, fees, components, workflows."""
