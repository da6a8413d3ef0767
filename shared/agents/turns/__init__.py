"""Turns of agent sessions: the agent's answers to messages."""
