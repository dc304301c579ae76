"""Kiến nghị về điểm bị trừ: one dossier's mark at one indicator, contested with evidence, decided by the centre."""
