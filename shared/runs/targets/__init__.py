"""Targets of runs outside this stack: agents behind a URL, and those that a caller relays."""
