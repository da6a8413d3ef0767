"""Personas: the people that a simulated user plays."""
