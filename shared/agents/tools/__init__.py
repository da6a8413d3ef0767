"""Built-in capabilities and their tools."""
