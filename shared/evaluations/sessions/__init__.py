"""Evaluation sessions: conversations with one version of a product."""
