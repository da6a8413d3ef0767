"""Questions to a model with one JSON object as the answer, asked once more if it is unusable."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shared.core.errors import Unavailable
from shared.core.json import loads_strict
from shared.core.observability import logger
from shared.llm.port import (
    NO_USAGE,
    ChatMessage,
    LanguageModel,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    Role,
    TokenUsage,
)

#: Seconds that a second try needs, at least.
_SHORTEST_TRY = 3.0


class Unusable(Exception):
    """Answer that cannot be used; ``correction`` is what the model is told before its next try."""

    def __init__(self, correction: str) -> None:
        super().__init__(correction)
        self.correction = correction


@dataclass(frozen=True, slots=True)
class Asked[T]:
    """Value of a usable answer, None without one, and the tokens of all tries."""

    value: T | None
    usage: TokenUsage = NO_USAGE


class Asking:
    """Model that is asked for JSON; ``name`` is the provider's model id."""

    def __init__(
        self, model: LanguageModel, name: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._model = model
        self._monotonic = monotonic

    def ask[T](self, request: ModelRequest, parse: Callable[[str], T]) -> Asked[T]:
        """Return the parsed answer: two calls of the model within the request's time, at most.

        ``parse`` raises :class:`Unusable`; the model is then told why. Raises ``Unavailable``
        (``model_unavailable``) if the model fails.
        """
        deadline = self._monotonic() + request.time_limit
        answer = self._call(request)
        try:
            return Asked(parse(answer.text), answer.usage)
        except Unusable as error:
            self._log()
            left = deadline - self._monotonic()
            if left < _SHORTEST_TRY:
                return Asked(None, answer.usage)
            again = (said("agent", answer.text or "(nothing)"), said("user", error.correction))
        second = self._call(replace(request, messages=(*request.messages, *again), time_limit=left))
        usage = answer.usage + second.usage
        try:
            return Asked(parse(second.text), usage)
        except Unusable:
            self._log()
            return Asked(None, usage)

    def _call(self, request: ModelRequest) -> ModelAnswer:
        try:
            return self._model.answer(request)
        except ModelFailed as failed:
            raise Unavailable(failed.reason, code="model_unavailable") from failed

    def _log(self) -> None:
        # The correction may quote the conversation: it is not logged.
        logger.warning("unusable answer of a simulation's model", extra={"model": self.name})


def said(role: Role, text: str) -> ChatMessage:
    """Return a message of text."""
    return ChatMessage(role, ({"type": "text", "text": text},))


def json_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object in a text, or None."""
    try:
        value = loads_strict(text[text.find("{") : text.rfind("}") + 1])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
