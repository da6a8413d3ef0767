"""Tool results in the API: requests and responses."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from shared.agents.sessions.domain import SessionStatus
from shared.agents.tool_results.service import SubmittedResults
from shared.agents.turns.open_calls import ClientResult
from shared.core.api_types import Paragraph

#: Results in one request: an answer of a model has no more calls that wait.
MAX_RESULTS = 20
#: Characters of a call's id: some models keep a signature in it.
MAX_CALL_ID_LENGTH = 8000


class ClientToolResult(BaseModel):
    """The result of one tool call, or its error."""

    tool_call_id: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CALL_ID_LENGTH)]
    """Id of the call, as in `tool.call_requested`."""
    result: Any = None
    """Result of the call, any JSON of at most 100 KiB; null if the call failed."""
    error: Paragraph | None = None
    """Reason of a failed call, for the model. Either this or `result`."""

    @model_validator(mode="after")
    def _has_one_outcome(self) -> Self:
        if self.error is not None and self.result is not None:
            raise ValueError("must have either result or error")
        return self


class SubmitToolResultsRequest(BaseModel):
    """Results of tool calls that the client ran."""

    tool_results: list[ClientToolResult] = Field(min_length=1, max_length=MAX_RESULTS)
    """Results of some or all open calls; at most 20."""

    def to_domain(self) -> tuple[ClientResult, ...]:
        return tuple(
            ClientResult(call_id=one.tool_call_id, result=one.result, error=one.error)
            for one in self.tool_results
        )


class SubmitToolResultsResponse(BaseModel):
    """Outcome of a submission."""

    accepted: int = Field(ge=0)
    """Number of results in the request, those that were stored before included."""
    status: SessionStatus
    """`active` if the turn goes on, `waitingfortoolresults` while other results are missing;
    `idle` for repeated results of a turn that has ended."""

    @classmethod
    def of(cls, submitted: SubmittedResults) -> "SubmitToolResultsResponse":
        return cls(accepted=submitted.accepted, status=submitted.status)
