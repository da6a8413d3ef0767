"""MCP tool: a tool of an MCP server, as a tool of a turn."""

from dataclasses import dataclass
from typing import Any

from shared.agents.tools.mcp_content import result_of, text_of
from shared.agents.tools.mcp_listing import ListedTool
from shared.agents.tools.mcp_session import McpSession
from shared.agents.tools.remote_failure import RemoteFailed
from shared.agents.tools.results import limited, shortened
from shared.agents.tools.tool import ToolContext, ToolFailed, ToolPlace
from shared.llm.port import ToolSpecification
from shared.secrets.organizations import hide


@dataclass(frozen=True, slots=True, kw_only=True)
class McpTool:
    """A listed tool; ``name`` is the one that the model gets."""

    name: str
    listed: ListedTool
    session: McpSession
    secret: str | None
    place: ToolPlace = ToolPlace.REMOTE

    @property
    def specification(self) -> ToolSpecification:
        return ToolSpecification(
            self.name,
            hide(self.listed.description, self.secret),
            hide(self.listed.schema, self.secret),
        )

    @property
    def is_repeatable(self) -> bool:
        return self.listed.is_repeatable

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:  # noqa: ARG002  # a tool's signature
        """Call the tool on its server. Raises :class:`ToolFailed`."""
        try:
            answer = self.session.call(self.listed.name, arguments)
        except RemoteFailed as failed:
            raise ToolFailed(shortened(hide(failed.reason, self.secret))) from failed
        if answer.is_error:
            text = hide(text_of(answer), self.secret)
            raise ToolFailed(shortened(text) or "the tool failed without a message")
        return limited(hide(result_of(answer), self.secret))
