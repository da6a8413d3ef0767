"""Relay target: turns whose answers the caller sends."""

from collections.abc import Callable

import pytest

from shared.agents.simulated_wiring import session_recorder
from shared.runs.targets.relay import RelayTarget
from shared.runs.targets.turn_world import key_of
from shared.runs.targets.wiring import relay_target
from shared.runs.worlds.domain import OpenWorld
from shared.runs.worlds.repository import WorldCallRepository
from shared.runs.worlds.service import WorldService
from shared.simulation.conversation import Called, Said
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.simulated import simulated
from tests.support.snapshot import stored_items


@pytest.fixture
def target(api: Gateway) -> RelayTarget:
    return relay_target(session_recorder())


@pytest.fixture
def session(api: Gateway, target: RelayTarget) -> SimulatedSession:
    found = simulated(api, {"relay": True})
    target.check(api.organization_id, found.target)
    target.open(found)
    return found


def serve(session: SimulatedSession, tool: str, **arguments: str) -> None:
    """Call a tool as an agent does that uses the world's server."""
    opened = OpenWorld(key_of(session), session.world, session.on_unmatched)
    service = WorldService(lambda _: opened, WorldCallRepository(table()), lambda _: None)
    service.session(key_of(session)).call(tool, dict(arguments))


def test_turn_waits_for_its_relayed_answer(target: RelayTarget, session: SimulatedSession) -> None:
    assert target.send(session, 1, "Where is A-1?") is None
    assert target.answer(session, 1) is None
    serve(session, "find_order", id="A-1")
    sent = TargetAnswer(
        text="Shipped.", seconds=1.5, input_tokens=4, output_tokens=2, cost_usd=0.25
    )

    recorded = target.take(session, 1, "Where is A-1?", sent)

    assert recorded == target.answer(session, 1) == target.send(session, 1, "Where is A-1?")
    assert (recorded.text, recorded.tool_calls, recorded.seconds) == ("Shipped.", 1, 1.5)
    assert recorded.cost_usd == 0.25
    asked, called, said = target.read(session).entries
    assert isinstance(asked, Said)
    assert isinstance(called, Called)
    assert (called.tool, called.output) == ("find_order", {"status": "shipped"})
    assert isinstance(said, Said)


def test_calls_belong_to_the_turn_that_made_them(
    target: RelayTarget, session: SimulatedSession
) -> None:
    for turn in (1, 2):
        serve(session, "find_order", id="A-1")
        assert target.take(session, turn, "Look", TargetAnswer(text="Done")).tool_calls == 1
    assert target.take(session, 3, "Thanks", TargetAnswer(text="Bye")).tool_calls == 0


def test_first_answer_of_a_turn_counts(target: RelayTarget, session: SimulatedSession) -> None:
    first = target.take(session, 1, "Hello", TargetAnswer(text="Hi"))
    before = stored_items()
    assert target.take(session, 1, "Hello", TargetAnswer(text="Hey")) == first
    target.fail(session, 1, "Hello", "The agent is down.")
    target.stop(session)
    assert stored_items() == before


def test_failed_turn_fails_the_target(target: RelayTarget, session: SimulatedSession) -> None:
    target.fail(session, 1, "Hello", "The agent is down.")
    operations: list[Callable[[], object]] = [
        lambda: target.answer(session, 1),
        lambda: target.send(session, 1, "Hello"),
        lambda: target.take(session, 1, "Hello", TargetAnswer(text="Hi")),
    ]
    for operation in operations:
        with pytest.raises(TargetFailed, match="The agent is down"):
            operation()
