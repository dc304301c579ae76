"""Tables of the pages: the cache that all workers share."""
