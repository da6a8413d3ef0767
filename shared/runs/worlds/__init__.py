"""Worlds of simulations: a scenario's recorded tools as a server, and the log of their calls."""
