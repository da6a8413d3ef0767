"""Composition of areas: ports that several of them serve, put together for functions."""
