"""A language model as the simulated user, by the port that agents' turns use."""

import json
from collections.abc import Sequence
from typing import Literal

from shared.core.errors import Unavailable
from shared.evaluations.simulation import (
    CRITERIA_MET,
    GOAL_ACHIEVED,
    Exchange,
    SimulatedCase,
    SimulatedMessage,
)
from shared.llm.port import ChatMessage, LanguageModel, ModelFailed, ModelRequest

#: Seconds for the model: API Gateway waits 29, and the turn is still to be recorded.
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
    """A :class:`~shared.evaluations.simulation.SimulatedUser` that asks a model."""

    def __init__(self, model: LanguageModel, name: str) -> None:
        self._model = model
        self._name = name

    @property
    def version(self) -> str:
        return f"model-1:{self._name}"

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return what the model says. Raises ``Unavailable`` when it says nothing."""
        request = ModelRequest(
            model=self._name,
            system_prompt=prompt(case),
            messages=_messages(exchanges),
            time_limit=_TIME_LIMIT,
        )
        try:
            said = _read(self._model.answer(request).text)
        except ModelFailed as failed:
            raise Unavailable(failed.reason, code="model_unavailable") from failed
        if not said.text and not said.stopping_reason:
            raise Unavailable("The simulator's model said nothing.", code="model_unavailable")
        return said


def prompt(case: SimulatedCase) -> str:
    """Return what the model is told of its task and of the test case."""
    told = {
        "Who you are": case.persona,
        "Your situation": case.scenario,
        "Your goal": case.goal,
        "Stopping criteria": "\n".join(f"- {one}" for one in case.stopping_criterias),
    }
    parts = [f"{name}:\n{text}" for name, text in told.items() if text]
    return "\n\n".join([_TASK, *parts])


def _messages(exchanges: Sequence[Exchange]) -> tuple[ChatMessage, ...]:
    """Return the conversation as the simulated user sees it: the product speaks to it."""
    messages = [_message("user", _BEGIN)]
    for exchange in exchanges:
        messages.append(_message("agent", exchange.message or _BEGIN))
        messages.append(_message("user", exchange.answer or _SILENCE))
    return tuple(messages)


def _message(role: Literal["user", "agent"], text: str) -> ChatMessage:
    return ChatMessage(role, ({"type": "text", "text": text},))


def _read(text: str) -> SimulatedMessage:
    """Read the object that was asked for; a model that just talks is taken at its word."""
    begin, end = text.find("{"), text.rfind("}")
    try:
        told = json.loads(text[begin : end + 1])
        message, reason = told.get("message"), told.get("stopping_reason")
    except (ValueError, AttributeError):
        return SimulatedMessage(text.strip())
    known = reason if reason in (GOAL_ACHIEVED, CRITERIA_MET) else None
    return SimulatedMessage(str(message or "").strip(), known)
