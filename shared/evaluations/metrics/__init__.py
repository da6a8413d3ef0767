"""Metrics: ways to score a session or a turn of a product."""
