"""The message function is killed in the middle of turns; benchmarks/chaos.py does it 100 times."""

import httpx

from tests.support.killed_turns import kill_in_a_turn, undisturbed
from tests.support.running_stack import RunningStack

#: Seconds after which the function is killed: before, while and after its tool is waited for.
MOMENTS = (0.02, 0.08, 0.15, 0.2, 0.22)


def test_given_a_killed_function_then_the_session_is_before_or_after_the_turn_and_goes_on(
    stack: RunningStack, http: httpx.Client
) -> None:
    expected = undisturbed(http)

    outcomes = [kill_in_a_turn(stack, http, expected, seconds) for seconds in MOMENTS]

    assert any(outcome.killed and outcome.status != 200 for outcome in outcomes), outcomes
