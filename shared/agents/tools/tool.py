"""What a tool is: arguments that are checked, and a run without lasting effects of its own.

What a tool changes it leaves in the :class:`ToolContext`; the turn writes it in the same
transaction as the events that tell of it. So a tool's effect and its record are one, and a
turn that is taken up again never carries a tool out twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.agents.tools.notes import Notes
from shared.llm.port import ToolSpecification


class ToolFailed(Exception):
    """The tool could not do what was asked; the model is told why, and the turn goes on."""


class Arguments(BaseModel):
    """The base of all arguments: nothing that the tool does not know."""

    model_config = ConfigDict(extra="forbid")


@dataclass(slots=True)
class ToolContext:
    """What a tool may look at and change.

    Attributes
    ----------
    now
        The time of the turn's clock.
    notes
        The session's notes, read when they are first asked for.
    """

    now: datetime
    notes: Callable[[], Notes]


@dataclass(frozen=True, slots=True)
class Tool[A: Arguments]:
    """A tool of a capability."""

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A, ToolContext], Any]

    @property
    def specification(self) -> ToolSpecification:
        return ToolSpecification(self.name, self.description, self.arguments.model_json_schema())

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        """Return the result, a JSON value. Raises :class:`ToolFailed`."""
        try:
            checked = self.arguments.model_validate(arguments)
        except ValidationError as error:
            raise ToolFailed(_sentence(error)) from error
        return self.run(checked, context)


def _sentence(error: ValidationError) -> str:
    """Say the first fault in a line that a model can act on."""
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"Invalid arguments: {where}: {first['msg']}"[:500] if where else first["msg"][:500]
