"""Inference results: the turns of an evaluation session."""
