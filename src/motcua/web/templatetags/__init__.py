"""Template filters: how numbers, moments and deadlines are written."""
