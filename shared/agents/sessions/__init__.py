"""Agent sessions: conversations with an agent."""
