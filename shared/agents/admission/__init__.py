"""Admission of turns: a limited number in progress per organization; the others wait in order."""
