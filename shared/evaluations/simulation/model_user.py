"""Model user: a simulated user that a language model plays."""

from collections.abc import Sequence
from typing import Literal

from shared.core.errors import Unavailable
from shared.core.json import loads
from shared.evaluations.simulation.domain import (
    CRITERIA_MET,
    GOAL_ACHIEVED,
    Exchange,
    SimulatedCase,
    SimulatedMessage,
)
from shared.llm.port import ChatMessage, LanguageModel, ModelFailed, ModelRequest

#: Seconds for the model: API Gateway waits 29, and the turn must still be recorded.
_TIME_LIMIT = 24.0
_TASK = f"""\
You play a user who talks to an assistant that is being tested. Stay in your role: you write
the user's messages only, in the language and manner of the user, one short message at a time.
Answer with one JSON object and nothing else: {{"message": "...", "stopping_reason": null}}.
Set "stopping_reason" to "{GOAL_ACHIEVED}" once the assistant has given you what your goal asks
for, or to "{CRITERIA_MET}" once one of the stopping criteria holds; your message is then the
last one, and may be empty."""
_BEGIN = "(The conversation begins. Write your first message.)"
_SILENCE = "(The assistant gave no answer.)"


class ModelUser:
    """A :class:`~shared.evaluations.simulation.domain.SimulatedUser` that calls a model."""

    def __init__(self, model: LanguageModel, name: str) -> None:
        self._model = model
        self._name = name

    @property
    def version(self) -> str:
        return f"model-1:{self._name}"

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return the model's message. Raises ``Unavailable`` if it fails or returns none."""
        request = ModelRequest(
            model=self._name,
            system_prompt=prompt(case),
            messages=_messages(exchanges),
            time_limit=_TIME_LIMIT,
        )
        try:
            message = _parse(self._model.answer(request).text)
        except ModelFailed as failed:
            raise Unavailable(failed.reason, code="model_unavailable") from failed
        if not message.text and not message.stopping_reason:
            raise Unavailable(
                "The simulator's model returned no message; retry.", code="model_unavailable"
            )
        return message


def prompt(case: SimulatedCase) -> str:
    """Return the model's instructions: its task and the test case."""
    sections = {
        "Who you are": case.persona,
        "Your situation": case.scenario,
        "Your goal": case.goal,
        "Stopping criteria": "\n".join(f"- {one}" for one in case.stopping_criterias),
    }
    parts = [f"{name}:\n{text}" for name, text in sections.items() if text]
    return "\n\n".join([_TASK, *parts])


def _messages(exchanges: Sequence[Exchange]) -> tuple[ChatMessage, ...]:
    """Return the conversation with the roles reversed: the product's answers are the user's."""
    messages = [_message("user", _BEGIN)]
    for exchange in exchanges:
        messages.append(_message("agent", exchange.message or _BEGIN))
        messages.append(_message("user", exchange.answer or _SILENCE))
    return tuple(messages)


def _message(role: Literal["user", "agent"], text: str) -> ChatMessage:
    return ChatMessage(role, ({"type": "text", "text": text},))


def _parse(text: str) -> SimulatedMessage:
    """Parse the JSON object in a text; a text without one is the message."""
    begin, end = text.find("{"), text.rfind("}")
    try:
        answer = loads(text[begin : end + 1])
        message, reason = answer.get("message"), answer.get("stopping_reason")
    except (ValueError, AttributeError):
        return SimulatedMessage(text.strip())
    known = reason if reason in (GOAL_ACHIEVED, CRITERIA_MET) else None
    return SimulatedMessage(str(message or "").strip(), known)
