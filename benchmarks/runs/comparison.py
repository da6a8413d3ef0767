"""Comparison of a run's counts, its results, their verdicts, and the logs of their sessions."""

from collections.abc import Sequence
from typing import Any

from benchmarks.runs.scenarios import USER_TURNS, Document
from tests.support.gateway import Gateway


def compare(api: Gateway, run: Document, results: Sequence[Document], checks: int) -> list[str]:
    """Return what is lost or doubled in a run whose simulations must all have passed."""
    progress, total = run["progress"], run["progress"]["total"]
    turns = total * len(USER_TURNS)
    held = {
        "each simulation is listed once": [one["number"] for one in results] == list(range(total)),
        "each has passed": all(one["outcome"] == "passed" for one in results),
        "the lanes counted each once": (progress["finished"], progress["passed"]) == (total, total),
        "the lanes counted each turn once": run["totals"]["turns"] == turns,
        "the results count each turn once": sum(one["turns"] for one in results) == turns,
        "each has a session of its own": len({one["session_id"] for one in results}) == total,
    }
    faults = [f"violated: {name}" for name, holds in held.items() if not holds]
    for one in results:
        log = [(message, answers) for _, message, answers in turns_of(api, one)]
        if log != [(message, 1) for message in USER_TURNS]:
            faults.append(f"{one['number']}: its session has other turns: {log}")
        verdict = _json(api, f"/v1/runs/{run['id']}/simulations/{one['number']}")
        if len(verdict["checks"]) != checks:
            faults.append(f"{one['number']}: its verdict has other checks")
    return faults


def turns_of(api: Gateway, result: Document) -> list[tuple[str, str, int]]:
    """Return the turns in the log of a simulation's session: time, message, and answers."""
    session = result["session_id"]
    if result["session_kind"] == "playground":
        url = f"/v1/workflow/playground/sessions/{session}/trace"
        return [
            (one["started_at"], one["message"], int(any(node["said"] for node in one["nodes"])))
            for one in _json(api, url)["items"]
        ]
    url = f"/v1/sessions/session_{session.replace('-', '')}/events"
    events = _json(api, url)["data"]

    def number(kind: str, message_id: str) -> int:
        return sum(
            one["type"] == kind and one["context"]["input_message_id"] == message_id
            for one in events
        )

    found = []
    for one in events:
        if one["type"] == "input.message":
            message_id = one["context"]["input_message_id"]
            counts = {number(kind, message_id) for kind in _OF_A_TURN}
            text = one["data"]["message"]["content"][0]["text"]
            found.append((one["ts"], text, counts.pop() if len(counts) == 1 else -1))
    return found


#: Events of which each answered message has one.
_OF_A_TURN = ("turn.started", "turn.completed", "output.message.completed")


def _json(api: Gateway, url: str) -> Any:
    answer = api("GET", url)
    assert answer.status == 200, answer.text
    return answer.json
