"""Graphs in responses: the form that clients write graphs in, with a description of each field.

``shared.playground.graph`` has the limits; ``validation`` has the rules.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.playground.graph import Graph


class GraphVariable(BaseModel):
    """A variable of the conversation."""

    name: str
    """Name in expressions and texts."""

    type: Literal["string", "int", "float", "bool", "enum"]
    """Type of its values."""

    source: Literal["derived", "system"] = "derived"
    """`derived`: nodes set it. `system`: the service sets it (`session_id`, `opened_at` and
    `channel`)."""

    enum_values: list[str] = []
    """Values of an enum."""

    reask_cap: int = 3
    """Times that the user is asked again after an unclear answer."""

    description: str = ""
    """Meaning of the variable; the user is asked for it by this text."""


class GraphTool(BaseModel):
    """A tool of a node, and the paths in its output that variables are set from."""

    kind: Literal["api", "integration", "util", "kb"]
    """Kind of the tool."""

    id: str
    """Id of the tool in the client's system."""

    slug: str
    """Name by which the mock world answers."""

    output_bindings: dict[str, str] = {}
    """Paths in the output, by the variable that is set: `order.items.0.name`."""


class GraphNode(BaseModel):
    """Fields that every node has."""

    id: str
    """Name in edges and traces, unique in the graph."""

    name: str | None = None
    """Name for people."""


class GraphAgentNode(GraphNode):
    """Converses until its required variables are set and `done_when` is true."""

    type: Literal["agent"]
    """Kind of the node."""

    instructions: str
    """Purpose of the conversation, for the model."""

    required_writes: list[str] = []
    """Variables that the agent asks for until all have a value."""

    writes: list[str] = []
    """Further variables that the agent may set."""

    done_when: str | None = None
    """Expression that must be true before the agent is done."""

    tools: list[GraphTool] = []
    """Tools that the agent calls when the required variables are set."""

    knowledge_bases: list[str] = []
    """Knowledge bases of the agent."""


class GraphStep(BaseModel):
    """A step of an action: says a text, calls a tool, or retrieves knowledge."""

    id: str
    """Name of the step, unique in its node."""

    kind: Literal["speak", "tool_call", "knowledge_retrieval"]
    """Kind of the step."""

    text: str | None = None
    """Text that a `speak` step says; `{{variable}}` is replaced by the value."""

    tool: str | GraphTool | None = None
    """Tool of the other kinds: its slug, or a reference."""

    input: dict[str, str] = {}
    """Expressions of the tool's arguments, by argument."""

    output_bindings: dict[str, str] = {}
    """Paths in the output, by the variable that is set: `order.items.0.name`."""


class GraphActionNode(GraphNode):
    """Runs its steps in order, without the user."""

    type: Literal["action"]
    """Kind of the node."""

    description: str = ""
    """Purpose of the node, for people."""

    failure_message: str
    """Text that is said when a tool fails."""

    steps: list[GraphStep] = []
    """Steps, in the order in which they run."""


class GraphHandoffNode(GraphNode):
    """Says its text and ends the session: a person continues the conversation."""

    type: Literal["handoff"]
    """Kind of the node."""

    static_text: str
    """Text that is said before the session ends."""

    voice_config: dict[str, Any] | None = None
    """Settings of a telephone line, stored for the client."""

    on_failure: str | None = None
    """Node for a failed transfer of a telephone call, stored for the client."""


class GraphApprovalNode(GraphNode):
    """Waits for the decision of a person."""

    type: Literal["approval"]
    """Kind of the node."""

    condition: str | None = None
    """Expression; a decision is needed only if it is true or absent."""

    approver_role: str
    """Role of the person who decides."""

    suspend_message: str
    """Text for the user while the decision is awaited."""

    timeout_seconds: int | None = None
    """Seconds after which the approval counts as denied."""

    on_approve: str
    """Next node after an approval, and if no decision is needed."""

    on_deny: str
    """Next node after a denial."""


class GraphEdge(BaseModel):
    """An edge; of those that leave a node, the first whose condition is true is taken."""

    source: Annotated[str, Field(alias="from")]
    """Node that the edge leaves."""

    target: Annotated[str, Field(alias="to")]
    """Node that the edge leads to."""

    condition: str | None = None
    """Expression; without one the edge is always taken."""

    priority: int = 0
    """Order of evaluation, lower first; then the order of the list."""

    is_failure_path: bool = False
    """true: the edge follows a failed node; false: a completed one."""


class GraphMockOutput(BaseModel):
    """The output of a tool."""

    output: Any
    """Output; any JSON."""

    delay_ms: int = 0
    """Milliseconds until the tool answers."""


class GraphMockError(BaseModel):
    """The error of a tool."""

    error: str
    """Error for the node; it takes its failure path."""

    delay_ms: int = 0
    """Milliseconds until the tool answers."""


class ConversationGraph(BaseModel):
    """A graph: its nodes, edges and variables, and the answers of its tools."""

    name: str
    """Name of the graph."""

    entry_node_id: str
    """Node that sessions start at."""

    persona: str | None = None
    """Style in which the assistant speaks."""

    context_variables: list[GraphVariable] = []
    """Variables of the conversation."""

    nodes: list[
        Annotated[
            GraphAgentNode | GraphActionNode | GraphHandoffNode | GraphApprovalNode,
            Field(discriminator="type"),
        ]
    ]
    """Nodes of the graph."""

    edges: list[GraphEdge] = []
    """Edges between the nodes."""

    mock_world: dict[str, GraphMockOutput | GraphMockError] = {}
    """Answers of the tools in the playground, by slug."""

    @classmethod
    def of(cls, graph: Graph) -> "ConversationGraph":
        return cls.model_validate(graph.normalized())
