"""Workflows, their revisions, and the graphs of these."""
