"""Agent target: turns of simulations with agents of this stack, in a recorded world."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.agents.simulated_sessions import AgentTarget
from shared.agents.simulated_wiring import agent_target
from shared.changes.detection import change_of
from shared.core.errors import InvalidInput
from shared.llm.port import ModelFailed
from shared.simulation.conversation import Called, Said
from shared.simulation.target import SimulatedSession, TargetFailed
from shared.storage.streams import stream_records
from tests.support.agents import new_agent
from tests.support.gateway import Gateway
from tests.support.mcp_server import mcp_server
from tests.support.simulated import simulated
from tests.support.storage import forget_process_state
from tests.support.turns import Model, Turns, call, calls, payloads, text, types

CLIENT_TOOL = {
    "type": "client_side",
    "name": "open_door",
    "description": "Opens the door.",
    "parameters": {"type": "object", "properties": {}},
}


@pytest.fixture
def target(api: Gateway) -> AgentTarget:
    return agent_target()


def opened(api: Gateway, target: AgentTarget, **fields: Any) -> SimulatedSession:
    agent = new_agent(api, **{"capabilities": [{"ref": "calculator"}], **fields})
    session = simulated(api, {"agent_id": agent["id"]})
    target.open(session)
    return session


def url_id(session: SimulatedSession) -> str:
    return f"session_{session.session_id.hex}"


def test_turn_is_answered_from_the_recorded_world(api: Gateway, target: AgentTarget) -> None:
    session = opened(api, target)
    model = Model(
        calls(
            ("a", "find_order", {"id": "A-1"}),
            ("b", "calculator", {"expression": "6*7"}),
            ("c", "find_order", {"id": "a-1"}),
        ),
        call("find_order", id="Z-9"),
        text("It was delivered.", tokens=7),
    )

    assert target.send(session, 1, "Where is A-1?") is None
    assert target.answer(session, 1) is None
    Turns(model).run()
    answer = target.answer(session, 1)

    assert answer is not None
    assert (answer.text, answer.tool_calls) == ("It was delivered.", 4)
    assert (answer.input_tokens, answer.output_tokens) == (9, 9)
    completed = payloads(api, url_id(session), "tool.completed")
    found = [(one.get("matched"), one.get("recorded"), one.get("error")) for one in completed]
    assert found[:3] == [("order", 0, None), (None, None, None), ("order", 1, None)]
    assert found[3][0] == "none"
    assert str(found[3][2]).startswith(
        "no_recorded_answer: find_order: no call with these arguments"
    )
    assert [tool.name for tool in model.requests[0].tools] == [
        "calculator",
        "find_order",
        "refund_order_3062a7c3",
    ]


def test_recorded_calls_are_used_up_across_turns(api: Gateway, target: AgentTarget) -> None:
    session = opened(api, target)
    look = call("find_order", id="A-1")
    turns = Turns(Model(look, text("On its way."), look, text("Delivered.")))
    target.send(session, 1, "Where is it?")
    turns.run()
    target.send(session, 2, "And now?")
    turns.run()

    outputs = [entry.output for entry in target.read(session).entries if isinstance(entry, Called)]
    assert outputs == [{"status": "shipped"}, {"status": "delivered"}]


def test_conversation_has_the_sequences_of_its_events(api: Gateway, target: AgentTarget) -> None:
    session = opened(api, target)
    target.send(session, 1, "Where is B-2?")
    Turns(Model(call("find_order", "One moment.", id="B-2"), text("Not found."))).run()

    found = target.read(session)

    asked, moment, called, said = found.entries
    assert asked == Said("user", "Where is B-2?", 1)
    assert isinstance(moment, Said)
    assert isinstance(called, Called)
    assert (called.error, called.matched) == ("no such order", "exact")
    assert isinstance(said, Said)
    assert said.text == "Not found."
    events = {
        e["sequence"]: e for e in api("GET", f"/v1/sessions/{url_id(session)}/events").json["data"]
    }
    assert events[called.sequence]["type"] == "tool.started"
    assert events[said.sequence]["type"] == "output.message.completed"
    assert (found.totals.turns, found.totals.tool_calls) == (1, 1)


@pytest.mark.usefixtures("_hosts")
def test_remote_and_client_tools_are_never_called(api: Gateway, target: AgentTarget) -> None:
    with mcp_server() as gone:
        pass
    with mcp_server() as server:
        capabilities = [
            {"ref": "mcp:weather", "config": {"url": server.url}},
            {"ref": "mcp:gone", "config": {"url": gone.url}},
        ]
        session = opened(api, target, capabilities=capabilities, tools=[CLIENT_TOOL])
        model = Model(
            calls(("a", "forecast", {"city": "Oslo"}), ("b", "open_door", {})), text("Sorry.")
        )
        target.send(session, 1, "Weather?")
        Turns(model).run()

        assert target.answer(session, 1) is not None
        assert server.calls == []
        assert "tool.call_requested" not in types(api, url_id(session))
        errors = [one["error"] for one in payloads(api, url_id(session), "tool.completed")]
        assert all(one.startswith("no_recorded_answer: ") for one in errors)
        offered = {one.name: one for one in model.requests[0].tools}
        assert offered["forecast"].description == "Weather of a city."
        assert {"open_door", "find_order"} <= offered.keys()


@pytest.fixture
def _hosts(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OUTGOING_HOSTS", "127.0.0.1")
    forget_process_state()
    yield
    forget_process_state()


def test_answer_of_a_turn_with_large_results_is_found(api: Gateway, target: AgentTarget) -> None:
    agent = new_agent(api)
    report = {"read_report": {"output": "x" * 90_000}}
    session = replace(simulated(api, {"agent_id": agent["id"]}), world=report)
    target.open(session)
    target.send(session, 1, "Sum up the reports.")
    reads = calls(*((f"c{n}", "read_report", {"page": n}) for n in range(13)))
    Turns(Model(reads, text("All is well."))).run()
    answer = target.answer(session, 1)
    assert answer is not None
    assert (answer.text, answer.tool_calls) == ("All is well.", 13)


def test_end_of_a_turn_names_the_simulation(api: Gateway, target: AgentTarget) -> None:
    session = opened(api, target)
    turns = Turns(Model(text("Hi")))
    target.send(session, 1, "Hello")
    seen = turns.triggers()
    turns.deliver(*seen)

    changes = [change_of(one) for one in stream_records({"Records": turns.stream.read()})]
    [details] = [one.details for one in changes if one and one.name == "turn.completed"]
    assert details["simulation"] == {"run_id": str(session.run_id), "number": 3}
    assert details["session_id"] == url_id(session)


def test_repeated_operations_change_nothing(api: Gateway, target: AgentTarget) -> None:
    session = opened(api, target)
    target.open(session)
    assert target.send(session, 1, "Hello") is None
    assert target.send(session, 1, "Hello") is None
    Turns(Model(text("Hi"))).run()
    repeated = target.send(session, 1, "Hello")
    assert repeated is not None
    assert repeated.text == "Hi"
    assert types(api, url_id(session)).count("input.message") == 1


def test_turn_that_fails_for_a_passing_reason_is_repeated(
    api: Gateway, target: AgentTarget
) -> None:
    session = opened(api, target)
    turns = Turns(Model(ModelFailed("busy", retryable=True), text("Hi")))
    target.send(session, 1, "Hello")
    turns.run()
    assert target.answer(session, 1) is None
    turns.run()
    answer = target.answer(session, 1)
    assert answer is not None
    assert answer.text == "Hi"
    assert [e.text for e in target.read(session).entries if isinstance(e, Said)] == ["Hello", "Hi"]


@pytest.mark.parametrize(("retryable", "attempts"), [(True, 3), (False, 1)])
def test_turn_that_keeps_failing_fails_the_target(
    api: Gateway, target: AgentTarget, *, retryable: bool, attempts: int
) -> None:
    session = opened(api, target)
    turns = Turns(Model(ModelFailed("the model is gone", retryable=retryable)))
    target.send(session, 1, "Hello")
    for _ in range(attempts - 1):
        turns.run()
        assert target.answer(session, 1) is None
    turns.run()
    with pytest.raises(TargetFailed, match="the model is gone"):
        target.answer(session, 1)


def test_agent_archived_in_mid_run_is_not_opened_again(api: Gateway, target: AgentTarget) -> None:
    session = opened(api, target)
    assert api("DELETE", f"/v1/agents/{session.target['agent_id']}").status == 204
    target.send(session, 1, "Hello")
    Turns(Model(text("Hi"))).run()
    assert target.answer(session, 1) is not None
    with pytest.raises(TargetFailed, match="agent was archived"):
        target.open(simulated(api, session.target))
    with pytest.raises(TargetFailed, match="agent was deleted"):
        target.open(simulated(api, {"agent_id": f"agent_{7:032x}"}))


def test_cancelled_turn_and_deleted_session_fail_the_target(
    api: Gateway, target: AgentTarget
) -> None:
    session = opened(api, target)
    target.send(session, 1, "Hello")
    target.stop(session)
    with pytest.raises(TargetFailed, match="cancelled"):
        target.answer(session, 1)
    assert api("DELETE", f"/v1/sessions/{url_id(session)}").status == 204
    target.stop(session)
    target.open(session)
    for operation in (lambda: target.send(session, 2, "Hi"), lambda: target.read(session)):
        with pytest.raises(TargetFailed, match="deleted"):
            operation()


@pytest.mark.parametrize("agent_id", ["agent_0", f"agent_{7:032x}"])
def test_check_refuses_unknown_agents(api: Gateway, target: AgentTarget, agent_id: str) -> None:
    with pytest.raises(InvalidInput, match=r"target\.agent_id"):
        target.check(api.organization_id, {"agent_id": agent_id})


def test_check_refuses_agents_of_others_and_archived_ones(
    api: Gateway, other_api: Gateway, target: AgentTarget
) -> None:
    agent = new_agent(api)
    target.check(api.organization_id, {"agent_id": agent["id"]})
    with pytest.raises(InvalidInput, match="no agent"):
        target.check(other_api.organization_id, {"agent_id": agent["id"]})
    api("DELETE", f"/v1/agents/{agent['id']}")
    with pytest.raises(InvalidInput, match=r"target\.agent_id"):
        target.check(api.organization_id, {"agent_id": agent["id"]})


def test_fork_of_a_simulated_session_is_no_part_of_the_run(
    api: Gateway, target: AgentTarget
) -> None:
    session = opened(api, target)
    target.send(session, 1, "Hello")
    turns = Turns(Model(text("Hi")))
    turns.run()
    model = Model(text("Again"))
    fork = api("POST", f"/v1/sessions/{url_id(session)}/fork", {"at_sequence": 1})
    assert fork.status == 201
    turns.context = replace(turns.context, provider=lambda _: model)
    turns.run()
    assert [tool.name for tool in model.requests[0].tools] == ["calculator"]
