"""Requests for runs: scenarios, target, limits."""
