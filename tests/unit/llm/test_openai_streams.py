"""OpenAI provider: streamed answers."""

import time
from typing import Any

import pytest

from shared.llm.openai import OpenAIModel
from shared.llm.port import NO_USAGE, ModelFailed, TokenUsage, ToolCall
from tests.support.chat_server import (
    DONE,
    ENDLESS,
    HANG,
    RESET,
    STREAM,
    ChatServer,
    completion,
    event,
    http,
    piece,
)
from tests.unit.llm.conftest import CALCULATOR, request

HELLO = [piece(role="assistant", content=""), piece(content="Hel"), piece(content="lo 🎉")]
USAGE = event({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}})


class Heard(list[str]):
    """Texts that a listener got."""

    def request(self, **fields: Any) -> Any:
        return request(on_text=self.append, **fields)


def test_text_is_handed_on_while_it_arrives(server: ChatServer, model: OpenAIModel) -> None:
    arrived: list[tuple[str, float]] = []
    server.reply(STREAM, HELLO[1], 0.4, HELLO[2], piece("stop"), USAGE, DONE)

    started = time.monotonic()
    answer = model.answer(
        request(on_text=lambda text: arrived.append((text, time.monotonic() - started)))
    )

    assert [text for text, _ in arrived] == ["Hel", "Hello 🎉"]
    assert arrived[0][1] < 0.3 < arrived[1][1]
    assert answer.text == "Hello 🎉"
    assert answer.usage == TokenUsage(input_tokens=3, output_tokens=2)
    assert server.received[0].body["stream"] is True
    assert server.received[0].body["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize("size", [1, 2, 7, 64])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_pieces_may_be_cut_anywhere(
    server: ChatServer, model: OpenAIModel, size: int, newline: bytes
) -> None:
    whole = b": hello\n\nevent: message\n" + b"".join([*HELLO, piece("stop"), USAGE, DONE])
    whole = whole.replace(b"\n", newline)
    chunks = [whole[at : at + size] for at in range(0, len(whole), size)]
    server.reply(STREAM, *chunks)
    heard = Heard()

    assert model.answer(heard.request()).text == "Hello 🎉"
    assert heard == ["Hel", "Hello 🎉"]


def test_chunked_stream_is_read(server: ChatServer, model: OpenAIModel) -> None:
    head = STREAM.replace(b"connection: close", b"transfer-encoding: chunked")
    pieces = [*HELLO, piece("stop"), DONE]
    chunks = [b"%x\r\n%s\r\n" % (len(one), one) for one in pieces]
    server.reply(head, *chunks, b"0\r\n\r\n")
    assert model.answer(Heard().request()).text == "Hello 🎉"


@pytest.mark.parametrize(
    "deltas",
    [
        [
            {"index": 0, "id": "a", "function": {"name": "calculator", "arguments": ""}},
            {"index": 1, "id": "b", "function": {"name": "calculator", "arguments": '{"e'}},
            {"index": 0, "function": {"arguments": '{"expression":'}},
            {"index": 1, "function": {"arguments": 'xpression": "1"}'}},
            {"index": 0, "function": {"arguments": ' "2+2"}'}},
        ],
        # Every call with the index 0, the arguments as object.
        [
            {
                "index": 0,
                "id": "a",
                "function": {"name": "calculator", "arguments": {"expression": "2+2"}},
            },
            {
                "index": 0,
                "id": "b",
                "function": {"name": "calculator", "arguments": '{"expression": "1"}'},
            },
        ],
        # No index; id and name repeated.
        [
            {"id": "a", "function": {"name": "calculator", "arguments": '{"expression"'}},
            {"id": "a", "function": {"name": "calculator", "arguments": ': "2+2"}'}},
            {"id": "b", "function": {"name": "calculator", "arguments": '{"expression": "1"}'}},
        ],
    ],
    ids=["by index", "all index 0", "no index"],
)
def test_tool_calls_are_joined(
    server: ChatServer, model: OpenAIModel, deltas: list[dict[str, Any]]
) -> None:
    pieces = [piece(tool_calls=[delta]) for delta in deltas]
    server.reply(STREAM, *pieces, piece("tool_calls"), DONE)

    answer = model.answer(Heard().request(tools=(CALCULATOR,)))

    assert answer.tool_calls == (
        ToolCall("a", "calculator", {"expression": "2+2"}),
        ToolCall("b", "calculator", {"expression": "1"}),
    )


def test_cut_arguments_are_an_error_of_the_call(server: ChatServer, model: OpenAIModel) -> None:
    delta = {"index": 0, "id": "a", "function": {"name": "calculator", "arguments": '{"expr'}}
    server.reply(STREAM, piece(tool_calls=[delta]), piece("length"), DONE)
    [call] = model.answer(Heard().request()).tool_calls
    assert "were cut" in str(call.error)


