"""Turns whose function is killed in the middle, and the session that a user reads afterwards."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from local.processes import running_pid
from tests.support.running_stack import RunningStack
from tests.support.sse import last

URL = "/v1/workflow/playground/sessions"
#: A message that runs four nodes and waits 200 ms for a tool.
MESSAGE = "I am ada@example.org and it is about HP-20417"
#: The killed function, as named in the template.
_FUNCTION = "SendPlaygroundMessageFunction"
#: Fields that differ between any two sessions.
_UNIQUE = ("session_id", "created_at")


class Torn(AssertionError):
    """Session that is neither before nor after its turn, or cannot continue."""


@dataclass(frozen=True, slots=True)
class Killed:
    """Result of a kill: status, processes killed, and whether the turn is stored."""

    status: int
    killed: int
    turn_is_stored: bool


def workers(stack: RunningStack, function: str = _FUNCTION) -> list[int]:
    """Return the process ids of a function, by its name in the template."""
    emulator = running_pid(stack.local)
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(emulator)],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, command in lines if function in command]


def undisturbed(client: httpx.Client) -> dict[str, Any]:
    """Return a session after the message without a kill."""
    session = _open(client)["session_id"]
    name, complete = last(_say(client, session, "undisturbed").text)
    if name != "complete":
        raise Torn(f"the turn fails by itself: {complete}")
    return _comparable(complete)


def kill_in_a_turn(
    stack: RunningStack, client: httpx.Client, expected: dict[str, Any], seconds: float
) -> Killed:
    """Send a message, kill its function after ``seconds``, and check the session.

    The session is readable, as before or as after the turn; its log agrees; and the same
    message, sent again with its key, leads to the expected session. Raises :class:`Torn`.
    """
    before = _open(client)
    session = before["session_id"]
    with ThreadPoolExecutor(1) as sender:
        sent = sender.submit(_say, client, session, "once")
        time.sleep(seconds)
        victims = workers(stack)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        answer = sent.result()
    found = _read(client, session)
    turns = client.get(f"{URL}/{session}/trace").json()["items"]
    stored = found != before
    if stored and _comparable(found) != {k: v for k, v in expected.items() if k != "reply"}:
        raise Torn(f"neither before nor after: {found}")
    if len(turns) != stored:
        raise Torn(f"the log holds {len(turns)} turns of a session with {int(stored)}")
    if answer.status_code == httpx.codes.OK and not stored:
        raise Torn("the turn was answered and is lost")
    again = _say(client, session, "once")
    if again.status_code != httpx.codes.OK or _comparable(last(again.text)[1]) != expected:
        raise Torn(f"it does not continue: {again.status_code} {again.text}")
    if len(client.get(f"{URL}/{session}/trace").json()["items"]) != 1:
        raise Torn("one message has two turns")
    return Killed(answer.status_code, len(victims), stored)


def _open(client: httpx.Client) -> dict[str, Any]:
    answer = client.post(URL, json={"catalog_slug": "order-status"})
    opened: dict[str, Any] = answer.raise_for_status().json()
    return opened


def _read(client: httpx.Client, session: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{URL}/{session}").raise_for_status().json()
    return found


def _say(client: httpx.Client, session: str, key: str) -> httpx.Response:
    return client.post(
        f"{URL}/{session}/messages", json={"message": MESSAGE}, headers={"Idempotency-Key": key}
    )


def _comparable(session: dict[str, Any]) -> dict[str, Any]:
    common = {key: value for key, value in session.items() if key not in _UNIQUE}
    values = {k: v for k, v in common["context_vars"].items() if k != "session_id"}
    return {**common, "context_vars": values}
