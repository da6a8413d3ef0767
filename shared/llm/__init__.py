"""Language models: the port, its providers, and the registry of configured models."""
