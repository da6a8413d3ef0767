"""Small storm: records delivered twice, runs killed. See benchmarks/turn_storm.py."""

import httpx

from tests.support.running_stack import RunningStack
from tests.support.turn_storm import storm

SESSIONS, MESSAGES = 6, 3


def test_storm_answers_every_message_once_and_leaves_all_sessions_idle(
    stack: RunningStack, http: httpx.Client
) -> None:
    # With this seed, the second run is the first one killed: one is, however few there are.
    found = storm(stack, http, SESSIONS, MESSAGES, seed=8)

    assert found.faults == []
    assert found.ends == {"turn.completed": SESSIONS * MESSAGES}
    assert found.redelivered == SESSIONS * MESSAGES
    assert 2 in [kill["run"] for kill in found.kills]
