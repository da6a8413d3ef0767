"""Redaction of personal data: placeholders in texts, pseudonyms in mock worlds."""

from shared.scenarios.redaction.wiring import model_folder

# First of all: without its layer, a function fails with this message, and not with the name of
# whatever package it imports first.
model_folder()
