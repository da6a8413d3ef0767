"""Judging: success criteria of a conversation, decided by a model."""
