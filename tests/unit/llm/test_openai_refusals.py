"""OpenAI provider: answers that are no success and that no retry helps."""

from typing import Any

import pytest

from shared.llm import http_call
from shared.llm.openai import OpenAIModel
from shared.llm.port import ModelFailed
from tests.support.chat_server import ChatServer, completion, http
from tests.unit.llm.conftest import request


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(server: ChatServer, model: OpenAIModel, status: int) -> None:
    server.reply(http(status=status, location="http://169.254.169.254/latest/meta-data/"))
    with pytest.raises(
        ModelFailed, match=rf"redirect \({status}\), which is not followed"
    ) as failed:
        model.answer(request())
    assert not failed.value.retryable
    assert "169.254" not in failed.value.reason
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            400,
            {"error": {"message": "context too long", "param": "messages"}},
            "context too long (messages)",
        ),
        (404, {"error": {"message": "model 'x' not found"}}, "model 'x' not found"),
        (422, {"detail": [{"msg": "Field required"}]}, "Field required"),
        (400, {"error": "does not support tools"}, "does not support tools"),
        (400, {"error": {"message": "x" * 5000}}, "x" * 200),
    ],
)
def test_rejected_request_says_why(
    server: ChatServer, model: OpenAIModel, status: int, body: Any, words: str
) -> None:
    server.reply(http(body, status=status))
    with pytest.raises(ModelFailed) as failed:
        model.answer(request())
    assert not failed.value.retryable
    assert f"rejects the request ({status})" in failed.value.reason
    assert words in failed.value.reason
    assert len(failed.value.reason) < 350


@pytest.mark.parametrize("body", [b"<html>Not Found</html>", b"", b"[]"])
def test_rejected_request_without_json_says_the_status(
    server: ChatServer, model: OpenAIModel, body: bytes
) -> None:
    server.reply(http(body, status=404, content_type="text/html"))
    with pytest.raises(ModelFailed, match=r"rejects the request \(404\)\.$"):
        model.answer(request())


def test_error_in_a_successful_response_is_an_error(
    server: ChatServer, model: OpenAIModel, pauses: list[float]
) -> None:
    server.reply(http({"error": {"message": "busy", "code": 429}}))
    server.reply(http({"error": {"message": "no credits", "code": 402}}))
    with pytest.raises(ModelFailed, match=r"rejects the request \(402\)"):
        model.answer(request())
    assert len(pauses) == 1


def test_answer_above_the_size_limit_fails(
    server: ChatServer, model: OpenAIModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_call, "MAX_RESPONSE", 10_000)
    server.reply(completion("x" * 20_000))
    with pytest.raises(ModelFailed, match="too large") as failed:
        model.answer(request())
    assert not failed.value.retryable


def test_schema_of_a_function_does_not_switch_structured_output_off(
    server: ChatServer, model: OpenAIModel
) -> None:
    server.reply(http({"error": {"message": "Invalid schema for function 'x'"}}, status=400))
    with pytest.raises(ModelFailed, match="Invalid schema for function"):
        model.answer(request(output_schema={"type": "object"}))
    assert len(server.received) == 1
