"""Runs that are killed at any storage request, and the state of a session at rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.agents.admission.documents import FIRST_SLOT, turns_key
from shared.agents.admission.wiring import admission
from shared.agents.sessions.wiring import session_repository, turn_timeout
from shared.agents.turns.supervisor import TurnSupervisor
from shared.agents.turns.sweep import SweepResult, TurnSweep
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.client import dynamodb
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.turns import Answer, Clock, events, session
from tests.support.watch import running


class Killed(BaseException):
    """End of the function in the middle of a run."""


def die(_: ModelRequest) -> ModelAnswer:
    raise Killed


def answer_after_timeout(clock: Clock, answer: ModelAnswer, seconds: float = 1) -> Answer:
    """Return a model's answer that takes ``seconds`` longer than the turn timeout."""

    def respond(_: ModelRequest) -> ModelAnswer:
        clock.forward(turn_timeout().total_seconds() + seconds)
        return answer

    return respond


def sweep_later(seconds: float) -> SweepResult:
    """Return the result of a sweep some seconds from now."""
    clock = Clock()
    clock.forward(seconds)
    supervisor = TurnSupervisor(session_repository(), turn_timeout(), clock)
    with running("SweepTurnsFunction"):
        return TurnSweep(session_repository(), supervisor, admission(), turn_timeout(), clock).run()


@contextmanager
def killed_at(request: int, *, carried_out: bool) -> Iterator[None]:
    """Kill the function at a storage request, before it is sent or after it is carried out."""
    count = 0

    def kill(**_: Any) -> None:
        nonlocal count
        count += 1
        if count == request:
            raise Killed

    name = "after-call.dynamodb" if carried_out else "before-call.dynamodb"
    dynamodb().meta.events.register(name, kill)
    try:
        yield
    finally:
        dynamodb().meta.events.unregister(name, kill)


def assert_whole(api: Gateway, session_id: str) -> None:
    """Check that a session is idle and each of its messages has exactly one turn, in order."""
    found = events(api, session_id)
    assert [event["sequence"] for event in found] == list(range(1, len(found) + 1))
    assert session(api, session_id)["status"] == "idle"
    messages = [
        event["data"]["message"]["id"] for event in found if event["type"] == "input.message"
    ]
    for types in (["turn.started"], ["turn.completed", "turn.failed", "turn.cancelled"]):
        turns = [e["context"]["input_message_id"] for e in found if e["type"] in types]
        assert turns == messages


def expire_leases(api: Gateway) -> None:
    """Remove the slots of an organization, as the end of their leases does."""
    first = turns_key(api.organization_id, FIRST_SLOT)
    for record in list(table().query(first, upto=f"{FIRST_SLOT}~")):
        table().delete(record.key, expected_version=record.version)
