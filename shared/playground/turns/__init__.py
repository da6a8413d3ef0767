"""Turns of playground sessions: run, stream, trace, expire."""
