"""Evaluations: scores of sessions and turns, by a metric each."""
