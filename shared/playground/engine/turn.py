"""Turn in progress: its events so far, its state, and its limits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.errors import DomainError
from shared.core.json import dumps
from shared.playground.engine import events
from shared.playground.engine.ports import Agent, Role, ToolAnswer, Tools
from shared.playground.engine.runnable_graph import RunnableGraph
from shared.playground.engine.state import AnyEvent, State, evolve
from shared.playground.engine.values import InvalidValue, convert, fill_placeholders, value_at_path
from shared.playground.graph import ToolRef
from shared.sessions.domain import NewEvent

#: Bytes of event data per turn. One response of at most 6 MB carries them, with every reply
#: twice and characters escaped (up to three bytes per byte).
MAX_TURN_BYTES = 700_000
MAX_TURN_EVENTS = 2_000

_ROLES: dict[str, Role] = {events.USER_MESSAGE: "user", events.ASSISTANT_MESSAGE: "agent"}


class TurnFailed(DomainError):
    """Failure of a turn; its state is discarded and the previous one stays.

    ``code`` is the signal (``max_steps_exceeded``, ``routing_error: <node>``, …), ``retryable``
    True if the same input may succeed later. ``events`` came before the failure; they are for
    display only and not stored.
    """

    def __init__(self, message: str, *, code: str, retryable: bool = False) -> None:
        super().__init__(message, code=code)
        self.retryable = retryable
        self.events: tuple[NewEvent, ...] = ()


class NodeFailed(Exception):
    """Failure of a node, so that its failure path is taken; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnContext:
    """Dependencies of a turn; ``elapsed_ms`` counts the milliseconds since ``now``, its start."""

    agent: Agent
    tools: Tools
    now: datetime
    elapsed_ms: Callable[[], int] = lambda: 0


class Turn:
    """Turn in progress; each emitted event updates the state."""

    def __init__(self, graph: RunnableGraph, state: State, context: TurnContext) -> None:
        self.graph = graph
        self.state = state
        self.context = context
        self.events: list[NewEvent] = []
        self.steps = 0
        self._number = state.turn + 1
        self._calls = 0
        self._bytes = 0

    @property
    def values(self) -> dict[str, Any]:
        return self.state.variables

    @property
    def reply(self) -> str:
        """Everything said to the user in this turn, one line per message."""
        return "\n".join(text for role, text in messages(self.events) if role == "agent")

    def emit(self, kind: str, **data: Any) -> None:
        """Add an event. Raises :class:`TurnFailed` if the turn exceeds its limits."""
        context: dict[str, Any] = {"turn": self._number, "ms": self.context.elapsed_ms()}
        if not self.events:
            context["started_at"] = timestamp(self.context.now)
        event = NewEvent(type=kind, data=data, context=context)
        self._bytes += len(dumps(data).encode())
        if self._bytes > MAX_TURN_BYTES or len(self.events) >= MAX_TURN_EVENTS:
            raise TurnFailed(
                f"turn: must not exceed {MAX_TURN_BYTES} bytes or {MAX_TURN_EVENTS} events;"
                " return less from tools.",
                code="turn_too_large",
            )
        self.events.append(event)
        self.state = evolve(self.state, event)

    def say(self, node_id: str, text: str) -> None:
        """Send a text to the user, placeholders filled; an empty text is skipped."""
        self.say_verbatim(node_id, fill_placeholders(text, self.values))

    def say_verbatim(self, node_id: str, text: str) -> None:
        """Send an agent's text to the user; braces in it are no placeholders."""
        if text:
            self.emit(events.ASSISTANT_MESSAGE, text=text, node_id=node_id)

    def signal(self, signal: str) -> None:
        self.emit(events.SIGNAL, signal=signal)

    def call(self, tool: str, arguments: dict[str, Any]) -> ToolAnswer:
        """Call a tool, and log both the call and its answer."""
        self._calls += 1
        identifier = f"call_{self._number}_{self._calls}"
        self.emit(events.TOOL_CALLED, tool_call_id=identifier, tool=tool, arguments=arguments)
        used = self.state.used_recordings.get(tool, ())
        answer = self.context.tools.call(tool, arguments, used)
        data: dict[str, Any] = (
            {"output": answer.output} if answer.error is None else {"error": answer.error}
        )
        if answer.delay_ms:
            data["delay_ms"] = answer.delay_ms
        if answer.recorded is not None:
            data["recorded"] = answer.recorded
        if answer.matched is not None:
            data["matched"] = answer.matched
        self.emit(events.TOOL_ANSWERED, tool_call_id=identifier, tool=tool, **data)
        return answer

    def bind(self, tool: ToolRef | str | None, bindings: dict[str, str], output: Any) -> None:
        """Set variables from a tool's output; absent and invalid values are skipped."""
        own = tool.output_bindings if isinstance(tool, ToolRef) else {}
        paths = {**own, **bindings}
        self.write({name: value_at_path(output, path) for name, path in paths.items()})

    def write(self, values: dict[str, Any]) -> dict[str, str]:
        """Set variables. Return the reasons for those that were rejected, by name."""
        accepted: dict[str, Any] = {}
        rejected: dict[str, str] = {}
        for name, value in values.items():
            variable = self.graph.variable(name)
            try:
                if variable.source == "system":
                    raise InvalidValue("only the service sets it")
                accepted[name] = convert(variable, value)
            except InvalidValue as reason:
                rejected[name] = str(reason)
        if accepted or rejected:
            skipped = {"skipped": rejected} if rejected else {}
            self.emit(events.CONTEXT_SET, set=accepted, **skipped)
        return rejected


def messages(log: Iterable[AnyEvent]) -> tuple[tuple[Role, str], ...]:
    """Return role and text of every message in a log."""
    return tuple((_ROLES[event.type], event.data["text"]) for event in log if event.type in _ROLES)
