"""Hồ sơ: intake, steps, supplements, pauses, extension, result, hand-over."""
