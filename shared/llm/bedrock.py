"""Bedrock provider: the Converse API behind the port. The only module that calls Bedrock."""

import time
from collections.abc import Callable
from typing import Any, Self

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.session import get_session

from shared.core.backoff import Backoff, Sleep
from shared.core.observability import logger
from shared.llm.bedrock_messages import converse_arguments, parse_response
from shared.llm.port import ModelAnswer, ModelFailed, ModelRequest

#: Tries of one request; jitter separates throttled functions.
_RETRIES = Backoff(tries=4, first=1.0, longest=8.0)

#: Messages to the user for transient errors, by error code.
_TRANSIENT = {
    "ThrottlingException": "The model receives too many requests; retry later.",
    "ServiceQuotaExceededException": "The model's quota is exceeded; retry later.",
    "ModelNotReadyException": "The model is not ready; retry later.",
    "ModelTimeoutException": "The model did not answer in time; retry.",
    "InternalServerException": "The model's service failed; retry.",
    "ServiceUnavailableException": "The model's service is unavailable; retry later.",
}
#: Messages for permanent errors.
_PERMANENT = {
    "AccessDeniedException": "The stack is not allowed to use this model.",
    "ResourceNotFoundException": "The model does not exist in this region.",
    "ValidationException": "The model rejects this conversation.",
    "ModelErrorException": "The model failed on this conversation.",
}
_NO_ANSWER = "The model does not answer; retry later."
_REJECTED = "The model rejected the request."


class BedrockModel:
    """:class:`~shared.llm.port.LanguageModel` that calls Bedrock.

    ``effort`` is ignored: each family of models has its own field for it. An image at a URL
    is not fetched; the model gets the URL.
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

    @classmethod
    def connect(cls, *, read_timeout: float) -> Self:
        """Return a model with a client of its own; ``read_timeout`` is in seconds.

        The SDK's retries are off: :meth:`answer` retries within its time limit.
        """
        config = Config(
            connect_timeout=2,
            read_timeout=read_timeout,
            retries={"mode": "standard", "total_max_attempts": 1},
            tcp_keepalive=True,
        )
        return cls(get_session().create_client("bedrock-runtime", config=config))

    def answer(self, request: ModelRequest) -> ModelAnswer:
        """Call up to four times within the time limit; only transient errors are retried."""
        arguments = converse_arguments(request)
        deadline = self._monotonic() + request.time_limit
        for failures in range(1, _RETRIES.tries + 1):
            try:
                return parse_response(self._client.converse(**arguments))
            except (ClientError, BotoCoreError) as error:
                failure = _failure(error)
                pause = _RETRIES.pause(failures)
                last = failures == _RETRIES.tries or self._monotonic() + pause >= deadline
                if last or not failure.retryable:
                    raise failure from error
                self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")


def _failure(error: ClientError | BotoCoreError) -> ModelFailed:
    """Return the failure of a turn for an error of the SDK."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        logger.warning("the model rejected the request", extra={"code": code, "reason": str(error)})
        if code in _TRANSIENT:
            return ModelFailed(_TRANSIENT[code], retryable=True)
        return ModelFailed(_PERMANENT.get(code, _REJECTED), retryable=False)
    if isinstance(error, BotoConnectionError | HTTPClientError):
        logger.warning("the model does not answer", extra={"reason": str(error)})
        return ModelFailed(_NO_ANSWER, retryable=True)
    # The SDK did not send it: Converse has no form for the conversation, or credentials lack.
    logger.error("the request to the model could not be sent", extra={"reason": str(error)})
    return ModelFailed(_REJECTED, retryable=False)
