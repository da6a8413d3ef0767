"""Forks of agent sessions."""
