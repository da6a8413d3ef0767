"""Fixtures of the evaluation tests: a product with all that a session needs above it."""

import pytest

from tests.support.evaluations import World, new_world
from tests.support.gateway import Gateway


@pytest.fixture
def world(api: Gateway) -> World:
    return new_world(api)
