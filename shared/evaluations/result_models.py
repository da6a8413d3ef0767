"""Turns of evaluation sessions in the API. Names are the Galtea API's."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from shared.evaluations.api import (
    Answer,
    Id,
    Moment,
    NotNull,
    NullableId,
    NullableInput,
    NullableMoment,
    Request,
)
from shared.evaluations.models import ResultStatus, Turn

Status = Literal["PENDING", "GENERATED", "FAILED", "SKIPPED"]

#: The largest integer that every JSON reader keeps exactly (RFC 8259, section 6).
_MAX_COUNT = 2**53 - 1

Count = Annotated[int, Field(ge=0, le=_MAX_COUNT)]
Amount = Annotated[float, Field(ge=0)]
_TEXT = WithJsonSchema({"type": "string"})


class InferenceResultInput(Request):
    """A turn to record: what the user said, and what the product answered."""

    session_id: str = Field(description="The session that the turn belongs to.")
    user_id: Annotated[str | None, _TEXT] = Field(
        default=None, description="Not used: a turn belongs to the API key that records it."
    )
    index: Annotated[Count | None, WithJsonSchema({"type": "integer", "minimum": 0})] = Field(
        default=None,
        description="Not used: turns are counted in the order they are recorded, without gaps.",
    )
    status: Annotated[
        Status | None, NotNull, WithJsonSchema({"type": "string", "enum": list(ResultStatus)})
    ] = Field(
        default=None,
        description="Left out: FAILED with an error, GENERATED with an output, else PENDING.",
    )
    error: str | None = None
    input: NullableInput = Field(
        default=None, description="What the user said; a string is kept as `{user_message: …}`."
    )
    actual_output: str | None = Field(default=None, description="What the product answered.")
    retrieval_context: str | None = Field(default=None, description="What was looked up to answer.")
    latency: Amount | None = Field(default=None, description="Milliseconds.")
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    tokens: Count | None = None
    cost_per_input_token: Amount | None = None
    cost_per_output_token: Amount | None = None
    cost_per_cache_read_input_token: Amount | None = None
    cost: Amount | None = None
    conversation_simulator_version: str | None = None

    def turn(self) -> Turn:
        """Return the turn, in the words of the domain."""
        told = self.model_dump(exclude={"session_id", "user_id", "index", "status"})
        return Turn(**told, status=ResultStatus(self.status or self._status()))

    def _status(self) -> Status:
        if self.error is not None:
            return "FAILED"
        return "PENDING" if self.actual_output is None else "GENERATED"


class InferenceResult(Answer):
    """A turn of a session."""

    id: Id
    session_id: Id
    user_id: NullableId
    index: int = Field(description="The turn's place in its session, from 0.")
    status: ResultStatus
    error: str | None
    input: dict[str, Any] | None
    actual_output: str | None
    retrieval_context: str | None
    latency: float | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    tokens: int | None
    cost_per_input_token: float | None
    cost_per_output_token: float | None
    cost_per_cache_read_input_token: float | None
    cost: float | None
    credits_used: int | None = Field(default=None, description="Always null: nothing is sold.")
    conversation_simulator_version: str | None
    trace_id: str | None = Field(default=None, description="Always null: no traces are kept.")
    created_at: Moment
    deleted_at: NullableMoment
