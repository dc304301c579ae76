"""Outside files made into events: raw kept as received and hashed, imports idempotent, nothing dropped."""
