"""Composition: what takes several areas, which do not know one another."""
