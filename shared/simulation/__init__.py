"""Simulated conversations: the target's port, the simulated user, and the judge."""
