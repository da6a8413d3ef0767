"""Playground sessions: opening one and reading it back."""
