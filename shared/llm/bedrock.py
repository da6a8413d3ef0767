"""Bedrock provider: the Converse API behind the port. The only module that calls Bedrock."""

import time
from collections.abc import Callable
from typing import Any, Self

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.session import get_session
from urllib3.exceptions import HTTPError

from shared.core.backoff import Backoff, Sleep
from shared.core.observability import logger
from shared.llm.bedrock_messages import converse_arguments, parse_response
from shared.llm.bedrock_stream import read_stream
from shared.llm.listener import Listener
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
    "ModelStreamErrorException": "The model failed on this conversation.",
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
        self._unforced: set[str] = set()

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
        """Call up to four times within the time limit; only transient errors are retried.

        A stream of which text was handed on is not repeated.
        """
        try:
            arguments = converse_arguments(request, forced=request.model not in self._unforced)
        except ValueError as error:  # NaN in a result
            raise ModelFailed(_REJECTED, retryable=False) from error
        deadline = self._monotonic() + request.time_limit
        for failures in range(1, _RETRIES.tries + 1):
            listener = Listener(request.on_text, lambda: self._check_time(deadline))
            try:
                return self._try(request, arguments, listener)
            except (ClientError, BotoCoreError, HTTPError) as error:
                if _refuses_force(error, arguments):
                    self._unforced.add(request.model)
                    return self.answer(request)
                failure = _failure(error)
                pause = _RETRIES.pause(failures)
                last = failures == _RETRIES.tries or self._monotonic() + pause >= deadline
                if last or listener.has_heard or not failure.retryable:
                    raise failure from error
                self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _try(
        self, request: ModelRequest, arguments: dict[str, Any], listener: Listener
    ) -> ModelAnswer:
        if request.on_text is None:
            return _parsed(self._client.converse(**arguments), request)
        stream = self._client.converse_stream(**arguments)["stream"]
        try:
            response = read_stream(listener.watch(stream), listener.hear)
        finally:
            stream.close()
        if response is None:
            raise ModelFailed("The answer of the model broke off.", retryable=True)
        return _parsed(response, request)

    def _check_time(self, deadline: float) -> None:
        if self._monotonic() >= deadline:
            raise ModelFailed("The model did not answer in time; retry.", retryable=True)


def _parsed(response: dict[str, Any], request: ModelRequest) -> ModelAnswer:
    try:
        return parse_response(response, request)
    except ValueError as error:  # NaN in a structured answer
        raise ModelFailed("The model's answer is no valid JSON.", retryable=True) from error


def _refuses_force(error: Exception, arguments: dict[str, Any]) -> bool:
    """Return whether a model cannot be forced to call a tool, as some families cannot."""
    return (
        "toolChoice" in arguments.get("toolConfig", {})
        and isinstance(error, ClientError)
        and error.response["Error"]["Code"] == "ValidationException"
        and "toolchoice" in str(error).lower().replace(" ", "").replace("_", "")
    )


def _failure(error: ClientError | BotoCoreError | HTTPError) -> ModelFailed:
    """Return the failure of a turn for an error of the SDK."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        code = code[:1].upper() + code[1:]  # within a stream they begin in lower case
        logger.warning("the model rejected the request", extra={"code": code, "reason": str(error)})
        if code in _TRANSIENT:
            return ModelFailed(_TRANSIENT[code], retryable=True)
        return ModelFailed(_PERMANENT.get(code, _REJECTED), retryable=False)
    # Within a stream the SDK passes on the errors of its transport.
    if isinstance(error, BotoConnectionError | HTTPClientError | HTTPError):
        logger.warning("the model does not answer", extra={"reason": str(error)})
        return ModelFailed(_NO_ANSWER, retryable=True)
    # The SDK did not send it: Converse has no form for the conversation, or credentials lack.
    logger.error("the request to the model could not be sent", extra={"reason": str(error)})
    return ModelFailed(_REJECTED, retryable=False)
