"""API models of worlds: tools, calls and their answers, and messages of the protocol."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from shared.core.api_types import Line
from shared.runs.runs.domain import MAX_SIMULATIONS
from shared.runs.worlds.domain import WorldCall, WorldTool
from shared.sessions.recorded_worlds.answers import Matched

#: Number of a simulation in its run, in a path.
SimulationNumber = Annotated[int, Field(ge=0, lt=MAX_SIMULATIONS)]
#: Name of a tool in a path.
ToolName = Line


class WorldToolResponse(BaseModel):
    """Tool of a recorded world."""

    name: str
    """Name that models accept: the recorded one, or a form of it."""
    recorded_name: str
    """Name in the recording."""
    input_schema: dict[str, Any]
    """JSON schema of the arguments, derived from those of the recorded calls."""

    @classmethod
    def of(cls, tool: WorldTool) -> "WorldToolResponse":
        return cls(name=tool.name, recorded_name=tool.recorded_name, input_schema=tool.input_schema)


class WorldCallResponse(BaseModel):
    """Answer to a tool call: an output, or an error if it is not null."""

    index: int
    """Number among the calls of the simulation, from 0."""
    tool: str
    """Recorded name of the tool."""
    output: Any = None
    """Recorded output; null in an error."""
    error: str | None = None
    """Recorded error, or the reason why nothing recorded answers the call."""
    matched: Matched
    """Rule that chose the answer; `none` if nothing recorded answers the call."""

    @classmethod
    def of(cls, call: WorldCall) -> "WorldCallResponse":
        return cls(
            index=call.index,
            tool=call.tool,
            output=call.output,
            error=call.error,
            matched=call.matched,
        )


class RpcMessage(BaseModel):
    """Answer in the Model Context Protocol: a message of JSON-RPC 2.0."""

    jsonrpc: str
    """Version of JSON-RPC, `2.0`."""
    id: int | str | None = None
    """Id of the request; null in an error if it could not be read."""
    result: dict[str, Any] | None = None
    """Result by method; absent in an error."""
    error: dict[str, Any] | None = Field(default=None)
    """Error with `code`, `message` and `data`; absent in a result."""


#: Request body of OpenAPI.
BODY: dict[str, Any] = {
    "required": True,
    "description": (
        "Message of JSON-RPC 2.0: a request or a notification of the Model Context Protocol. "
        "Several in a list are accepted of revision 2025-03-26."
    ),
    "content": {"application/json": {"schema": {"type": "object"}}},
}
#: Answers of OpenAPI. Errors of a message are in its answer, with status 200 where the protocol
#: says so.
RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {"description": "Notifications; they have no answer"},
}
RESPONSES |= {
    status: {"description": description, "model": RpcMessage}
    for status, description in (
        (400, "The message cannot be read, or is of another revision of the protocol"),
        (403, "The API key lacks the required scope, or the origin is not allowed"),
        (404, "Simulation not found, or unknown method"),
        (409, "The simulation does not run, or has made all calls that it may make"),
        (413, "The message is too large"),
        (503, "A dependency does not respond; retry"),
    )
}
