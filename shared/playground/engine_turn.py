"""A turn while it runs: what happened so far, and the limits it is held to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.clock import timestamp
from shared.core.errors import DomainError
from shared.core.json import dumps
from shared.playground import events
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_ports import Agent, Role, ToolAnswer, Tools
from shared.playground.engine_state import AnyEvent, State, evolve
from shared.playground.engine_values import Unfit, at_path, filled, fit
from shared.playground.graph import ToolRef
from shared.sessions.models import NewEvent

#: Bytes that one turn may bring to the log. They are answered at once, in 6 MB at most, in
#: which what was said stands twice and characters are escaped (up to three bytes a byte).
MAX_TURN_BYTES = 700_000
MAX_TURN_EVENTS = 2_000


class TurnFailed(DomainError):
    """A turn that came to no end. Its state is dropped; the one before it stays.

    Attributes
    ----------
    code
        The signal: ``max_steps_exceeded``, ``routing_error: <node>``, …
    retryable
        Whether the same input may well get through another time.
    events
        What had happened until then, for who watches; no log keeps it.
    """

    def __init__(self, message: str, *, code: str, retryable: bool = False) -> None:
        super().__init__(message, code=code)
        self.retryable = retryable
        self.events: tuple[NewEvent, ...] = ()


class NodeFailed(Exception):
    """A node cannot be finished: its failure path is taken. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a turn needs beside graph, state and input.

    Attributes
    ----------
    now
        When the turn begins.
    elapsed_ms
        Tells the milliseconds since then.
    """

    agent: Agent
    tools: Tools
    now: datetime
    elapsed_ms: Callable[[], int] = lambda: 0


class Turn:
    """A turn that is under way: each event changes the state as it is emitted."""

    def __init__(self, graph: RunnableGraph, state: State, around: Surroundings) -> None:
        self.graph = graph
        self.state = state
        self.around = around
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
        """All that was said in this turn, a line each."""
        said = (event.data["text"] for event in self.events if event.type == _SAID)
        return "\n".join(said)

    def spoken(self) -> tuple[tuple[Role, str], ...]:
        """Return what was said in this turn so far, by whom and in which words."""
        return said_in(self.events)

    def emit(self, kind: str, **data: Any) -> None:
        """Add an event. Raises :class:`TurnFailed` where the turn outgrows its limits."""
        context: dict[str, Any] = {"turn": self._number, "ms": self.around.elapsed_ms()}
        if not self.events:
            context["started_at"] = timestamp(self.around.now)
        event = NewEvent(type=kind, data=data, context=context)
        self._bytes += len(dumps(data).encode())
        if self._bytes > MAX_TURN_BYTES or len(self.events) >= MAX_TURN_EVENTS:
            raise TurnFailed("The turn brings more than one turn may.", code="turn_too_large")
        self.events.append(event)
        self.state = evolve(self.state, event)

    def say(self, node_id: str, text: str) -> None:
        """Say a text to the user, its variables filled; of nothing, nothing."""
        if text := filled(text, self.values):
            self.emit(_SAID, text=text, node_id=node_id)

    def say_as_is(self, node_id: str, text: str) -> None:
        """Say what an agent said: braces in it are its own."""
        if text:
            self.emit(_SAID, text=text, node_id=node_id)

    def signal(self, signal: str) -> None:
        self.emit(events.SIGNAL, signal=signal)

    def call(self, tool: str, arguments: dict[str, Any]) -> ToolAnswer:
        """Call a tool, and log both the call and its answer."""
        self._calls += 1
        identifier = f"call_{self._number}_{self._calls}"
        self.emit(events.TOOL_CALLED, tool_call_id=identifier, tool=tool, arguments=arguments)
        answer = self.around.tools.call(tool, arguments, self.state.used.get(tool, ()))
        told: dict[str, Any] = (
            {"output": answer.output} if answer.error is None else {"error": answer.error}
        )
        if answer.delay_ms:
            told["delay_ms"] = answer.delay_ms
        if answer.recorded is not None:
            told["recorded"] = answer.recorded
        self.emit(events.TOOL_ANSWERED, tool_call_id=identifier, tool=tool, **told)
        return answer

    def bind(self, tool: ToolRef | str | None, bindings: dict[str, str], output: Any) -> None:
        """Set variables from a tool's output; what has no value there, or does not fit, not."""
        own = tool.output_bindings if isinstance(tool, ToolRef) else {}
        found = {name: at_path(output, path) for name, path in {**own, **bindings}.items()}
        self.write(found)

    def write(self, wanted: dict[str, Any]) -> dict[str, str]:
        """Set variables. Return why some of them were not, by name."""
        fitting: dict[str, Any] = {}
        refused: dict[str, str] = {}
        for name, value in wanted.items():
            variable = self.graph.variable(name)
            try:
                if variable.source == "system":
                    raise Unfit("only the service sets it")
                fitting[name] = fit(variable, value)
            except Unfit as reason:
                refused[name] = str(reason)
        if fitting or refused:
            skipped = {"skipped": refused} if refused else {}
            self.emit(events.CONTEXT_SET, set=fitting, **skipped)
        return refused


_SAID = events.ASSISTANT_MESSAGE
_ROLES: dict[str, Role] = {events.USER_MESSAGE: "user", _SAID: "agent"}


def said_in(log: Iterable[AnyEvent]) -> tuple[tuple[Role, str], ...]:
    """Return what was said in a log, by whom and in which words."""
    return tuple((_ROLES[event.type], event.data["text"]) for event in log if event.type in _ROLES)
