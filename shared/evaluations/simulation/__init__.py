"""Conversation simulation: the user of a test case, played by a script or a model."""
