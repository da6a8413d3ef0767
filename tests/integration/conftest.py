"""Fixtures of the integration tests; the stack itself, which others use too, is one level up."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.running_stack import RunningStack
from tests.support.waiting import PATIENCE


@pytest.fixture
def http(stack: RunningStack) -> Iterator[httpx.Client]:
    """A client of the deployed API with an unrestricted key."""
    with httpx.Client(
        base_url=stack.api_url, headers={"x-api-key": stack.api_key}, timeout=PATIENCE
    ) as client:
        yield client
