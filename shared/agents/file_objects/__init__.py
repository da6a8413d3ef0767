"""Objects of session files: their bucket and their purge."""
