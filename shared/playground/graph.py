"""A conversation graph: nodes, edges, variables, and the mock world its tools live in.

These models are both the form in which a client writes a graph and the form the engine
runs; they hold what a single field can tell. What only the whole graph can tell is in
``validation``.

Texts that are said to the user (``text``, ``static_text``, ``failure_message``,
``suspend_message``) may name variables as ``{{variable}}``: the value takes its place, and
a variable without a value leaves nothing.
"""

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

#: What a graph may hold, as the Feather API fixes it.
MAX_NODES = 200
MAX_EDGES = 1_000
MAX_VARIABLES = 200
#: Bytes of a graph, written as compact JSON.
MAX_GRAPH_BYTES = 256 * 1024
#: How slowly a mocked tool may answer, in milliseconds (the Feather API).
MAX_DELAY_MS = 60_000
#: How long an approval may be waited for, in seconds: a year.
MAX_APPROVAL_SECONDS = 365 * 24 * 3600

type VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$", max_length=128)]
type NodeId = Annotated[str, Field(min_length=1, max_length=128)]
type Slug = Annotated[str, Field(min_length=1, max_length=128)]
#: Kept as text here; ``expressions`` gives it a meaning, and bounds it.
type Expression = str
#: Where in a tool's output a value stands: ``order.items.0.name``; digits index a list.
type DotPath = Annotated[str, Field(min_length=1, max_length=500)]
type Bindings = dict[VariableName, DotPath]


class Part(BaseModel):
    """What all parts of a graph share: fixed once read, and no unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Variable(Part):
    """A value that the conversation finds out (derived) or the service fills in (system)."""

    name: VariableName
    type: Literal["string", "int", "float", "bool", "enum"]
    source: Literal["derived", "system"] = "derived"
    enum_values: tuple[str, ...] = ()
    reask_cap: Annotated[StrictInt, Field(ge=0, le=100)] = 3
    description: str = ""


def declared(variables: Mapping[str, Variable], name: str) -> Variable:
    """Return a variable by its name; one that is not declared is a text."""
    return variables.get(name) or Variable(name=name, type="string")


class ToolRef(Part):
    """A tool that a node may call, and which variables take what from its output."""

    kind: Literal["api", "integration", "util", "kb"]
    id: Annotated[str, Field(min_length=1, max_length=128)]
    slug: Slug
    output_bindings: Bindings = {}


def _tool_form(value: Any) -> str:
    return "Slug" if isinstance(value, str) else "ToolRef"


#: A tool by its slug alone, or by a reference.
type StepTool = Annotated[
    Annotated[Slug, Tag("Slug")] | Annotated[ToolRef, Tag("ToolRef")], Discriminator(_tool_form)
]


class AgentNode(Part):
    """Talks with the user until its required variables are set and ``done_when`` holds."""

    type: Literal["agent"]
    id: NodeId
    name: str | None = None
    instructions: str
    required_writes: tuple[VariableName, ...] = ()
    writes: tuple[VariableName, ...] = ()
    done_when: Expression | None = None
    tools: tuple[ToolRef, ...] = ()
    knowledge_bases: tuple[str, ...] = ()


class Step(Part):
    """One thing an action does: say a text, call a tool, or look something up."""

    id: Annotated[str, Field(min_length=1, max_length=128)]
    kind: Literal["speak", "tool_call", "knowledge_retrieval"]
    text: str | None = None
    tool: StepTool | None = None
    input: dict[str, Expression] = {}
    output_bindings: Bindings = {}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "speak" and not self.text:
            raise ValueError("a speak step needs a text")
        if self.kind != "speak" and self.tool is None:
            raise ValueError(f"a {self.kind} step needs a tool")
        return self

    @property
    def tool_slug(self) -> str | None:
        """The tool's slug, whether it is named by slug or by reference."""
        return self.tool.slug if isinstance(self.tool, ToolRef) else self.tool


class ActionNode(Part):
    """Runs its steps in order, without the user."""

    type: Literal["action"]
    id: NodeId
    name: str | None = None
    description: str = ""
    failure_message: str
    steps: tuple[Step, ...] = ()


class HandoffNode(Part):
    """Gives the conversation to a person: says its text, and the session ends.

    ``voice_config`` and ``on_failure`` are for telephone lines; they are kept, and the
    playground, where handing over cannot fail, does not use them.
    """

    type: Literal["handoff"]
    id: NodeId
    name: str | None = None
    static_text: str
    voice_config: dict[str, Any] | None = None
    on_failure: str | None = None


class ApprovalNode(Part):
    """Waits for a decision where ``condition`` holds (always, without one)."""

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
    """A way from a node to the next; the first by priority whose condition holds is taken."""

    source: NodeId = Field(alias="from")
    target: NodeId = Field(alias="to")
    condition: Expression | None = None
    priority: StrictInt = 0
    is_failure_path: StrictBool = False


class MockOutput(Part):
    """What a tool answers in the playground."""

    output: Any
    delay_ms: Annotated[StrictInt, Field(ge=0, le=MAX_DELAY_MS)] = 0


class MockError(Part):
    """How a tool fails in the playground."""

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
        custom_error_message="expected exactly one of output and error",
    ),
]


class Graph(Part):
    """A whole graph."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    entry_node_id: NodeId
    persona: str | None = None
    context_variables: Annotated[tuple[Variable, ...], Field(max_length=MAX_VARIABLES)] = ()
    nodes: Annotated[tuple[Node, ...], Field(min_length=1, max_length=MAX_NODES)]
    edges: Annotated[tuple[Edge, ...], Field(max_length=MAX_EDGES)] = ()
    mock_world: dict[Slug, MockAnswer] = {}

    def normalized(self) -> dict[str, Any]:
        """Return the graph with every default written out, as clients are shown it."""
        return self.model_dump(mode="json", by_alias=True)

    def document(self) -> dict[str, Any]:
        """Return the graph without its defaults, as it is stored and hashed.

        So graphs that mean the same are the same, and a field that a later release adds
        does not change the hash of a graph that does not use it. For that, a default
        never changes once it is released.
        """
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def graph_hash(document: dict[str, Any]) -> str:
    """Return the SHA-256 that names the graph of a :meth:`Graph.document`."""
    return fingerprint(document)


def edge_id(index: int, edge: Edge) -> str:
    """Return what an edge is called in findings and traces: its place and its ends."""
    return f"{index}:{edge.source}->{edge.target}"
