"""Messages of agent sessions, stored as events of the session's log."""
