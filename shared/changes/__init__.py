"""Events out: what changed, told to whoever listens on the bus."""
