"""Turns whose function is killed in the middle, and what a user finds afterwards."""

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
#: One message that runs four nodes and waits 200 ms for a tool.
MESSAGE = "I am ada@example.org and it is about HP-20417"
#: The function that is killed, as the template names it.
_FUNCTION = "SendPlaygroundMessageFunction"
#: What two sessions cannot have in common.
_OWN = ("session_id", "created_at")


class Torn(AssertionError):
    """A session that is neither before nor after its turn, or that cannot go on."""


@dataclass(frozen=True, slots=True)
class Killed:
    """What a kill came to: whether it met the function, and on which side the session was."""

    status: int
    killed: int
    turn_was_kept: bool


def workers(stack: RunningStack) -> list[int]:
    """Return the processes of the message function, of this very stack."""
    emulator = running_pid(stack.local)
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(emulator)],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, command in lines if _FUNCTION in command]


def undisturbed(client: httpx.Client) -> dict[str, Any]:
    """Return how a session stands after the message, when nobody is killed."""
    session = _open(client)["session_id"]
    name, complete = last(_say(client, session, "undisturbed").text)
    if name != "complete":
        raise Torn(f"the turn fails by itself: {complete}")
    return _comparable(complete)


def kill_in_a_turn(
    stack: RunningStack, client: httpx.Client, expected: dict[str, Any], seconds: float
) -> Killed:
    """Send a message, kill its function so long after, and hold what follows to the promise.

    The session is readable, as it was before the turn or as it is after it; its log agrees;
    and the same message, sent again with its key, brings it to where it would have been.
    Raises :class:`Torn`.
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
    kept = found != before
    if kept and _comparable(found) != {k: v for k, v in expected.items() if k != "reply"}:
        raise Torn(f"neither before nor after: {found}")
    if len(turns) != kept:
        raise Torn(f"the log holds {len(turns)} turns of a session with {int(kept)}")
    if answer.status_code == httpx.codes.OK and not kept:
        raise Torn("the turn was answered and is lost")
    again = _say(client, session, "once")
    if again.status_code != httpx.codes.OK or _comparable(last(again.text)[1]) != expected:
        raise Torn(f"it does not go on: {again.status_code} {again.text}")
    if len(client.get(f"{URL}/{session}/trace").json()["items"]) != 1:
        raise Torn("one message has become two turns")
    return Killed(answer.status_code, len(victims), kept)


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
    kept = {key: value for key, value in session.items() if key not in _OWN}
    values = {k: v for k, v in kept["context_vars"].items() if k != "session_id"}
    return {**kept, "context_vars": values}
