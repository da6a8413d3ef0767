"""API models of traces; names are the Galtea API's."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.core.api_types import Line, Paragraph
from shared.core.errors import InvalidInput, TooLarge
from shared.core.ids import InferenceResultId, new_uuid
from shared.core.json import dumps
from shared.evaluations.api import Answer, Fields, Id, Moment, NullableMoment, Request, Text
from shared.evaluations.client_ids import known_id
from shared.evaluations.results.api import MAX_BATCH_BODY, Amount
from shared.evaluations.traces import domain
from shared.evaluations.traces.domain import TraceType

__all__ = ["MAX_BATCH_BODY", "Trace", "TraceBatchInput", "TraceInput", "traces_of"]

#: Traces of one batch, at most: as many as a transaction, and as the official client sends.
MAX_TRACES = 100
#: Bytes of a batch as stored, at most: the 4 MiB of a transaction.
_MAX_STORED = 4_000_000
#: Characters of an id: it is part of a sort key, of 1 KB.
MAX_ID = 200

_Type = Literal[
    "SPAN", "GENERATION", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR",
    "EMBEDDING", "GUARDRAIL",
]  # fmt: skip


def _check_moment(text: str) -> str:
    try:
        _moment(text)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("no_time", "must be an ISO 8601 date and time") from error
    return text


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


#: A time as clients write it, in UTC unless it names a zone.
_Time = Annotated[
    str, StringConstraints(max_length=100), AfterValidator(_check_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]  # fmt: skip
_TraceId = Annotated[str, StringConstraints(pattern=r"\S", max_length=MAX_ID)]


class TraceFields(Fields):
    """Fields of a trace that a client sets."""

    inference_result_id: Line
    """Turn of the trace."""
    name: Annotated[str, StringConstraints(pattern=r"\S", max_length=500)]
    """Name of the tool, function or model."""
    type: _Type | None = None
    """Type of the step."""
    description: Paragraph | None = None
    """Description of the step."""
    input_data: Any = None
    """Input of the step; any JSON."""
    output_data: Any = None
    """Output of the step; any JSON."""
    error: Text | None = None
    """Error of the step."""
    latency_ms: Amount | None = None
    """Milliseconds that the step took."""
    metadata: Any = None
    """Further data of the client; any JSON."""
    parent_trace_id: Line | None = None
    """Id of the step that this one is part of; it need not be recorded."""


class TraceInput(TraceFields, Request):
    """Step of a product during a turn."""

    #: Keys that the contract has and this service sets itself; responses name them as ignored.
    WITHOUT_EFFECT: ClassVar = frozenset({"createdAt", "deletedAt"})

    id: _TraceId | None = None
    """Id of the trace, unique in its turn; at most 200 characters, by default a new one. A trace
    that is sent again under its id is stored once."""
    start_time: _Time | None = None
    """Time at which the step began."""
    end_time: _Time | None = None
    """Time at which the step ended."""
    created_at: Line | None = None
    """Ignored: set by the service."""
    deleted_at: Line | None = None
    """Ignored: set by the service."""

    def to_domain(self, now: datetime) -> domain.Trace:
        """Return the domain object. Raises ``NotFound`` for an id that no turn can have."""
        text = self.inference_result_id
        unknown = f"inferenceResultId: inference result not found: {text[:60]}"
        return domain.Trace(
            id=self.id or f"trace_{new_uuid().hex}",
            inference_result_id=known_id(InferenceResultId.parse, text, unknown),
            name=self.name,
            created_at=now,
            type=TraceType(self.type) if self.type else None,
            description=self.description,
            input_data=self.input_data,
            output_data=self.output_data,
            error=self.error,
            latency_ms=self.latency_ms,
            metadata=self.metadata,
            parent_trace_id=self.parent_trace_id,
            start_time=_moment(self.start_time) if self.start_time else None,
            end_time=_moment(self.end_time) if self.end_time else None,
        )


TraceInputs = Annotated[list[TraceInput], Field(min_length=1, max_length=MAX_TRACES)]


class TraceBatch(Request):
    """Traces under a key, as the official client sends them."""

    traces: TraceInputs
    """The traces; 100 at most, and 4 MB in all."""


#: A list of traces, or an object that has it.
TraceBatchInput = Annotated[
    Annotated[TraceBatch, Tag("body")] | Annotated[TraceInputs, Tag("traces")],
    # The tags stand in front of the field in errors.
    Discriminator(lambda value: "traces" if isinstance(value, list) else "body"),
]


def traces_of(body: TraceBatch | list[TraceInput], now: datetime) -> list[domain.Trace]:
    """Return the traces of a batch.

    Raises ``TooLarge`` for more than a transaction holds, and ``InvalidInput`` for two traces
    of one turn with one id.
    """
    inputs = body.traces if isinstance(body, TraceBatch) else body
    if len(dumps([one.model_dump() for one in inputs]).encode()) > _MAX_STORED:
        raise TooLarge("traces: must not exceed 4 MB; split the request.")
    found = [one.to_domain(now) for one in inputs]
    if len({(one.inference_result_id, one.id) for one in found}) < len(found):
        raise InvalidInput("traces.id: must be unique in its turn.")
    return found


class Trace(TraceFields, Answer):
    """Step of a product during a turn."""

    id: Id
    """Id of the trace."""
    inference_result_id: Id
    """Turn of the trace."""
    start_time: NullableMoment
    """Time at which the step began."""
    end_time: NullableMoment
    """Time at which the step ended."""
    created_at: Moment
    """Time of recording."""
    deleted_at: NullableMoment
    """Always null: deleted traces are not found."""
