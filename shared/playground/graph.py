"""Graph models: nodes, edges, variables, and the mock world of their tools.

Clients write graphs in this form, and the engine runs it. The models check single fields;
``validation`` checks the graph as a whole.

Texts for the user (``text``, ``static_text``, ``failure_message``, ``suspend_message``) may
contain ``{{variable}}`` placeholders: each is replaced by the value, or by nothing if the
variable has none.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
    model_validator,
)

from shared.core.json import fingerprint

#: Limits of the Feather API.
MAX_NODES = 200
MAX_EDGES = 1_000
MAX_VARIABLES = 200
#: Bytes of a graph as compact JSON.
MAX_GRAPH_BYTES = 256 * 1024
#: Longest delay of a mocked tool, in milliseconds (the Feather API).
MAX_DELAY_MS = 60_000
#: Longest timeout of an approval, in seconds: a year.
MAX_APPROVAL_SECONDS = 365 * 24 * 3600
#: Placeholder of a variable in a text for the user.
PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")

type VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$", max_length=128)]
type NodeId = Annotated[str, Field(min_length=1, max_length=128)]
type Slug = Annotated[str, Field(min_length=1, max_length=128)]
#: Parsed and limited by ``expressions``.
type Expression = str
#: Path of a value in a tool's output: ``order.items.0.name``; digits index a list.
type DotPath = Annotated[str, Field(min_length=1, max_length=500)]
type Bindings = dict[VariableName, DotPath]


class Part(BaseModel):
    """Base of all graph models: immutable, without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Variable(Part):
    """Variable, set by the conversation (derived) or by the service (system)."""

    name: VariableName
    type: Literal["string", "int", "float", "bool", "enum"]
    source: Literal["derived", "system"] = "derived"
    enum_values: tuple[str, ...] = ()
    reask_cap: Annotated[StrictInt, Field(ge=0, le=100)] = 3
    description: str = ""


def get_variable(variables: Mapping[str, Variable], name: str) -> Variable:
    """Return a variable by its name; an undeclared one is a string."""
    return variables.get(name) or Variable(name=name, type="string")


class ToolRef(Part):
    """Tool of a node, and the output paths that its variables are set from."""

    kind: Literal["api", "integration", "util", "kb"]
    id: Annotated[str, Field(min_length=1, max_length=128)]
    slug: Slug
    output_bindings: Bindings = {}


def _tool_form(value: Any) -> str:
    return "Slug" if isinstance(value, str) else "ToolRef"


#: Tool by slug or by reference.
type StepTool = Annotated[
    Annotated[Slug, Tag("Slug")] | Annotated[ToolRef, Tag("ToolRef")], Discriminator(_tool_form)
]


class AgentNode(Part):
    """Node whose agent talks until its required variables are set and ``done_when`` holds."""

    type: Literal["agent"]
    id: NodeId
    name: str | None = None
    instructions: str
    required_writes: tuple[VariableName, ...] = ()
    writes: tuple[VariableName, ...] = ()
    done_when: Expression | None = None
    tools: tuple[ToolRef, ...] = ()
    knowledge_bases: tuple[str, ...] = ()

    @property
    def writable(self) -> tuple[str, ...]:
        """Variables that the agent may write, required ones first."""
        return tuple(dict.fromkeys((*self.required_writes, *self.writes)))


class Step(Part):
    """Step of an action: say a text, call a tool, or retrieve knowledge."""

    id: Annotated[str, Field(min_length=1, max_length=128)]
    kind: Literal["speak", "tool_call", "knowledge_retrieval"]
    text: str | None = None
    tool: StepTool | None = None
    input: dict[str, Expression] = {}
    output_bindings: Bindings = {}

    @model_validator(mode="after")
    def _require_text_or_tool(self) -> Self:
        if self.kind == "speak" and not self.text:
            raise ValueError("a speak step must have a text")
        if self.kind != "speak" and self.tool is None:
            raise ValueError(f"a {self.kind} step must have a tool")
        return self

    @property
    def tool_slug(self) -> str | None:
        """Slug of the tool."""
        return self.tool.slug if isinstance(self.tool, ToolRef) else self.tool


