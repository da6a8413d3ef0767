"""Lists of messages: each is read by the first form that it matches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.sessions.forms import adk, chat, langchain, responses, sharegpt
from shared.sessions.forms.steps import Steps, refuse
from shared.sessions.forms.times import time_of


@dataclass(frozen=True, slots=True)
class Form:
    """A form of messages, detected by structure."""

    matches: Callable[[dict[str, Any]], bool]
    read: Callable[[Steps, str, dict[str, Any]], None]


#: In this order: a form must not match the messages of a later one.
FORMS = (
    Form(langchain.matches, langchain.read),
    Form(sharegpt.matches, sharegpt.read),
    Form(adk.matches, adk.read),
    Form(chat.matches, chat.read),
    Form(responses.matches, responses.read),
)


def read_messages(steps: Steps, path: str, messages: list[Any]) -> None:
    """Add messages. Raises ``InvalidInput`` that names the first one of no known form."""
    left_out = adk.superseded(messages)
    for number, message in enumerate(messages):
        if number not in left_out:
            read_message(steps, f"{path}.{number}", message)


def read_message(steps: Steps, path: str, message: Any) -> None:
    """Add a message with its time."""
    if not isinstance(message, dict):
        refuse(path, "must be an object")
    form = next((form for form in FORMS if form.matches(message)), None)
    steps.at = _time(path, message)
    if form is None:
        # As for a role that is unknown: the chat form is the one to write by hand.
        chat.read(steps, path, message)
    else:
        form.read(steps, path, message)


def _time(path: str, message: dict[str, Any]) -> Any:
    """Return the time of a message, or of the message in it."""
    nested = [(path, message)]
    for key in ("data", "kwargs", "additional_kwargs", "response_metadata"):
        for outer, fields in [*nested]:
            if isinstance(fields.get(key), dict):
                nested.append((f"{outer}.{key}", fields[key]))
    times = (time_of(outer, fields) for outer, fields in nested)
    return next((at for at in times if at is not None), None)
