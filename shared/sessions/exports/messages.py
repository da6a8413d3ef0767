"""Messages of an exported session: its steps, grouped as model APIs have them."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.sessions.forms.steps import Answered, Called, Instructed, Step, Steps, Thought
from shared.sessions.transcript import AssistantSaid, UserSaid


class Role(StrEnum):
    """Author of a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. An assistant's may have a thought and calls, a tool's has an answer."""

    role: Role
    at: datetime | None
    text: str = ""
    thought: str = ""
    calls: tuple[Called, ...] = ()
    answer: Answered | None = None


class CallIds:
    """Identifiers of calls, of which each is used once, so that answers find their calls."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._open: dict[str, deque[tuple[str, str]]] = defaultdict(deque)

    def call(self, called: Called) -> Called:
        """Return a call with an identifier that no earlier call has."""
        own = called.identifier
        while not own or own in self._used:
            own = f"{own or 'call'}-{len(self._used) + 1}"
        self._used.add(own)
        self._open[called.identifier].append((called.tool, own))
        return replace(called, identifier=own)

    def answer(self, answered: Answered) -> Answered:
        """Return an answer with the identifier of its call, unchanged if it has none."""
        pending = self._open.get(answered.identifier)
        if not pending:
            return answered
        same = (one for one in pending if one[0] == answered.tool)
        found = pending[0] if answered.identifier else next(same, pending[0])
        pending.remove(found)
        return replace(answered, identifier=found[1])


def messages_of(steps: Steps, ids: CallIds) -> Iterator[Message]:
    """Yield the messages of the steps of one event.

    A thought belongs to the message behind it; calls belong to the text ahead of them.
    """
    pending: Message | None = None
    for step, at in zip(steps.steps, steps.times, strict=True):
        if pending is not None and isinstance(step, Called) and pending.role is Role.ASSISTANT:
            pending = replace(pending, calls=(*pending.calls, ids.call(step)))
        elif pending is not None and isinstance(step, AssistantSaid) and _is_thought(pending):
            pending = replace(pending, text=step.text)
        else:
            if pending is not None:
                yield pending
            pending = _message(step, at, ids)
    if pending is not None:
        yield pending


def _is_thought(message: Message) -> bool:
    return bool(message.thought) and not (message.text or message.calls)


def _message(step: Step, at: datetime | None, ids: CallIds) -> Message:
    """Return the message that a step begins."""
    match step:
        case UserSaid(text):
            return Message(role=Role.USER, at=at, text=text)
        case Instructed(text):
            return Message(role=Role.SYSTEM, at=at, text=text)
        case Answered():
            return Message(role=Role.TOOL, at=at, answer=ids.answer(step))
        case Thought(text):
            return Message(role=Role.ASSISTANT, at=at, thought=text)
        case AssistantSaid(text):
            return Message(role=Role.ASSISTANT, at=at, text=text)
        case Called():
            return Message(role=Role.ASSISTANT, at=at, calls=(ids.call(step),))
