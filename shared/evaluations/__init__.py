"""Evaluations: sessions, inference results, and the catalog of what is evaluated."""
