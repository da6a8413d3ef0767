"""Command line of Agent Sessions."""

__version__ = "0.1.0"
