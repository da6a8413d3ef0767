"""Mock worlds: recorded tool answers that a scenario is replayed with."""
