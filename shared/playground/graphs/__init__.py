"""Graphs of revisions: read, validate, put."""
