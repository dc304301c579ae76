"""Figures made readable: documented JSON, CSV, workbooks and one-file pages, from the same scorecard."""
