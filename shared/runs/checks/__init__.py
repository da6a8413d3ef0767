"""Checks: deterministic rules for a finished conversation."""
