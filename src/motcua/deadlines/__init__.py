"""The clock: (rule version, calendar version, happenings) -> due moment, state, and the reasons line by line."""
