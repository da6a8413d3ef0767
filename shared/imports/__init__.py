"""Imports: captured conversations, received from a queue and stored as sessions."""
