"""Graphs in responses."""
