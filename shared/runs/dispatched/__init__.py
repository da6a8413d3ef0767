"""Runs of one simulation (Feather API)."""
