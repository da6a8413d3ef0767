"""Agents: prompt, model and capabilities of an assistant."""
