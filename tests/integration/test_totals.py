"""Totals of lists on the deployed stack, where the stream's function counts, and is killed."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any

import httpx
import pytest

from tests.integration.conftest import create
from tests.support.killed_turns import workers
from tests.support.running_stack import PATIENCE, RunningStack, until

#: Sessions that are opened while the function is killed again and again; each third is deleted.
SESSIONS = 30
#: Seconds between two kills: several batches come through.
_PAUSE = 0.2


@pytest.fixture
def own(stack: RunningStack) -> Iterator[httpx.Client]:
    """A client of an organization of its own."""
    headers = {"x-api-key": stack.new_key().api_key}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=PATIENCE) as client:
        yield client


def total(http: httpx.Client, **query: Any) -> int:
    return int(http.get("/v1/sessions", params=query).json()["total"])


def test_totals_follow_creates_and_deletes(own: httpx.Client) -> None:
    agent = create(own, "/v1/agents", name="Ada", system_prompt="You help.")
    ids = [create(own, "/v1/sessions", agent_id=agent) for _ in range(5)]
    # The page itself shows as many, whatever the stream has delivered.
    assert total(own, agent_id=agent, offset=3, limit=1) == 5
    until(lambda: total(own, agent_id=agent, limit=0) == 5)
    own.delete(f"/v1/sessions/{ids[0]}")
    until(lambda: total(own, agent_id=agent, limit=0) == 4)
    until(lambda: total(own, limit=0) == 4)


def test_totals_are_exact_although_the_function_that_counts_is_killed(
    stack: RunningStack, own: httpx.Client
) -> None:
    agent = create(own, "/v1/agents", name="Ada", system_prompt="You help.")
    done = Event()

    def kill() -> int:
        killed = 0
        while not done.wait(_PAUSE):
            for pid in workers(stack, "PublishChangesFunction"):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        return killed

    def use(number: int) -> None:
        session = create(own, "/v1/sessions", agent_id=agent)
        if number % 3 == 0:
            assert own.delete(f"/v1/sessions/{session}").status_code == 204

    with ThreadPoolExecutor(1) as killer, ThreadPoolExecutor(6) as users:
        kills = killer.submit(kill)
        try:
            list(users.map(use, range(SESSIONS)))
        finally:
            done.set()
    assert kills.result() > 0
    expected = SESSIONS * 2 // 3
    # The last session's batch is the last one: none of the others is on its way any more.
    last = create(own, "/v1/agents", name="Ben", system_prompt="You help.")
    create(own, "/v1/sessions", agent_id=last)
    until(lambda: total(own, agent_id=last, limit=0) == 1)
    until(lambda: total(own, agent_id=agent, limit=0) == expected)
    until(lambda: total(own, limit=0) == expected + 1)
