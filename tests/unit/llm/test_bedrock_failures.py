"""Bedrock provider: errors of AWS and of the connection; retries and their limits."""

from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from shared.llm.port import ChatMessage, ModelFailed
from tests.unit.llm.stubbed_bedrock import HI, Stubbed, request, response


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 429),
        ("ModelTimeoutException", 408),
        ("ModelNotReadyException", 429),
        ("InternalServerException", 500),
        ("ServiceUnavailableException", 503),
    ],
)
def test_transient_error_is_retried_after_a_pause(stubbed: Stubbed, code: str, status: int) -> None:
    stubbed.fail(code, status)
    stubbed.expect(response({"text": "Hello"}))

    assert stubbed.model.answer(request()).text == "Hello"
    assert len(stubbed.pauses) == 1
    assert 0 <= stubbed.pauses[0] <= 1


def test_lasting_throttling_raises_a_retryable_failure(stubbed: Stubbed) -> None:
    for _ in range(4):
        stubbed.fail("ThrottlingException", 429)

    with pytest.raises(ModelFailed, match="too many requests") as failed:
        stubbed.model.answer(request())
    assert failed.value.retryable
    assert len(stubbed.pauses) == 3
    stubbed.stub.assert_no_pending_responses()


def test_expired_time_limit_prevents_a_retry(stubbed: Stubbed) -> None:
    stubbed.fail("ThrottlingException", 429)
    with pytest.raises(ModelFailed):
        stubbed.model.answer(request(time_limit=0))
    assert stubbed.pauses == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "not allowed"),
        ("ValidationException", "rejects"),
        ("ResourceNotFoundException", "does not exist"),
        ("ModelErrorException", "failed"),
        ("SomethingNewException", "rejected"),
    ],
)
def test_permanent_error_is_not_retried(stubbed: Stubbed, code: str, message: str) -> None:
    stubbed.fail(code)
    with pytest.raises(ModelFailed, match=message) as failed:
        stubbed.model.answer(request())
    assert not failed.value.retryable
    assert "as AWS words it" not in failed.value.reason
    assert stubbed.pauses == []


def test_connection_failure_is_retried_and_retryable(
    stubbed: Stubbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = count(1)

    def silent(**_: Any) -> None:
        next(tries)
        raise ConnectTimeoutError(endpoint_url="https://bedrock")

    monkeypatch.setattr(stubbed.stub.client, "converse", silent)
    with pytest.raises(ModelFailed, match="does not answer") as failed:
        stubbed.model.answer(request())
    assert failed.value.retryable
    assert next(tries) == 5


def test_request_that_the_sdk_rejects_is_not_retried(stubbed: Stubbed) -> None:
    result = {"type": "tool_result", "tool_call_id": 5, "result": "the id is not a string"}
    with pytest.raises(ModelFailed, match="rejected the request") as failed:
        stubbed.model.answer(request(HI, ChatMessage("tool_result", (result,))))
    assert not failed.value.retryable
    assert stubbed.pauses == []
