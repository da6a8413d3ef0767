"""Recognizers of personal data by its form, checksum or label."""
