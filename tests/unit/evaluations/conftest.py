"""Fixtures of the evaluation tests."""

import pytest

from tests.support.evaluations import World, new_session, new_world
from tests.support.gateway import Gateway


@pytest.fixture
def world(api: Gateway) -> World:
    return new_world(api)


@pytest.fixture
def session(api: Gateway, world: World) -> str:
    """The id of a session without turns."""
    return str(new_session(api, world.version)["id"])
