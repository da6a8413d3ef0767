"""Recorded worlds: tool answers of a captured session, chosen by the arguments of a call."""
