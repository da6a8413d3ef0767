"""Events of a session as they come: a stream that ends, read again from where it ended."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from . import output
from .client import Api, Query
from .kinds import Kind, Message, agent_message, path_of, short

#: Seconds between two reads of a stream.
_PAUSE = 0.5
#: Events that neither reader prints.
_FRAMES = ("connected", "disconnecting")
#: Events after which no turn of a session runs.
_IDLE = {Kind.AGENT: ("session.idled",), Kind.PLAYGROUND: ("complete", "pending_approval", "error")}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream."""

    name: str
    id: str | None
    data: Any


@dataclass(slots=True)
class Stream:
    """Events of a session, from the one behind ``since`` on."""

    api: Api
    kind: Kind
    session: UUID
    since: str | None = None
    pause: float = _PAUSE

    def read(self) -> list[Event]:
        """Return the events that are new; without any, the server waits some seconds."""
        query: Query = {"since_id": self.since}
        path = f"{path_of(self.kind, self.session)}/sse"
        events = list(parse(self.api.send("GET", path, query=query).text))
        for event in events:
            self.since = event.id or self.since
        return [event for event in events if event.name not in _FRAMES]


def parse(text: str) -> Iterator[Event]:
    """Yield the events of a stream (HTML standard, section 9.2)."""
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        for row in block.split("\n"):
            name, _, value = row.partition(":")
            fields[name] = value.removeprefix(" ")
        if "data" in fields:
            yield Event(
                fields.get("event", "message"), fields.get("id"), json.loads(fields["data"])
            )


def follow(stream: Stream, *, until_idle: bool, as_json: bool) -> None:
    """Print events until the session is idle, or for ever."""
    printer = Printer(stream.kind)
    while True:
        events = stream.read()
        for event in events:
            if as_json:
                output.document({"event": event.name, "id": event.id, "data": event.data})
            else:
                printer.print(event)
        names = [event.name for event in events]
        if until_idle and (not names or names[-1] in _IDLE[stream.kind]):
            return
        time.sleep(stream.pause)


class Printer:
    """Prints events for people: messages, tool calls, failures, and text while it is written."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        #: Characters printed of a message in progress.
        self._partial = 0

    def print(self, event: Event) -> None:
        """Print one event; those without news for people are left out."""
        if self._kind is Kind.PLAYGROUND:
            self._print_turn(event)
            return
        name, data = event.name, event.data.get("data", {})
        if name == "output.message.delta":
            whole = str(data.get("accumulated", ""))
            self._write(whole[self._partial :], begins=not self._partial)
            self._partial = len(whole)
        elif name in ("input.message", "output.message.completed", "tool.completed"):
            for one in _messages(name, data):
                self._finish(one)
        elif name in ("turn.failed", "turn.cancelled"):
            reason = data.get("error") or data.get("reason") or ""
            output.message(name.removeprefix("turn."), short(reason))

    def _print_turn(self, event: Event) -> None:
        data = event.data
        if event.name == "delta" and "live" not in data:  # the stored one replaces a live one
            output.message("agent", str(data.get("text", "")))
        elif event.name in ("error", "pending_approval"):
            output.message(event.name.replace("_", " "), short(data.get("message", data)))
        elif event.name == "complete":
            output.message("step", str(data.get("current_step_id") or "end"))

    def _write(self, text: str, *, begins: bool) -> None:
        output.write(("agent: " if begins else "") + output.visible(text))

    def _finish(self, message: Message) -> None:
        """Print a message, or only the rest of one whose text was printed while it was written."""
        if self._partial and message.role == "agent":
            output.write(output.visible(message.text[self._partial :]) + "\n")
        else:
            output.message(message.role, message.text)
        self._partial = 0


def _messages(name: str, data: dict[str, Any]) -> Iterator[Message]:
    if name != "tool.completed":
        yield from agent_message(data.get("message", {}))
        return
    result, error = data.get("result"), data.get("error")
    if isinstance(result, list):
        result = "\n".join(short(part.get("text", part)) for part in result)
    yield Message("error", short(error)) if error else Message("result", short(result))
