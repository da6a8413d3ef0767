"""Playground sessions on the deployed stack: deletion, and killed functions."""

import httpx

from tests.support.killed_turns import kill_in_a_turn, undisturbed
from tests.support.running_stack import RunningStack, until

SESSIONS = "/v1/workflow/playground/sessions"
#: Seconds after which the function is killed: before, during and after its tool call.
#: benchmarks/chaos.py kills it 100 times.
MOMENTS = (0.02, 0.08, 0.15, 0.2, 0.22)


def test_deleted_session_leaves_the_list_and_only_a_tombstone(
    stack: RunningStack, http: httpx.Client
) -> None:
    opened = http.post(SESSIONS, json={"catalog_slug": "order-status"}).json()["session_id"]
    url = f"{SESSIONS}/{opened}"
    http.post(f"{url}/messages", json={"message": "Hello"}).raise_for_status()
    assert opened in listed(http)
    assert len(stack.session_items(opened)) > 1

    assert http.delete(url).status_code == 204

    assert http.get(url).status_code == 404
    assert opened not in listed(http)
    until(lambda: list(stack.session_items(opened)) == ["session"])


def listed(http: httpx.Client) -> list[str]:
    page = http.get(SESSIONS, params={"limit": 200}).json()
    return [session["session_id"] for session in page["items"]]


def test_killed_function_leaves_the_session_before_or_after_the_turn(
    stack: RunningStack, http: httpx.Client
) -> None:
    expected = undisturbed(http)

    outcomes = [kill_in_a_turn(stack, http, expected, seconds) for seconds in MOMENTS]

    assert any(outcome.killed and outcome.status != 200 for outcome in outcomes), outcomes
