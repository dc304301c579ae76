"""Words everything else is said in: time, codes, text, citations, errors. Knows nothing of the law or of data."""
