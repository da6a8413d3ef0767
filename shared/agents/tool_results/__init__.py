"""Results of client-side tools, which continue a turn."""
