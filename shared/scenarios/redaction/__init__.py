"""Redaction of personal data: placeholders in texts, pseudonyms in mock worlds."""
