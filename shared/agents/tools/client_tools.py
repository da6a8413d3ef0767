"""Client-side tools: defined by the client, run by it, and never called here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.agents.agents.domain import ClientTool
from shared.agents.tools.tool import AnyTool, ToolContext, ToolFailed, ToolPlace
from shared.llm.port import ToolCall, ToolSpecification


@dataclass(frozen=True, slots=True)
class ClientSideTool:
    """A tool whose calls wait for results of the client."""

    definition: ClientTool

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def display_name(self) -> str | None:
        """Name for people."""
        return self.definition.display_name

    @property
    def specification(self) -> ToolSpecification:
        # Models require the type, which a schema may leave out.
        parameters = {"type": "object", **self.definition.parameters}
        return ToolSpecification(self.name, self.definition.description, parameters)

    @property
    def place(self) -> ToolPlace:
        return ToolPlace.CLIENT

    @property
    def is_repeatable(self) -> bool:
        return False

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:  # noqa: ARG002
        raise ToolFailed(f"'{self.name}' is run by the client")


def client_tools(*definitions: Iterable[ClientTool]) -> dict[str, AnyTool]:
    """Return tools by name; of two with the same name, the later definition counts."""
    return {one.name: ClientSideTool(one) for given in definitions for one in given}


def display_names(calls: Iterable[ToolCall], tools: Mapping[str, AnyTool]) -> dict[str, str | None]:
    """Return the tools' names for people by the ids of their calls; None for one without."""
    return {call.id: getattr(tools[call.name], "display_name", None) for call in calls}
