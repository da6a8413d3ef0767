"""Sessions of traces: what becomes of spans, in whatever order they arrive."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.gateway import Gateway
from tests.support.traces import Tracing, span, text, turn

TRACES = [f"{number:x}" * 32 for number in (10, 11, 12)]
LOG = [
    "user: Where is A-1?",
    'agent: get_order {"n": 1}',
    "tool.started: get_order",
    "get_order -> late 1",
    "agent: Answer 1.",
]
LATER = [
    "user: And A-2?",
    'agent: get_order {"n": 2}',
    "tool.started: get_order",
    "get_order -> late 2",
    "agent: Answer 2.",
]


def conversation() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the spans of two turns of a conversation, a trace each."""
    first, history = turn(TRACES[0], 1, "Where is A-1?", [])
    second, _ = turn(TRACES[1], 2, "And A-2?", history)
    return first, second


def test_turn_is_a_session_of_its_conversation(tracing: Tracing) -> None:
    tracing.capture(*conversation()[0])

    [session] = tracing.sessions()
    assert tracing.told(session) == LOG
    assert session["title"] == "c"
    assert session["usage"]["input_tokens"] == 20
    assert session["status"] == "idle"
    message = tracing.events(session)[0]["data"]["message"]
    assert message["metadata"] == {"instructions": "You look after orders.", "models": ["m-1"]}
    [agent] = tracing.api("GET", "/v1/agents").json["data"]
    assert (agent["name"], agent["system_prompt"]) == ("Desk", "You look after orders.")
    times = [one["ts"] for one in tracing.events(session)]
    assert times[0].startswith("2026-03-01T09:01:41")
    assert times == sorted(times)


def test_traces_of_a_conversation_are_one_session(tracing: Tracing) -> None:
    first, second = conversation()
    tracing.capture(*first)
    tracing.capture(*second)

    [session] = tracing.sessions()
    assert tracing.told(session) == LOG + LATER
    assert session["usage"]["output_tokens"] == 12


def test_trace_without_conversation_is_a_session(tracing: Tracing) -> None:
    tracing.capture(*turn(TRACES[0], 1, "Where is A-1?", [], None)[0])

    [session] = tracing.sessions()
    assert session["title"] == TRACES[0]
    assert tracing.told(session) == LOG


def test_trace_whose_conversation_becomes_known_later_moves_to_it(tracing: Tracing) -> None:
    agent, *inner = conversation()[0]
    tracing.capture(*inner)
    [before] = tracing.sessions()

    tracing.capture(agent)

    [session] = tracing.sessions()
    assert session["id"] != before["id"]
    assert tracing.told(session) == LOG
    # The purge of the session that moved leaves the spans of the one that it became part of.
    tracing.purge(before)
    tracing.capture(*conversation()[1])
    assert tracing.told(session) == LOG + LATER


def test_span_that_is_late_is_put_in_its_place(tracing: Tracing) -> None:
    first, second = conversation()
    tracing.capture(*first[:1], *second)
    tracing.capture(*first[1:])

    [session] = tracing.sessions()
    assert tracing.told(session) == LOG + LATER


def test_repeated_request_writes_nothing(tracing: Tracing) -> None:
    first, _ = conversation()
    tracing.capture(*first)
    before = tracing.sessions(), tracing.api.organization_id

    tracing.capture(*first)
    tracing.capture(*first)

    assert tracing.sessions() == before[0]


def test_trace_with_two_conversations_belongs_to_that_of_its_first_span(tracing: Tracing) -> None:
    first, _ = conversation()
    later = span(TRACES[0], 99, "chat", 900, 1, gen_ai__conversation__id="a",
                 gen_ai__input__messages=[text("user", "Bye")])  # fmt: skip
    tracing.capture(later)
    assert [one["title"] for one in tracing.sessions()] == ["a"]

    tracing.capture(*first)

    [session] = tracing.sessions()
    assert session["title"] == "c"
    assert tracing.told(session) == [*LOG, "user: Bye"]


def spans_of_all() -> list[dict[str, Any]]:
    first, second = conversation()
    alone, _ = turn(TRACES[2], 3, "Hello", [], None)
    other = span(TRACES[2], 77, "GET /", 301, 1, http__request__method="GET")
    return [*first, *second, *alone, other]


ALL = spans_of_all()
#: Sessions of the first order; those of all others are the same.
EXPECTED: dict[str, Any] = {}


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[int]]:
    """Return requests: positions of spans, each at least once, in any order."""
    order = draw(st.permutations(range(len(ALL))))
    again = draw(st.lists(st.sampled_from(order), max_size=4))
    positions = [*order, *again]
    cuts = sorted(draw(st.sets(st.integers(1, len(positions) - 1), max_size=4)))
    return [positions[a:b] for a, b in zip([0, *cuts], [*cuts, len(positions)], strict=True)]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries(), st.lists(st.booleans(), min_size=5, max_size=5), st.data())
def test_any_order_split_and_repetition_gives_the_same_sessions(
    api: Gateway, requests: list[list[int]], assembled: list[bool], data: st.DataObject
) -> None:
    tracing = Tracing(Gateway())

    for positions, now in zip(requests, assembled, strict=False):
        assert tracing.export(*(ALL[one] for one in positions)).json == {}
        if now and tracing.held:
            assert tracing.assemble(data.draw(st.sampled_from(tracing.held))) == []
    assert tracing.assemble(*data.draw(st.permutations(tracing.held))) == []

    told = tracing.all_told()
    assert [one["title"] for one in told] == ["c", TRACES[2]]
    EXPECTED.setdefault("sessions", told)
    assert told == EXPECTED["sessions"]
