"""Amazon Bedrock's Converse API behind the port. The only module that names Bedrock."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from shared.core.backoff import Backoff, Sleep
from shared.core.observability import logger
from shared.core.settings import settings
from shared.llm.bedrock_messages import answer_of, converse_arguments
from shared.llm.port import ModelAnswer, ModelFailed, ModelRequest

#: Tries of one question; throttled functions come back apart.
_PATIENCE = Backoff(tries=4, first=1.0, longest=8.0)

#: Errors that may be gone in a moment, and what a user is told of them.
_PASSING = {
    "ThrottlingException": "The model is receiving too many requests; try again shortly.",
    "ServiceQuotaExceededException": "The model's quota is used up; try again later.",
    "ModelNotReadyException": "The model is not ready; try again shortly.",
    "ModelTimeoutException": "The model took too long to answer; try again.",
    "InternalServerException": "The model's service failed; try again.",
    "ServiceUnavailableException": "The model's service is unavailable; try again shortly.",
}
_LASTING = {
    "AccessDeniedException": "The stack may not use this model.",
    "ResourceNotFoundException": "The model does not exist in this region.",
    "ValidationException": "The model does not take this conversation.",
    "ModelErrorException": "The model failed on this conversation.",
}
_SILENT = "The model does not answer; try again shortly."
_REFUSED = "The model refused the request."


class BedrockModel:
    """A :class:`~shared.llm.port.LanguageModel` that asks Bedrock.

    ``effort`` is ignored: each family of models has a field of its own for it. An image at
    a URL is not fetched; the model is told the URL.
    """

    def __init__(
        self,
        client: Any,
        sleep: Sleep = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._monotonic = monotonic

    def answer(self, request: ModelRequest) -> ModelAnswer:
        """Ask up to four times while the time limit lasts; only what may pass is repeated."""
        arguments = converse_arguments(request)
        deadline = self._monotonic() + request.time_limit
        for failures in range(1, _PATIENCE.tries + 1):
            try:
                return answer_of(self._client.converse(**arguments))
            except (ClientError, BotoCoreError) as error:
                failure = _failure(error)
                pause = _PATIENCE.pause(failures)
                last = failures == _PATIENCE.tries or self._monotonic() + pause >= deadline
                if last or not failure.retryable:
                    raise failure from error
                self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")


def _failure(error: ClientError | BotoCoreError) -> ModelFailed:
    """Return what an error of the SDK means to whoever waits for the turn."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        logger.warning("the model refused", extra={"code": code, "reason": str(error)})
        if code in _PASSING:
            return ModelFailed(_PASSING[code], retryable=True)
        return ModelFailed(_LASTING.get(code, _REFUSED), retryable=False)
    if isinstance(error, BotoConnectionError | HTTPClientError):
        logger.warning("the model does not answer", extra={"reason": str(error)})
        return ModelFailed(_SILENT, retryable=True)
    # The SDK did not even send it: a conversation that Converse has no form for, no keys.
    logger.error("the model could not be asked", extra={"reason": str(error)})
    return ModelFailed(_REFUSED, retryable=False)


@cache
def bedrock() -> BedrockModel:
    """Return the model of this process.

    One attempt may take as long as a turn. The SDK's own retries are off: ours know the limit.
    """
    client = boto3.client(
        "bedrock-runtime",
        config=Config(
            connect_timeout=2,
            read_timeout=settings().turn_timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": 1},
            tcp_keepalive=True,
        ),
    )
    return BedrockModel(client)
