"""Evaluation runs: groups of sessions and evaluations of a product, opened by a client."""
