"""How fast it is, beside others that answer the same question on the same rows, and beside a physical floor."""
