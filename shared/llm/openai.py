"""OpenAI provider: Chat Completions of any compatible server behind the port.

Of a server are shown its host and what it answered; never the key, and no path or header.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from shared.core.backoff import Backoff, Sleep
from shared.core.json import dumps, loads_strict
from shared.core.observability import logger
from shared.llm.http_call import NoConnection, Response, TimedOut, TooLong, send
from shared.llm.listener import Listener
from shared.llm.openai_answers import Unreadable, parse_completion
from shared.llm.openai_messages import request_body
from shared.llm.openai_refusals import Refusal, refusal_of, unsupported_feature
from shared.llm.openai_stream import Accumulator, BrokenOff, ErrorEvent
from shared.llm.port import ModelAnswer, ModelFailed, ModelRequest
from shared.secrets.store import SecretUnavailable

#: Tries of one request; jitter separates throttled functions.
_RETRIES = Backoff(tries=4, first=1.0, longest=8.0)
_HEADERS = {
    "content-type": "application/json",
    "accept": "application/json, text/event-stream",
    "accept-encoding": "identity",
    "user-agent": "agent-sessions",
}
_NONSENSE = "it is no Chat Completion; check the model's base URL, which often ends in /v1"


class _Transient(Exception):
    """Failure that a retry may cure; ``pause`` is in seconds, None for a back-off."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pause = pause


class _Unsupported(Exception):
    """Request with a feature that the server does not support."""

    def __init__(self, feature: str) -> None:
        super().__init__(feature)
        self.feature = feature


@dataclass(frozen=True, slots=True)
class _Sent:
    """Body and key of an attempt; no message may show the key."""

    body: dict[str, Any]
    key: str


class OpenAIModel:
    """:class:`~shared.llm.port.LanguageModel` that calls an OpenAI-compatible server.

    ``base_url`` is used as it is; ``key`` returns the API key, or nothing for a server without.
    Features that the server refuses are left out from then on.
    """

    def __init__(
        self,
        base_url: str,
        key: Callable[[], str] = str,
        sleep: Sleep = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._key = key
        self._sleep = sleep
        self._monotonic = monotonic
        self._unsupported: set[str] = set()
        parts = urlsplit(base_url)
        self._host = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    def answer(self, request: ModelRequest) -> ModelAnswer:
        """Call up to four times within the time limit; only transient errors are retried.

        A stream of which text was handed on is not repeated.
        """
        started = self._monotonic()
        deadline = started + request.time_limit
        key = self._read_key()
        failures = 0
        while True:
            try:
                return self._try(request, key, deadline)
            except _Unsupported as unsupported:
                logger.info("the model's server lacks a feature", extra={"lacks": str(unsupported)})
                self._unsupported.add(unsupported.feature)
            except TimedOut as error:
                raise self._failed("no answer in time", failures + 1, started) from error
            except _Transient as transient:
                failures += 1
                pause = transient.pause
                pause = _RETRIES.pause(failures) if pause is None else pause
                if failures == _RETRIES.tries or self._monotonic() + pause >= deadline:
                    raise self._failed(transient.reason, failures, started) from transient
                self._sleep(pause)

    def _failed(self, last: str, attempts: int, started: float) -> ModelFailed:
        """Return the failure of a turn after the last attempt."""
        seconds = self._monotonic() - started
        tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
        reason = f"The model at {self._host} does not answer: {tries} in {seconds:.0f} s; {last}."
        logger.warning("the model does not answer", extra={"reason": reason})
        return ModelFailed(reason, retryable=True)

    def _read_key(self) -> str:
        try:
            key = self._key()
        except SecretUnavailable as error:
            # Its text names the operator's parameter, which is in the log.
            logger.warning("the model's key is not available", extra={"reason": str(error)})
            reason = "The key of the model cannot be read; ask the operator."
            raise ModelFailed(reason, retryable=True) from error
        if not (key.isascii() and key.isprintable()):
            reason = "The key of the model has characters that no header may have."
            raise ModelFailed(reason, retryable=False)
        return key

    def _try(self, request: ModelRequest, key: str, deadline: float) -> ModelAnswer:
        try:
            fields = request_body(request, self._unsupported)
            body = dumps(fields).encode()
        except ValueError as error:  # NaN in a result or a schema
            reason = "The conversation has a number that JSON cannot express."
            raise ModelFailed(reason, retryable=False) from error
        sent = _Sent(fields, key)
        headers = _HEADERS | ({"authorization": f"Bearer {key}"} if key else {})
        listener = Listener(request.on_text)
        seconds = deadline - self._monotonic()
        try:
            with send("POST", self._url, headers=headers, body=body, seconds=seconds) as response:
                if response.status != HTTPStatus.OK:
                    raise self._refused(response, sent)
                return self._read(response, request, listener)
        except (NoConnection, BrokenOff) as error:
            last = str(error) if isinstance(error, NoConnection) else "the answer broke off"
            if listener.has_heard:
                reason = f"The answer of the model at {self._host} broke off."
                raise ModelFailed(reason, retryable=True) from error
            raise _Transient(f"last error: {last}") from error
        except ErrorEvent as error:
            raise self._classified(refusal_of(error.error), sent, listener) from error
        except TooLong as error:
            raise ModelFailed("The model's answer is too large.", retryable=False) from error

    def _read(self, response: Response, request: ModelRequest, listener: Listener) -> ModelAnswer:
        """Return the answer in a response of status 200, streamed or complete."""
        content_type = response.headers.get("content-type", "")
        try:
            if "event-stream" in content_type.lower():
                pieces = listener.watch(response.chunks)
                return Accumulator(request, listener.hear).read(pieces)
            body = _json_object(response.body())
            if body.get("error") and not body.get("choices"):
                raise ErrorEvent(body["error"])
            return parse_completion(body, request)
        except Unreadable as error:
            kind = content_type.partition(";")[0] or "no content type"
            logger.warning("the model's answer is invalid", extra={"reason": str(error)})
            reason = f"The answer of {self._host} cannot be read (200, {kind}): {_NONSENSE}."
            raise ModelFailed(reason, retryable=False) from error

    def _refused(self, response: Response, sent: _Sent) -> Exception:
        """Return what to raise for a response of another status than 200."""
        try:
            body = _json_object(response.body())
        except Unreadable:
            body = {}
        refusal = refusal_of(body, response.status)
        return self._classified(refusal, sent, None, response.headers.get("retry-after"))

    def _classified(
        self,
        refusal: Refusal,
        sent: _Sent,
        listener: Listener | None,
        retry_after: str | None = None,
    ) -> Exception:
        feature = unsupported_feature(refusal, sent.body)
        if feature:
            return _Unsupported(feature)
        extra = {"status": refusal.status, "host": self._host}
        logger.warning("the model rejected the request", extra=extra)
        if refusal.is_transient and not (listener and listener.has_heard):
            return _Transient(f"last answer: {refusal.status}", _seconds(retry_after))
        reason = f"The model at {self._host} {refusal.sentence}"
        if sent.key:
            reason = reason.replace(sent.key, "[key]")
        return ModelFailed(reason, retryable=refusal.is_transient)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = loads_strict(body)
    except ValueError as error:
        raise Unreadable(f"it is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unreadable("it is no JSON object")
    return value


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds of a Retry-After, which has seconds or a date; None for another form."""
    if not retry_after:
        return None
    if retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        return max(parsedate_to_datetime(retry_after).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return None
