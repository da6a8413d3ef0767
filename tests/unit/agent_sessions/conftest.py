"""Fixtures of agent sessions: one of an agent with every capability, and a limit of turns."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.agents.admission.domain import Slot
from shared.agents.admission.slots import Slots
from shared.agents.sessions.domain import AgentSession
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state
from tests.support.turns import Clock, Model, Turns, text
from tests.unit.agent_sessions.fair_turns import LIMIT

CAPABILITIES = [{"ref": "calculator"}, {"ref": "current_time"}, {"ref": "session_notes"}]


@pytest.fixture
def clock() -> Clock:
    return Clock()


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


@pytest.fixture
def limited_turns(dynamodb_table: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limit of the turns in progress of each organization."""
    monkeypatch.setenv("MAX_TURNS_PER_ORGANIZATION", str(LIMIT))

    def first_slot(slots: Slots, session: AgentSession, *_: Any) -> Slot:
        return slots.new(session.organization_id, session.id, 0, session.agent_id)

    # One message takes a slot, the others are admitted: no test depends on random ids.
    monkeypatch.setattr(Slots, "of_message", first_slot)
    forget_process_state()
    yield
    forget_process_state()
