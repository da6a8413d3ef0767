"""Workflows: a name for a line of revisions, one of which may be active."""