class ActionNode(Part):
    """Node that runs its steps in order, without the user."""

    type: Literal["action"]
    id: NodeId
    name: str | None = None
    description: str = ""
    failure_message: str
    steps: tuple[Step, ...] = ()


class HandoffNode(Part):
    """Node that hands the conversation over to a person: it says its text and ends the session.

    ``voice_config`` and ``on_failure`` are for telephone lines: they are stored, but not
    used in the playground, where a handoff cannot fail.
    """

    type: Literal["handoff"]
    id: NodeId
    name: str | None = None
    static_text: str
    voice_config: dict[str, Any] | None = None
    on_failure: str | None = None


class ApprovalNode(Part):
    """Node that waits for a decision if ``condition`` holds or is absent."""

    type: Literal["approval"]
    id: NodeId
    name: str | None = None
    condition: Expression | None = None
    approver_role: str
    suspend_message: str
    timeout_seconds: Annotated[StrictInt, Field(ge=1, le=MAX_APPROVAL_SECONDS)] | None = None
    on_approve: NodeId
    on_deny: NodeId


type Node = Annotated[
    AgentNode | ActionNode | HandoffNode | ApprovalNode, Field(discriminator="type")
]


class Edge(Part):
    """Edge between two nodes; the first by priority whose condition holds is taken."""

    source: NodeId = Field(alias="from")
    target: NodeId = Field(alias="to")
    condition: Expression | None = None
    priority: StrictInt = 0
    is_failure_path: StrictBool = False


class MockOutput(Part):
    """Output of a tool in the playground."""

    output: Any
    delay_ms: Annotated[StrictInt, Field(ge=0, le=MAX_DELAY_MS)] = 0


class MockError(Part):
    """Error of a tool in the playground."""

    error: str
    delay_ms: Annotated[StrictInt, Field(ge=0, le=MAX_DELAY_MS)] = 0


def _mock_form(value: Any) -> str | None:
    if isinstance(value, MockOutput | MockError):
        return type(value).__name__
    forms = {"output": "MockOutput", "error": "MockError"}
    given = [forms[name] for name in forms if isinstance(value, dict) and name in value]
    return given[0] if len(given) == 1 else None


type MockAnswer = Annotated[
    Annotated[MockOutput, Tag("MockOutput")] | Annotated[MockError, Tag("MockError")],
    Discriminator(
        _mock_form,
        custom_error_type="mock_answer",
        custom_error_message="must have exactly one of output and error",
    ),
]


class Graph(Part):
    """Graph of a conversation."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    entry_node_id: NodeId
    persona: str | None = None
    context_variables: Annotated[tuple[Variable, ...], Field(max_length=MAX_VARIABLES)] = ()
    nodes: Annotated[tuple[Node, ...], Field(min_length=1, max_length=MAX_NODES)]
    edges: Annotated[tuple[Edge, ...], Field(max_length=MAX_EDGES)] = ()
    mock_world: dict[Slug, MockAnswer] = {}

    def normalized(self) -> dict[str, Any]:
        """Return the document that clients see, defaults included."""
        return self.model_dump(mode="json", by_alias=True)

    def document(self) -> dict[str, Any]:
        """Return the document that is stored and hashed, without defaults.

        Equivalent graphs have the same hash, and a field added later does not change the
        hash of a graph that does not use it. A released default must therefore never change.
        """
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def graph_hash(document: dict[str, Any]) -> str:
    """Return the SHA-256 of a :meth:`Graph.document`, in hexadecimal."""
    return fingerprint(document)


def edge_id(index: int, edge: Edge) -> str:
    """Return the id of an edge in findings and traces: its index and its ends."""
    return f"{index}:{edge.source}->{edge.target}"
