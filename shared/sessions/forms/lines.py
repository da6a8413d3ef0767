"""Lines of a capture: one conversation each, in any known form."""

from datetime import datetime
from typing import Any

from shared.core.errors import InvalidInput
from shared.sessions.forms import event_log, langsmith, opentelemetry
from shared.sessions.forms.content import Texts
from shared.sessions.forms.histories import step_key
from shared.sessions.forms.messages import read_messages
from shared.sessions.forms.parts import text_of_all
from shared.sessions.forms.steps import Instructed, Step, Steps, refuse
from shared.sessions.forms.times import parse_time
from shared.sessions.transcript import AssistantSaid

#: Keys of a list of messages: of OpenAI and most others, ShareGPT, Responses, Gemini, ADK.
_LISTS = ("messages", "conversations", "conversation", "items", "contents", "events")
#: Keys of the instructions, if they are not among the messages.
INSTRUCTIONS = (
    "system", "system_prompt", "systemInstruction", "system_instruction", "instructions",
)  # fmt: skip
#: Keys of the beginning of the conversation, for messages without times.
TIMES = ("created_at", "createdAt", "create_time", "created", "timestamp", "start_time")
_RUN = (
    "run_type", "name", "inputs", "outputs", "child_runs", "start_time", "end_time", "error",
    "parent_run_id",
)  # fmt: skip
_RESPONSE = ("input", "output")


def read_line(line: dict[str, Any]) -> tuple[Steps, dict[str, Any]]:
    """Return the steps of a line, and the fields of the line that they were read from.

    Raises ``InvalidInput`` that names the field and its rule.
    """
    steps = Steps()
    source = _pick(line, (*INSTRUCTIONS, *TIMES))
    for key in INSTRUCTIONS:
        if (text := line.get(key)) is not None:
            parts = text["parts"] if isinstance(text, dict) and "parts" in text else text
            steps.add(Instructed(text_of_all(parts)))
    content = _content(line)
    started = next((key for key in TIMES if line.get(key) not in (None, "", 0)), None)
    own = Steps()
    events = content.get("events")
    if isinstance(events, list) and events and event_log.matches(events[0]):
        began = parse_time(started, line[started]) if started else None
        _read_log(own, events, began)
    else:
        _read(own, content)
    _check_beside(line, content, own)
    steps.extend(own)
    steps.agent = own.agent
    agent = line.get("app_name") or line.get("appName")
    if isinstance(agent, str) and steps.agent is None and "events" in content:
        steps.agent = agent
    if steps.agent is not None:
        source["app_name"] = steps.agent
    if started and not any(steps.times) and steps.times:
        steps.times[0] = parse_time(started, line[started])
    return steps, source | content


def _content(line: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with the conversation; ``messages`` goes first."""
    if line.get("messages") is not None:
        return _pick(line, ("messages",))
    if langsmith.matches(line):
        return _pick(line, _RUN)
    found = _pick(line, ("runs", *_LISTS, *opentelemetry.KEYS))
    if not found:
        found = _pick(line, _RESPONSE)
    if not found:
        refuse("messages", "must be a non-empty list")
    if (
        len(found) > 1
        and not found.keys() <= {*_RESPONSE}
        and not found.keys() <= {*opentelemetry.KEYS}
    ):
        names = list(found)
        refuse(names[1], f"must not stand beside {names[0]}: a line has one conversation")
    return found


def _check_beside(line: dict[str, Any], content: dict[str, Any], steps: Steps) -> None:
    """Refuse a second place for the conversation, unless it has nothing else than the first."""
    name = next(iter(content))
    if "run_type" in content:  # a run has events, inputs and outputs of its own
        return
    places = {
        key: {key: line[key]}
        for key in ("runs", *_LISTS, *opentelemetry.KEYS, *_RESPONSE)
        if line.get(key) and key not in content and not _is_reference(key, line[key])
    }
    if langsmith.matches(line):
        places["run_type"] = _pick(line, _RUN)
    known = Texts(text for step in steps.steps if (text := getattr(step, "text", None)))
    keys = {step_key(step) for step in steps.steps}
    for key, place in places.items():
        if not all(
            known.contain(step.text) if hasattr(step, "text") else step_key(step) in keys
            for step in _steps_in(place)
        ):
            refuse(key, f"must not stand beside {name}: a line has one conversation")


def _is_reference(key: str, value: Any) -> bool:
    """Return whether a value is the identifier of a conversation, as in OpenAI's Responses."""
    identifier = value.get("id") if isinstance(value, dict) and list(value) == ["id"] else value
    return key == "conversation" and isinstance(identifier, str) and " " not in identifier


def _steps_in(place: dict[str, Any]) -> list[Step]:
    """Return the steps of a second place; of one in no known form its texts."""
    found = Steps()
    try:
        _read(found, place if "run_type" in place else {k: _listed(v) for k, v in place.items()})
    except InvalidInput:
        return [AssistantSaid(text) for text in langsmith.leaves_of(place)]
    return found.steps


def _listed(value: Any) -> Any:
    """Return a message without its list as a list of one."""
    return [value] if isinstance(value, dict) else value


def _read(steps: Steps, content: dict[str, Any]) -> None:
    if "run_type" in content:
        return langsmith.read(steps, "", [content])
    if content.keys() <= {*_RESPONSE}:
        for key, value in content.items():
            if isinstance(value, str):
                steps.say(value, by_user=key == "input")
            else:
                read_messages(steps, key, _list(key, value))
        return None
    lists = {key: _list(key, value) for key, value in content.items()}
    [(key, values)] = list(lists.items())[:1]
    if key == "runs":
        return langsmith.read(steps, key, values)
    if key not in _LISTS or any(map(opentelemetry.matches, values)):
        for own, records in lists.items():
            opentelemetry.read(steps, own, records)
        return None
    return read_messages(steps, key, values)


def _read_log(steps: Steps, events: list[Any], began: datetime | None) -> None:
    log = event_log.EventLog(began)
    for number, event in enumerate(events):
        log.read(steps, f"events.{number}", event)


def _list(key: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        refuse(key, "must be a non-empty list")
    return value


def _pick(line: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: line[key] for key in keys if line.get(key) is not None}
