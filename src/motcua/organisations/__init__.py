"""Tổ chức: units with their history, staff with titles and roles, and who may see what."""
