"""Writes of live answers: their cost, their limits, and a table that fails."""

from typing import Any

import pytest

from shared.core.errors import Throttled
from shared.llm.port import ModelAnswer, ModelRequest
from shared.sessions import live_text
from shared.storage.records import Key, body_text
from shared.storage.table import Table
from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import Clock, Model, Turns, answer_texts, events, text
from tests.unit.agent_sessions.live_answers import WORDS, Frames, live_items, stream, writing


def test_turn_without_a_listener_writes_no_text(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    costs = []
    for model in (Model(text(WORDS[-1])), writing(clock, lambda _: None)):
        say(api, session_id, "Count")
        with counted_requests() as counts:
            Turns(model, clock).run()
        costs.append(counts)
    plain, streamed = costs

    assert streamed - plain == {"BatchGetItem": len(WORDS)}
    assert live_items(session_id) == {}


def test_answer_within_a_second_costs_no_request_more(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    def write(request: ModelRequest) -> ModelAnswer:
        assert request.on_text is not None
        for words in WORDS:
            clock.forward(0.2)
            request.on_text(words)
        return text(WORDS[-1])

    costs = []
    for model in (Model(text(WORDS[-1])), Model(write)):
        say(api, session_id, "Count")
        stream(api, session_id)
        with counted_requests() as counts:
            Turns(model, clock).run()
        costs.append(counts)

    assert costs[0] == costs[1]


def test_long_text_is_written_less_often(api: Gateway, session_id: str, clock: Clock) -> None:
    page = "word " * 8_000  # 40 KB: a write each five seconds
    written: list[str] = []

    def look(_: int) -> None:
        stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")
        if "text#live" in (items := live_items(session_id)):
            written.append(body_text(items["text#live"]))

    say(api, session_id, "Count")
    Turns(writing(clock, look, *(page + str(n) for n in range(10))), clock).run()

    assert 3 <= len(set(written)) <= 4


def test_text_beyond_the_limit_is_not_written(
    api: Gateway, session_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_text, "MAX_BYTES", 8)
    seen: Frames = []

    def look(_: int) -> None:
        query = f"?since_id={events(api, session_id)[-1]['id']}"
        seen.extend(stream(api, session_id, query))

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert {one["data"]["accumulated"] for one in seen} == {"One two"}
    assert answer_texts(api, session_id) == [WORDS[-1]]


@pytest.mark.parametrize("request_of_table", ["get_many", "put", "delete"])
def test_failing_table_does_not_fail_the_turn(
    api: Gateway,
    session_id: str,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    request_of_table: str,
) -> None:
    failed: list[int] = []
    request = getattr(Table, request_of_table)

    def throttled(table: Table, what: Any, **options: Any) -> Any:
        if isinstance(what, Key) and what.partition.endswith("#turns"):
            return request(table, what, **options)  # of the turn's slot
        failed.append(1)
        raise Throttled("The service is receiving too many requests; retry shortly.")

    def look(number: int) -> None:
        if number == 0:
            stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")
            monkeypatch.setattr(Table, request_of_table, throttled)

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert failed
    assert answer_texts(api, session_id) == [WORDS[-1]]
