"""Simulation with an agent's server, and its answers that call tools."""

import json
from typing import Any

from shared.runs.targets.url import UrlTarget
from shared.simulation.target import SimulatedSession
from tests.support.chat_server import ChatServer, completion
from tests.support.gateway import Gateway
from tests.support.simulated import simulated

LATE = {"prompt_tokens": 10, "completion_tokens": 2}


def opened(api: Gateway, target: UrlTarget, server: ChatServer, **fields: Any) -> SimulatedSession:
    session = simulated(api, {"url": server.url, **fields})
    target.open(session)
    return session


def calls(*functions: tuple[str, Any]) -> bytes:
    """Return a completion that calls tools; arguments that are text are sent as they are."""
    made = [
        {
            "id": f"c{number}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": given if isinstance(given, str) else json.dumps(given),
            },
        }
        for number, (name, given) in enumerate(functions)
    ]
    return completion(None, tool_calls=made, usage=LATE)
