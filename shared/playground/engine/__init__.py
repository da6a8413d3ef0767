"""Playground engine: runs the turns of a conversation on a graph."""
