"""Fairness between organizations on the local stack: python -m benchmarks.fairness

Organization B sends one message at a time, first to an idle stack, then, at the same pace, while
organization A has flooded it with turns of half a minute. Printed are the times from B's messages
to the ends of their turns, whose model answers at once, by the times in the log, and their ratio in
this run; and whether A's turns in progress stayed within the limit and began in order. It takes
minutes.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.support.running_stack import RunningStack, running_stack

#: Concurrent requests of the flood: each is a process of the emulator.
IN_FLIGHT = 6
#: Seconds until a turn of B must have ended.
PATIENCE = 120
#: Seconds from one message of B to the next, at least: a phase sees several turns of A end.
PACE = 1.5
#: Turns of B before the measured ones: they start the processes of its functions.
WARM_UP = 3

type Times = dict[str, datetime]


def main() -> None:
    """Run both phases and print them; exit with an error if an invariant breaks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fairness")
    parser.add_argument(
        "--limit", type=int, default=10, help="turns in progress of one organization"
    )
    parser.add_argument("--flood", type=int, default=300, help="messages of organization A")
    parser.add_argument("--seconds", type=int, default=30, help="duration of each of its turns")
    parser.add_argument("--messages", type=int, default=60, help="messages of B in each phase")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack", MaxTurnsPerOrganization=str(options.limit)) as stack,
        _client(stack, stack.new_key().api_key) as flooding,
        _client(stack, stack.new_key().api_key) as quiet,
    ):
        sessions = _open(flooding, options.flood)
        idle = _waits(quiet, options.messages)
        _flood(flooding, sessions, options.seconds)
        busy = _waits(quiet, options.messages)
        turns = [_times(flooding, session) for session in sessions]
    ratio = _p95(busy) / _p95(idle)
    in_progress, displaced = _most_in_progress(turns), _displacement(turns)
    print(f"B on an idle stack: {_summary(idle)}\nB during the flood: {_summary(busy)}")
    print(f"ratio of the p95: {ratio:.2f}")
    begun = sum("turn.started" in turn for turn in turns)
    print(f"A: {begun} of {len(turns)} turns begun, {in_progress} in progress at most", end="")
    print(f" (limit {options.limit}), {displaced} places out of order at most", flush=True)
    raise SystemExit(in_progress > options.limit or displaced > options.limit)


def _client(stack: RunningStack, key: str) -> httpx.Client:
    limits = httpx.Limits(max_connections=IN_FLIGHT)
    headers = {"x-api-key": key}
    return httpx.Client(base_url=stack.api_url, headers=headers, timeout=120, limits=limits)


def _open(client: httpx.Client, number: int) -> list[str]:
    agent = client.post("/v1/agents", json={"name": "Fair", "system_prompt": "You help."})
    body = {"agent_id": agent.raise_for_status().json()["id"]}

    def create(_: int) -> str:
        return str(client.post("/v1/sessions", json=body).raise_for_status().json()["id"])

    with ThreadPoolExecutor(IN_FLIGHT) as threads:
        return list(threads.map(create, range(number)))


def _flood(client: httpx.Client, sessions: Sequence[str], seconds: int) -> None:
    """Send a message to each session, and wait until turns are in progress.

    The requests themselves load the machine; what is measured is the load of the turns.
    """
    with ThreadPoolExecutor(IN_FLIGHT) as threads:
        list(threads.map(lambda one: _say(client, one, f"Hello [wait {seconds}]"), sessions))
    time.sleep(seconds / 3)


def _say(client: httpx.Client, session: str, words: str) -> None:
    message = {"content": [{"type": "text", "text": words}]}
    client.post(f"/v1/sessions/{session}/messages", json={"message": message}).raise_for_status()


def _waits(client: httpx.Client, messages: int) -> list[float]:
    """Return the seconds from each message to the start of its turn; each has its session."""
    waits = []
    for session in _open(client, WARM_UP + messages):
        begun = time.monotonic()
        _say(client, session, "Hello")
        deadline = begun + PATIENCE
        while "turn.completed" not in (times := _times(client, session)):
            assert time.monotonic() < deadline, "a turn of B does not end"
            time.sleep(0.1)
        waits.append((times["turn.completed"] - times["input.message"]).total_seconds())
        time.sleep(max(0.0, begun + PACE - time.monotonic()))
    return waits[WARM_UP:]


def _times(client: httpx.Client, session: str) -> Times:
    """Return the time of each event of a session with one message, by type."""
    types = ["input.message", "turn.started", "turn.completed", "turn.failed"]
    found: Any = client.get(f"/v1/sessions/{session}/events", params={"types": types})
    events = found.raise_for_status().json()["data"]
    return {event["type"]: datetime.fromisoformat(event["ts"]) for event in events}


def _most_in_progress(turns: Sequence[Times]) -> int:
    """Return the number of turns that were in progress at the same time, at most."""
    changes = [(turn["turn.started"], 1) for turn in turns if "turn.started" in turn]
    changes += [(turn["turn.completed"], -1) for turn in turns if "turn.completed" in turn]
    most = now = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most


def _displacement(turns: Sequence[Times]) -> int:
    """Return by how many places a turn began earlier or later than its message came, at most."""
    begun = sorted(
        (turn for turn in turns if "turn.started" in turn), key=lambda one: one["input.message"]
    )
    order = sorted(range(len(begun)), key=lambda place: begun[place]["turn.started"])
    return max((abs(place - number) for number, place in enumerate(order)), default=0)


def _summary(waits: Sequence[float]) -> str:
    return f"{len(waits)} messages, p50 {statistics.median(waits):.2f} s, p95 {_p95(waits):.2f} s"


def _p95(waits: Sequence[float]) -> float:
    return statistics.quantiles(waits, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main()
