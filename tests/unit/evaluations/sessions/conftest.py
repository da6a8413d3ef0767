"""Fixtures of the session tests: a session with every field that a client sets."""

from typing import Any

import pytest

from tests.support.evaluations import World, new_session
from tests.support.gateway import Gateway


@pytest.fixture
def session(api: Gateway, world: World) -> dict[str, Any]:
    fields = {"customId": "a", "context": "A shop", "metadata": {"n": 1}, "isProduction": False}
    return new_session(api, world.version, **fields)


@pytest.fixture
def url(session: dict[str, Any]) -> str:
    return f"/sessions/{session['id']}"
