"""A session of an agent with every capability."""

import pytest

from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.turns import Model, Turns, text

CAPABILITIES = [{"ref": "calculator"}, {"ref": "current_time"}, {"ref": "session_notes"}]


@pytest.fixture
def session_id(api: Gateway) -> str:
    agent = new_agent(api, capabilities=CAPABILITIES)
    return str(new_session(api, agent_id=agent["id"])["id"])


@pytest.fixture
def answered_session(api: Gateway, session_id: str) -> str:
    """A session with one turn: ten events."""
    say(api, session_id, "Hello")
    Turns(Model(text("Hi"))).run()
    return session_id
