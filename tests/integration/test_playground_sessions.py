"""Playground sessions on the deployed stack: found again, and gone for good."""

import httpx

from tests.support.running_stack import RunningStack
from tests.support.waiting import until

SESSIONS = "/v1/workflow/playground/sessions"


def test_session_is_listed_until_it_is_deleted_with_its_turns(
    stack: RunningStack, http: httpx.Client
) -> None:
    """Given a session that was talked with, when it is deleted, then soon its turns are too."""
    opened = http.post(SESSIONS, json={"catalog_slug": "order-status"}).json()["session_id"]
    url = f"{SESSIONS}/{opened}"
    http.post(f"{url}/messages", json={"message": "Hello"}).raise_for_status()
    assert opened in listed(http)
    assert len(stack.items_of_session(opened)) > 1

    assert http.delete(url).status_code == 204

    assert http.get(url).status_code == 404
    assert opened not in listed(http)
    until(lambda: stack.items_of_session(opened) == ["session"])


def listed(http: httpx.Client) -> list[str]:
    page = http.get(SESSIONS, params={"limit": 200}).json()
    return [session["session_id"] for session in page["items"]]
