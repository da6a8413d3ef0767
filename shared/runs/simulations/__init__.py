"""Simulations: one conversation of a simulated user with a target."""
