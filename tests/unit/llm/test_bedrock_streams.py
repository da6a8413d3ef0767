"""Bedrock provider: text, tool calls and failures of a ConverseStream response."""

from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import EventStreamError
from urllib3.exceptions import ProtocolError

from shared.llm.port import ModelFailed, TokenUsage, ToolCall
from tests.unit.llm.stubbed_bedrock import Stubbed, request


class Stream(list[dict[str, Any]]):
    """Event stream of the SDK."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def text_delta(text: str, index: int = 0) -> dict[str, Any]:
    return {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"text": text}}}


def tool_use(index: int, *inputs: str) -> list[dict[str, Any]]:
    start = {"toolUse": {"toolUseId": f"t{index}", "name": "calculator"}}
    return [
        {"contentBlockStart": {"contentBlockIndex": index, "start": start}},
        *(
            {
                "contentBlockDelta": {
                    "contentBlockIndex": index,
                    "delta": {"toolUse": {"input": text}},
                }
            }
            for text in inputs
        ),
    ]


END: list[dict[str, Any]] = [
    {"messageStop": {"stopReason": "end_turn"}},
    {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2}, "metrics": {"latencyMs": 1}}},
]


def streaming(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, *events: dict[str, Any]) -> Stream:
    stream = Stream(events)
    answers = {"converse_stream": lambda **_: {"stream": stream}}
    monkeypatch.setattr(stubbed.model, "_client", SimpleNamespace(**answers))
    return stream


def test_streamed_text_is_handed_on(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [*tool_use(1, '{"e": ', '"2+2"}'), *tool_use(2), *tool_use(3, '{"e')]
    stream = streaming(
        stubbed, monkeypatch, text_delta("Hel"), text_delta(""), text_delta("lo"), *calls, *END
    )
    heard: list[str] = []

    answer = stubbed.model.answer(request(on_text=heard.append))

    assert heard == ["Hel", "Hello"]
    assert answer.text == "Hello"
    first, second, third = answer.tool_calls
    assert (first, second) == (
        ToolCall("t1", "calculator", {"e": "2+2"}),
        ToolCall("t2", "calculator", {}),
    )
    assert "no JSON object" in str(third.error)
    assert answer.usage == TokenUsage(input_tokens=3, output_tokens=2)
    assert stream.is_closed


def test_exception_of_the_listener_stops_the_stream(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = streaming(stubbed, monkeypatch, text_delta("Hel"), *END)

    def stop(text: str) -> None:
        raise KeyError(text)

    with pytest.raises(KeyError, match="Hel"):
        stubbed.model.answer(request(on_text=stop))
    assert stream.is_closed


def test_stream_that_ends_early_fails(stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch) -> None:
    streaming(stubbed, monkeypatch, text_delta("Hel"))
    with pytest.raises(ModelFailed, match="broke off") as failed:
        stubbed.model.answer(request(on_text=lambda _: None))
    assert failed.value.retryable


def test_slow_stream_is_stopped_at_the_time_limit(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    streaming(stubbed, monkeypatch, *(text_delta("word ") for _ in range(100)))
    with pytest.raises(ModelFailed, match="in time") as failed:
        stubbed.model.answer(request(on_text=lambda _: stubbed.pauses.append(1), time_limit=10))
    assert failed.value.retryable
    assert len(stubbed.pauses) == 10


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            EventStreamError({"Error": {"Code": "throttlingException"}}, "ConverseStream"),
            "too many",
        ),
        (ProtocolError("the connection broke"), "does not answer"),
    ],
)
def test_error_within_a_stream_fails_without_repeating_text(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    class Broken(Stream):
        def __iter__(self) -> Any:
            yield text_delta("Hel")
            raise error

    heard: list[str] = []
    answers = {"converse_stream": lambda **_: {"stream": Broken()}}
    monkeypatch.setattr(stubbed.model, "_client", SimpleNamespace(**answers))
    with pytest.raises(ModelFailed, match=words) as failed:
        stubbed.model.answer(request(on_text=heard.append))
    assert failed.value.retryable
    assert heard == ["Hel"]


def test_arguments_that_take_too_long_are_stopped(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"toolUse": {"input": " "}}}}
    stream = streaming(stubbed, monkeypatch, *[piece] * 100)
    monkeypatch.setattr(stubbed.model, "_monotonic", count().__next__)
    with pytest.raises(ModelFailed, match="in time"):
        stubbed.model.answer(request(on_text=lambda _: None, time_limit=20))
    assert stream.is_closed
