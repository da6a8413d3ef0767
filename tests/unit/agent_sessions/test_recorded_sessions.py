"""Recorded sessions: conversations of agents that other programs run."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.agents.recorded_sessions import AgentSessionRecorder
from shared.agents.simulated_wiring import session_recorder
from shared.sessions.recorded_worlds.answers import Matched
from shared.simulation.conversation import Called, Conversation, Said
from shared.simulation.recording import ReadCalls
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from tests.support.gateway import Gateway
from tests.support.simulated import simulated
from tests.support.snapshot import stored_items
from tests.support.turns import payloads, types

HI = TargetAnswer(text="Hi", seconds=2.5, input_tokens=3, output_tokens=1)


@dataclass(frozen=True)
class Served:
    """Call of a world."""

    index: int
    tool: str = "find_order"
    arguments: dict[str, Any] = field(default_factory=lambda: {"id": "A-1"})
    output: Any = "shipped"
    error: str | None = None
    matched: Matched = "exact"
    recorded: int | None = 0
    at: datetime = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def behind(*calls: Served) -> ReadCalls:
    def read(index: int) -> Sequence[Served]:
        return [call for call in calls if call.index > index]

    return read


@pytest.fixture
def recorder(api: Gateway) -> AgentSessionRecorder:
    return session_recorder()


@pytest.fixture
def session(api: Gateway, recorder: AgentSessionRecorder) -> SimulatedSession:
    found = simulated(api, {"relay": True})
    recorder.open(found, "Laptop")
    return found


def url_id(session: SimulatedSession) -> str:
    return f"session_{session.session_id.hex}"


def test_turns_are_read_as_they_took_place(
    recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    failed = Served(1, output=None, error="no such order", matched="none", recorded=None)
    recorder.add(session, 1, "Where is A-1?", HI, behind(Served(0)))
    done = TargetAnswer(text="Bye", seconds=1.0, end_reason="ended")
    recorder.add(session, 2, "And B-2?", done, behind(Served(0), failed))

    found = recorder.read(session)

    assert [type(entry) for entry in found.entries] == [Said, Called, Said, Said, Called, Said]
    asked, called, said, _, refused, bye = found.entries
    assert asked == Said("user", "Where is A-1?", 1)
    assert isinstance(called, Called)
    assert (called.tool, called.arguments, called.output) == (
        "find_order",
        {"id": "A-1"},
        "shipped",
    )
    assert (called.matched, called.error) == ("exact", None)
    assert isinstance(said, Said)
    assert (said.role, said.text) == ("agent", "Hi")
    assert isinstance(refused, Called)
    assert (refused.error, refused.matched) == ("no such order", "none")
    assert isinstance(bye, Said)
    assert found.end_reason == "ended"
    totals = found.totals
    assert (totals.turns, totals.tool_calls, totals.seconds) == (2, 2, 3.5)
    assert (totals.input_tokens, totals.slowest_seconds) == (3, 2.5)


def test_session_without_a_turn_is_an_empty_conversation(
    recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    assert recorder.read(session) == Conversation()


def test_answer_has_the_measures_of_its_turn(
    recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    assert recorder.answer(session, 1) is None
    recorder.add(session, 1, "Hello", HI, behind(Served(0)))
    found = recorder.answer(session, 1)
    assert found == TargetAnswer(
        text="Hi", seconds=2.5, input_tokens=3, output_tokens=1, tool_calls=1
    )
    assert recorder.answer(session, 2) is None


def test_session_is_read_exported_and_drafted_from(
    api: Gateway, recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    recorder.add(session, 1, "Where is A-1?", HI, behind(Served(0)))
    url = f"/v1/sessions/{url_id(session)}"

    stored = api("GET", url).json
    assert (stored["title"], stored["status"]) == ("Refund", "idle")
    assert set(session.tags) <= set(stored["tags"])
    assert stored["usage"]["input_tokens"] == 3
    assert api("GET", f"/v1/agents/{stored['agent_id']}").json["name"] == "Laptop"
    messages = api("GET", f"{url}/messages").json["data"]
    assert [one["role"] for one in messages] == ["user", "agent", "tool_result", "agent"]
    [completed] = payloads(api, url_id(session), "tool.completed")
    assert (completed["matched"], completed["recorded"]) == ("exact", 0)
    draft = api("POST", "/v1/scenarios/draft-from-session", {"session_id": url_id(session)})
    assert draft.status == 200, draft.text


def test_repeated_operations_change_nothing(
    recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    recorder.add(session, 1, "Hello", HI, behind(Served(0)))
    before = stored_items()

    recorder.open(session, "Laptop")
    other = TargetAnswer(text="Something else")
    again = recorder.add(session, 1, "Hello", other, behind(Served(0), Served(1)))
    recorder.fail(session, 1, "Hello", "gone", behind())

    assert again.text == "Hi"
    assert stored_items() == before


def test_concurrent_records_of_a_turn_store_it_once(
    api: Gateway, recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    calls = behind(Served(0))
    with ThreadPoolExecutor(4) as threads:
        answers = list(
            threads.map(lambda _: recorder.add(session, 1, "Hello", HI, calls), range(4))
        )
    assert [one.text for one in answers] == ["Hi"] * 4
    assert types(api, url_id(session)).count("input.message") == 1
    assert types(api, url_id(session)).count("tool.completed") == 1


def test_turn_of_many_large_calls_takes_several_transactions(
    api: Gateway, recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    calls = [Served(index, arguments={"text": "x" * 90_000}) for index in range(40)]
    recorder.add(session, 1, "Hello", HI, behind(*calls))
    recorder.add(session, 2, "Go on", HI, behind(*calls))

    first = recorder.answer(session, 1)

    assert first is not None
    assert first.tool_calls == 40
    assert recorder.read(session).totals.tool_calls == 40
    assert api("GET", f"/v1/sessions/{url_id(session)}").json["status"] == "idle"


def test_interrupted_record_is_completed(
    recorder: AgentSessionRecorder, session: SimulatedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = behind(*(Served(index, arguments={"text": "x" * 90_000}) for index in range(40)))
    append, count = recorder.sessions.append, 0

    def interrupted(*args: Any, **fields: Any) -> Any:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt
        return append(*args, **fields)

    with monkeypatch.context() as patched:
        patched.setattr(recorder.sessions, "append", interrupted)
        with pytest.raises(KeyboardInterrupt):
            recorder.add(session, 1, "Hello", HI, calls)
    assert recorder.answer(session, 1) is None
    recorder.add(session, 1, "Hello", HI, calls)

    entries = recorder.read(session).entries
    assert [type(one) for one in entries] == [Said, *[Called] * 40, Said]
    sequences = [one.sequence or 0 for one in entries]
    assert sequences == sorted(set(sequences))


def test_failed_turn_names_its_reason(
    api: Gateway, recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    recorder.fail(session, 1, "Hello", "The agent is down.", behind(Served(0)))
    with pytest.raises(TargetFailed, match="The agent is down"):
        recorder.answer(session, 1)
    assert types(api, url_id(session))[-1] == "turn.failed"
    entries = recorder.read(session).entries
    assert [type(entry) for entry in entries] == [Said, Called]


def test_deleted_session_fails_the_target(
    api: Gateway, recorder: AgentSessionRecorder, session: SimulatedSession
) -> None:
    assert api("DELETE", f"/v1/sessions/{url_id(session)}").status == 204
    recorder.open(session, "Laptop")
    for operation in (
        lambda: recorder.add(session, 1, "Hello", HI, behind()),
        lambda: recorder.answer(session, 1),
        lambda: recorder.read(session),
    ):
        with pytest.raises(TargetFailed, match="deleted"):
            operation()
