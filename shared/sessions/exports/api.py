"""API models of session exports."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.core.errors import InvalidInput
from shared.core.ids import SessionId, session_id_in_any_form
from shared.sessions.exports.delivery import Export
from shared.sessions.exports.formats import ExportFormat


class ExportParameters(BaseModel):
    """Query parameters of an export. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    format: ExportFormat = ExportFormat.JSONL
    """`openai`: an import line with chat messages; `otel`: OTLP spans of the GenAI conventions;
    `jsonl`: the session and each of its events, one JSON object per line."""


class ExportLink(BaseModel):
    """Link to an export that is larger than a response can be."""

    url: str
    """URL of the export, as in the header `Location`; it needs no API key."""
    expires_at: datetime
    """End of the link, 15 minutes after the response."""

    @classmethod
    def of(cls, export: Export) -> "ExportLink":
        return cls.model_validate({"url": export.url, "expires_at": export.expires_at})


def session_id_of(text: str) -> SessionId:
    """Return the id in a path, in the form of any surface. Raises ``InvalidInput``."""
    try:
        return session_id_in_any_form(text.lower())
    except ValueError as error:
        raise InvalidInput("Invalid session ID: expected session_<32 hex> or a UUID") from error


def _header(name: str, description: str) -> dict[str, Any]:
    return {name: {"description": description, "schema": {"type": "string"}}}


_LINES = """\
{"type":"session","id":"session_e7660ec8dce38c7ca33cf9d42376a63d","kind":"agent"}
{"sequence":1,"type":"input.message","ts":"2026-03-01T09:30:00.000000Z","context":{},"data":{}}
"""
EXPORT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The export, as a file",
        "headers": _header("Content-Disposition", "Name of the file."),
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/x-ndjson": {"schema": {"type": "string"}, "example": _LINES},
        },
    },
    303: {
        "description": "Link to an export of more than 5.5 MB",
        "model": ExportLink,
        "headers": _header("Location", "URL of the export."),
    },
}
