"""Agents, their sessions, messages, events, turns and tools."""