def test_stream_without_usage_and_done_is_complete(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(STREAM, *HELLO, piece("stop"))
    answer = model.answer(Heard().request())
    assert (answer.text, answer.usage) == ("Hello 🎉", NO_USAGE)


def test_complete_answer_to_a_stream_request_is_read(
    server: ChatServer, model: OpenAIModel
) -> None:
    server.reply(completion("Hello"))
    heard = Heard()
    assert model.answer(heard.request()).text == "Hello"
    assert heard == []


def test_reasoning_is_not_handed_on(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(STREAM, piece(reasoning_content="hm"), piece("stop", content="4"), DONE)
    heard = Heard()
    assert model.answer(heard.request()).text == "4"
    assert heard == ["4"]


def test_reasoning_without_an_answer_fails(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(STREAM, piece(reasoning="hm"), piece("stop"), DONE)
    with pytest.raises(ModelFailed, match="reasoning and no answer"):
        model.answer(Heard().request())


@pytest.mark.parametrize("error", [KeyError, ValueError, OSError, KeyboardInterrupt])
def test_exception_of_the_listener_stops_the_stream(
    server: ChatServer, model: OpenAIModel, error: type[BaseException]
) -> None:
    def stop(text: str) -> None:
        raise error("enough")

    server.reply(STREAM, *HELLO, HANG)
    started = time.monotonic()
    with pytest.raises(error, match="enough"):
        model.answer(request(on_text=stop))
    assert time.monotonic() - started < 2
    assert len(server.received) == 1


def test_stream_that_breaks_before_any_text_is_repeated(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(STREAM, HELLO[0])
    server.reply(STREAM, HELLO[0], RESET)
    server.reply(STREAM, *HELLO, piece("stop"), DONE)
    assert model.answer(Heard().request()).text == "Hello 🎉"
    assert len(pauses) == 2


@pytest.mark.parametrize("end", [[], [RESET]], ids=["ends", "is reset"])
def test_stream_that_breaks_after_text_is_not_repeated(
    server: ChatServer, model: OpenAIModel, end: list[str]
) -> None:
    server.reply(STREAM, *HELLO, *end)
    with pytest.raises(ModelFailed, match="broke off") as failed:
        model.answer(Heard().request())
    assert failed.value.retryable
    assert len(server.received) == 1


def test_error_within_a_stream_fails(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(STREAM, *HELLO, event({"error": {"message": "out of memory", "code": 500}}))
    with pytest.raises(ModelFailed, match=r"rejects the request \(500\)") as failed:
        model.answer(Heard().request())
    assert failed.value.retryable
    assert len(server.received) == 1


def test_transient_error_before_any_text_is_retried(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(STREAM, event({"error": {"message": "overloaded", "code": 503}}))
    server.reply(STREAM, *HELLO, piece("stop"), DONE)
    assert model.answer(Heard().request()).text == "Hello 🎉"


@pytest.mark.parametrize("data", [b"data: {\n\n", b"data: 5\n\n", b"data: Hello\n\n"])
def test_event_that_is_no_piece_fails(server: ChatServer, model: OpenAIModel, data: bytes) -> None:
    server.reply(STREAM, HELLO[1], data, DONE)
    with pytest.raises(ModelFailed, match="cannot be read"):
        model.answer(Heard().request())


@pytest.mark.parametrize(
    "odd",
    [
        event({"choices": [{"delta": None}]}),
        event({"choices": [None]}),
        event({"choices": "x"}),
        event({"choices": [{"delta": {"tool_calls": "x"}}]}),
        event({"choices": [{"delta": {"tool_calls": [None, {"index": 0, "function": 5}]}}]}),
        event({}),
    ],
)
def test_odd_pieces_are_passed_over(server: ChatServer, model: OpenAIModel, odd: bytes) -> None:
    server.reply(STREAM, HELLO[1], odd, HELLO[2], piece("stop"), DONE)
    assert model.answer(Heard().request()).text == "Hello 🎉"


@pytest.mark.parametrize(
    "steps", [[HANG], [*HELLO, HANG], [ENDLESS]], ids=["silent", "slow", "endless"]
)
def test_stream_that_never_ends_fails_in_time(
    server: ChatServer, model: OpenAIModel, steps: list[Any]
) -> None:
    server.reply(STREAM, *steps)
    started = time.monotonic()
    with pytest.raises(ModelFailed, match="no answer in time") as failed:
        model.answer(Heard().request(time_limit=0.5))
    assert 0.4 < time.monotonic() - started < 2
    assert failed.value.retryable


def test_stream_refused_by_status_is_classified(server: ChatServer, model: OpenAIModel) -> None:
    server.reply(http({"error": {"message": "no such model"}}, status=404))
    with pytest.raises(ModelFailed, match=r"\(404\): no such model"):
        model.answer(Heard().request())


def test_stream_may_begin_with_a_mark_and_end_its_lines_with_cr(
    server: ChatServer, model: OpenAIModel
) -> None:
    whole = b"\xef\xbb\xbf" + b"".join([*HELLO, piece("stop"), DONE]).replace(b"\n", b"\r")
    server.reply(STREAM.replace(b"text/event-stream", b"Text/Event-Stream"), whole)
    assert model.answer(Heard().request()).text == "Hello 🎉"


def test_stream_without_text_can_be_stopped(server: ChatServer, model: OpenAIModel) -> None:
    class Cancelled(Exception):
        pass

    def stop(text: str) -> None:
        assert not text
        raise Cancelled

    steps: list[Any] = [piece(reasoning="hm"), 0.1] * 40
    server.reply(STREAM, *steps, DONE)
    started = time.monotonic()
    with pytest.raises(Cancelled):
        model.answer(request(on_text=stop))
    assert time.monotonic() - started < 2


def test_server_that_refuses_streams_answers_in_one_piece(
    server: ChatServer, model: OpenAIModel
) -> None:
    server.reply(http({"error": {"message": "stream is not supported"}}, status=400))
    server.reply(completion("Hello"))
    assert model.answer(Heard().request()).text == "Hello"
    assert "stream" not in server.received[-1].body
