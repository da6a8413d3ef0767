"""Trace: one step of a product during a turn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.core.ids import InferenceResultId


class TraceType(StrEnum):
    """Type of a step."""

    SPAN = "SPAN"
    GENERATION = "GENERATION"
    EVENT = "EVENT"
    AGENT = "AGENT"
    TOOL = "TOOL"
    CHAIN = "CHAIN"
    RETRIEVER = "RETRIEVER"
    EVALUATOR = "EVALUATOR"
    EMBEDDING = "EMBEDDING"
    GUARDRAIL = "GUARDRAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Step as its client reports it: a tool call, a generation, a retrieval.

    Attributes
    ----------
    id
        Id of the client, or one of the service; unique in its turn.
    parent_trace_id
        Id of the step that this one is part of; it need not be recorded.
    latency_ms
        Milliseconds that the step took.
    """

    id: str
    inference_result_id: InferenceResultId
    name: str
    created_at: datetime
    type: TraceType | None = None
    description: str | None = None
    input_data: Any = None
    output_data: Any = None
    error: str | None = None
    latency_ms: float | None = None
    metadata: Any = None
    parent_trace_id: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    deleted_at: None = None

    @property
    def began_at(self) -> datetime:
        """Time by which traces are sorted: that of the start, or of the recording."""
        return self.start_time or self.created_at
