"""Where the parts are wired together: settings, addresses, the database, which adapter serves which port."""
