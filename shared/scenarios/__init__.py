"""Scenarios: the stored library, drafting, redaction and mock worlds."""
