"""Session summaries: one list of the sessions of all kinds."""
