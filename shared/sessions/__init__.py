"""What every kind of session shares: the session, its events, the log they are kept in."""
