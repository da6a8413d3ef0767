"""A session of an agent that has every capability."""

import pytest

from tests.support.agents import new_agent, new_session
from tests.support.gateway import Gateway

CAPABILITIES = [{"ref": "calculator"}, {"ref": "current_time"}, {"ref": "session_notes"}]


@pytest.fixture
def session_id(api: Gateway) -> str:
    agent = new_agent(api, capabilities=CAPABILITIES)
    return str(new_session(api, agent_id=agent["id"])["id"])
