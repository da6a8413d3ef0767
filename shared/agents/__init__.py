"""Agents, their sessions and the messages in them.

``domain`` holds what they are; ``agent_*``, ``session_*`` and ``message_*`` each hold one
of the three in its layers: models (the API's words), service (use cases), repository or
log (stored documents). ``service`` wires them for a process.
"""
