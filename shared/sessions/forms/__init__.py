"""Forms of captured conversations: one adapter each, detected by structure."""
