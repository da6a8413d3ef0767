"""The tools that the built-in capabilities bring."""
