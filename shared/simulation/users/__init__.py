"""Simulated users: by a model, or by script."""
