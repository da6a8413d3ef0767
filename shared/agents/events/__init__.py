"""Events of agent sessions: the log as clients read and filter it."""
