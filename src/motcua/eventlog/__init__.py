"""Nhật ký sự kiện: what happened, append-only and hash-chained; the only thing the measuring world reads."""
