"""Files of agent sessions."""
