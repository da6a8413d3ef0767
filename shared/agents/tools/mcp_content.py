"""Content of MCP answers as results of tools: text and structured content, the rest described."""

from typing import Any

import mcp_types


def result_of(answer: mcp_types.CallToolResult) -> Any:
    """Return the structured content if there is any, else the texts."""
    if answer.structured_content is not None:
        return answer.structured_content
    return text_of(answer)


def text_of(answer: mcp_types.CallToolResult) -> str:
    """Return the texts of an answer; a line in brackets stands for anything else."""
    return "\n".join(_text(block) for block in answer.content)


def _text(block: Any) -> str:
    match block:
        case mcp_types.TextContent():
            return block.text
        case mcp_types.ImageContent() | mcp_types.AudioContent():
            return f"[{block.type} of type {block.mime_type}, {_size(block.data)}; not shown]"
        case mcp_types.ResourceLink():
            return f"[link to the resource {block.name}: {block.uri}]"
        case mcp_types.EmbeddedResource(resource=mcp_types.TextResourceContents() as resource):
            return f"[resource {resource.uri}]\n{resource.text}"
        case mcp_types.EmbeddedResource(resource=mcp_types.BlobResourceContents() as resource):
            kind = f" of type {resource.mime_type}" if resource.mime_type else ""
            return f"[resource {resource.uri}{kind}, {_size(resource.blob)}; not shown]"
    return "[content of an unknown type; not shown]"


def _size(base64: str) -> str:
    return f"about {len(base64) * 3 // 4:,} bytes"
