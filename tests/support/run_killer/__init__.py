"""Killer of function runs; see ``sitecustomize``."""
