"""Tool: a function with validated arguments that a model can call.

A tool of this stack changes only its :class:`ToolContext`. The turn writes the changes in the
same transaction as the call's events, so that a turn that another run continues never applies
such a tool twice. A remote tool acts at once, elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.agents.tools.notes import Notes
from shared.llm.port import ToolSpecification

if TYPE_CHECKING:
    from shared.agents.files.staging import StagedFiles
    from shared.sessions.recorded_worlds.answers import Matched


class ToolFailed(Exception):
    """Tool call that failed; the model gets the message, and the turn continues."""


class ToolsUnavailable(Exception):
    """Remote tools that a turn cannot do without; ``retryable`` if a later turn may have them."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedResult:
    """Answer of a recorded world: an output, or an error if it is not None.

    ``index`` is that of the recorded call, ``matched`` the rule that chose it.
    """

    output: Any = None
    error: str | None = None
    matched: "Matched"
    index: int | None = None
    delay_ms: int = 0


class ToolPlace(StrEnum):
    """Place where a tool runs: this function, another server, or the client."""

    FUNCTION = "function"
    REMOTE = "remote"
    CLIENT = "client"


class Arguments(BaseModel):
    """Base of all tool arguments; unknown ones are rejected."""

    model_config = ConfigDict(extra="forbid")


@dataclass(slots=True)
class ToolContext:
    """State that a tool may read and change.

    Attributes
    ----------
    now
        Current time of the turn.
    notes
        Returns the session's notes, read at the first call.
    files
        Returns the session's files; their changes are staged.
    used
        Indexes of the recorded calls that a simulation repeated, by tool; see ``recorded``.
    """

    now: datetime
    notes: Callable[[], Notes]
    files: Callable[[], "StagedFiles"]
    used: dict[str, tuple[int, ...]] = field(default_factory=dict)


class AnyTool(Protocol):
    """A tool that a model can call, wherever it runs.

    Attributes
    ----------
    is_repeatable
        True if a call may be repeated when it is not known whether it took effect.
    """

    @property
    def name(self) -> str: ...

    @property
    def specification(self) -> ToolSpecification: ...

    @property
    def place(self) -> ToolPlace: ...

    @property
    def is_repeatable(self) -> bool: ...

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        """Return the result: a JSON value, or a ``RecordedResult``. Raises :class:`ToolFailed`."""


@dataclass(frozen=True, slots=True)
class Tool[A: Arguments]:
    """A tool of a capability."""

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A, ToolContext], Any]

    @property
    def place(self) -> ToolPlace:
        return ToolPlace.FUNCTION

    @property
    def is_repeatable(self) -> bool:
        return True

    @property
    def specification(self) -> ToolSpecification:
        return ToolSpecification(self.name, self.description, self.arguments.model_json_schema())

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        """Return the result, a JSON value. Raises :class:`ToolFailed`."""
        try:
            checked = self.arguments.model_validate(arguments)
        except ValidationError as error:
            raise ToolFailed(_message(error)) from error
        return self.run(checked, context)


def _message(error: ValidationError) -> str:
    """Return the first error in one line, for the model."""
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(step) for step in first["loc"])
    return f"Invalid arguments: {field}: {first['msg']}"[:500] if field else first["msg"][:500]
