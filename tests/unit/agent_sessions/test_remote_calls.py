"""Calls of remote tools: stored before they run, repeated only where that is allowed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.agents.tools.capabilities import enabled_tools
from shared.agents.tools.tool import AnyTool, ToolContext, ToolFailed, ToolPlace
from shared.agents.turns.steps import run_remote_calls
from shared.llm.port import ToolSpecification
from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.turns import (
    Clock,
    Model,
    Turns,
    answer_texts,
    call,
    calls,
    in_event_loop,
    payloads,
    session,
    text,
    types,
)
from tests.unit.agent_sessions.client_tools import accepted, result, session_with_tools, submit
from tests.unit.agent_sessions.recovery import Killed, assert_whole, sweep_later

INTERRUPTED = "interrupted: it is not known whether the call took effect"


@dataclass
class Remote:
    """A tool on another server."""

    name: str
    act: Callable[[], Any]
    is_repeatable: bool = False
    arguments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def place(self) -> ToolPlace:
        return ToolPlace.REMOTE

    @property
    def specification(self) -> ToolSpecification:
        return ToolSpecification(self.name, "A remote tool.", {"type": "object"})

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        self.arguments.append(arguments)
        return self.act()


@pytest.fixture
def session_id(api: Gateway) -> str:
    return session_with_tools(api, "get_weather")


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Offer remote tools beside those of capabilities."""

    def offer(*tools: Remote) -> None:
        def enabled(*configs: Any) -> dict[str, AnyTool]:
            return {**enabled_tools(*configs), **{one.name: one for one in tools}}

        monkeypatch.setattr("shared.agents.turns.steps.enabled_tools", enabled)

    return offer


def die() -> Any:
    raise Killed


def test_call_is_stored_before_it_runs(
    api: Gateway, session_id: str, offer: Callable[..., None]
) -> None:
    seen: list[list[str]] = []
    offer(Remote("book", lambda: seen.append(in_event_loop(lambda: types(api, session_id)))))
    turns = Turns(Model(call("book", day=1), text("Booked")))
    say(api, session_id, "Book it")
    turns.run()

    assert seen[0][-2:] == ["act.started", "tool.started"]
    after = types(api, session_id)[len(seen[0]) :]
    assert after[:3] == ["tool.completed", "act.completed", "reason.started"]
    assert answer_texts(api, session_id) == ["Booked"]
    assert_whole(api, session_id)


def test_calls_run_at_the_same_time_and_fail_alone(
    api: Gateway, session_id: str, offer: Callable[..., None]
) -> None:
    together = threading.Barrier(2, timeout=10)

    def fail() -> Any:
        together.wait()
        raise ToolFailed("no seats")

    offer(Remote("book", together.wait), Remote("reserve", fail))
    model = Model(calls(("a", "book", {}), ("b", "reserve", {})), text("Booked"))
    say(api, session_id, "Book it")
    Turns(model).run()

    parts = model.requests[1].messages[2].content
    assert [part.get("error") for part in parts] == [None, "no seats"]
    [completed] = payloads(api, session_id, "act.completed")
    assert (completed["success_count"], completed["error_count"]) == (1, 1)


def test_late_call_fails_and_is_not_awaited(
    api: Gateway, session_id: str, offer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    offer(Remote("book", lambda: release.wait(20)))

    def without_time(*arguments: Any, time_limit: float) -> Any:
        assert time_limit > 60
        return run_remote_calls(*arguments, time_limit=0.05)

    monkeypatch.setattr("shared.agents.turns.tool_rounds.run_remote_calls", without_time)
    say(api, session_id, "Book it")
    Turns(Model(call("book"), text("Sorry"))).run()
    release.set()
    [completed] = payloads(api, session_id, "tool.completed")
    assert completed["error"] == "the call took longer than the turn may"
    assert answer_texts(api, session_id) == ["Sorry"]


@pytest.mark.parametrize("is_repeatable", [True, False])
def test_taken_over_call_is_repeated_only_if_it_may_be(
    api: Gateway, session_id: str, offer: Callable[..., None], is_repeatable: bool
) -> None:
    actions: list[Callable[[], Any]] = [die, lambda: {"seat": 12}]

    def act() -> Any:
        return actions.pop(0)()

    tool = Remote("book", act, is_repeatable)
    offer(tool)
    model = Model(call("book", day=1), text("done"))
    turns = Turns(model)
    say(api, session_id, "Book it")
    records = turns.triggers()
    with pytest.raises(Killed):
        turns.deliver(*records)
    assert session(api, session_id)["status"] == "active"
    turns.deliver(*records)

    assert tool.arguments == [{"day": 1}] * (2 if is_repeatable else 1)
    [part] = model.requests[1].messages[2].content
    if is_repeatable:
        assert part["result"] == {"seat": 12}
    else:
        assert part["error"] == INTERRUPTED
    assert_whole(api, session_id)


def test_call_of_a_turn_without_runner_is_failed_with_it(
    api: Gateway, session_id: str, offer: Callable[..., None]
) -> None:
    offer(Remote("book", die))
    turns = Turns(Model(call("book")))
    say(api, session_id, "Book it")
    with pytest.raises(Killed):
        turns.deliver(*turns.triggers())
    assert sweep_later(1000).expired == 1

    assert types(api, session_id)[-3:] == ["tool.completed", "turn.failed", "session.idled"]
    [completed] = payloads(api, session_id, "tool.completed")
    assert completed["error"] == INTERRUPTED
    late = submit(api, session_id, result(completed["tool_call_id"], 18))
    assert (late.status, "without a result" in late.json["error"]) == (409, True)
    assert_whole(api, session_id)


@pytest.mark.parametrize("client_is_first", [True, False])
def test_remote_and_client_calls_of_one_answer_end_in_any_order(
    api: Gateway, session_id: str, offer: Callable[..., None], client_is_first: bool
) -> None:
    def book() -> Any:
        if client_is_first:
            found = in_event_loop(lambda: accepted(api, session_id, result("w", 18)))
            assert found == "active"  # the run goes on
        return {"seat": 12}

    offer(Remote("book", book))
    both = calls(
        ("w", "get_weather", {}), ("b", "book", {}), ("c", "calculator", {"expression": "1+1"})
    )
    model = Model(both, text("done"))
    turns = Turns(model)
    say(api, session_id, "Book it")
    turns.run()
    if not client_is_first:
        assert session(api, session_id)["status"] == "waitingfortoolresults"
        assert len(model.requests) == 1
        assert accepted(api, session_id, result("w", 18)) == "active"
        turns.run()

    parts = {part["tool_call_id"]: part["result"] for part in model.requests[1].messages[2].content}
    assert parts == {"w": 18, "b": {"seat": 12}, "c": {"expression": "1+1", "result": "2"}}
    assert answer_texts(api, session_id) == ["done"]
    assert_whole(api, session_id)


def test_cancel_during_a_call_ends_it(
    api: Gateway, session_id: str, offer: Callable[..., None]
) -> None:
    def book() -> Any:
        url = f"/v1/sessions/{session_id}/cancel"
        assert in_event_loop(lambda: api("POST", url)).json["status"] == "cancelled"
        return {"seat": 12}

    offer(Remote("book", book))
    say(api, session_id, "Book it")
    Turns(Model(call("book")), Clock()).run()

    [completed] = payloads(api, session_id, "tool.completed")
    assert completed["status"] == "cancelled"
    assert types(api, session_id)[-2:] == ["turn.cancelled", "session.idled"]
    assert_whole(api, session_id)
