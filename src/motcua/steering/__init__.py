"""Chỉ đạo: which unit answers for a group of indicators, and the targets that the centre sets."""
