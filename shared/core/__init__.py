"""Ids, clock, errors, settings, observability. Imports nothing else of the project."""
