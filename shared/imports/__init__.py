"""Sessions in: conversations that were captured elsewhere, taken from a queue."""
