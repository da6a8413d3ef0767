"""Writers of the export formats."""

from collections.abc import Callable, Mapping

from shared.sessions.exports.formats import (
    ExportedSession,
    ExportFormat,
    Format,
    JsonLines,
    OpenAIChat,
)
from shared.sessions.exports.otel import OtlpSpans

FORMATS: Mapping[ExportFormat, Callable[[ExportedSession], Format]] = {
    ExportFormat.OPENAI: OpenAIChat,
    ExportFormat.OTEL: OtlpSpans,
    ExportFormat.JSONL: JsonLines,
}
