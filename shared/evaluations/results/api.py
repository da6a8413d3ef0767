"""API models of inference results; names are the Galtea API's."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, WithJsonSchema

from shared.core.api_types import WHOLE, Line
from shared.core.errors import TooLarge
from shared.core.json import dumps
from shared.evaluations.api import (
    LINE,
    READ_ONLY,
    TEXT,
    Fields,
    Id,
    NotNull,
    NullableInput,
    Request,
    Resource,
    Text,
    Update,
)
from shared.evaluations.results.domain import ResultStatus, Turn

Status = Literal["PENDING", "GENERATED", "FAILED", "SKIPPED"]
NullableStatus = Annotated[
    Status | None, NotNull, WithJsonSchema({"type": "string", "enum": list(ResultStatus)})
]

#: The largest integer that every JSON reader keeps exactly (RFC 8259, section 6).
_MAX_COUNT = 2**53 - 1

Count = Annotated[int, Field(ge=0, le=_MAX_COUNT), WHOLE]
#: Milliseconds, or money in any currency; limited so that the sums of a session stay exact.
Amount = Annotated[float, Field(ge=0, le=1e15)]

#: Bytes of a batch request's body, at most: Lambda's limit of a function's event. Many clients
#: escape non-ASCII characters, at three times the size.
MAX_BATCH_BODY = 6_000_000
#: Bytes of a batch as stored, at most: the 4 MiB of a transaction, less the session
#: and the names of fields.
_MAX_STORED = 4_000_000
#: Bytes of a batch in the response, at most: Lambda's limit of 6 MB includes the body as a
#: string, with quotes and line breaks escaped once more.
_MAX_RESPONSE = 5_800_000
#: Turns of one batch, at most.
MAX_TURNS = 100


class ResultFields(Fields):
    """Turn fields that a client sets; common to create, update and response."""

    error: Text | None = None
    """Error of the product; the answer may be missing."""
    input: NullableInput = None
    """Input of the user; a string is stored as `{user_message: …}`."""
    actual_output: Text | None = None
    """Answer of the product."""
    retrieval_context: Text | None = None
    """Text that the product retrieved for its answer."""
    latency: Amount | None = None
    """Milliseconds that the answer took."""
    input_tokens: Count | None = None
    """Tokens of the input."""
    output_tokens: Count | None = None
    """Tokens of the answer."""
    cache_read_input_tokens: Count | None = None
    """Tokens of the input that were read from a cache."""
    tokens: Count | None = None
    """Tokens of the turn; null counts as those of input and output."""
    cost_per_input_token: Amount | None = None
    """Price of one token of the input, in the client's currency."""
    cost_per_output_token: Amount | None = None
    """Price of one token of the answer, in the client's currency."""
    cost_per_cache_read_input_token: Amount | None = None
    """Price of one token read from a cache, in the client's currency."""
    cost: Amount | None = None
    """Cost of the turn; null counts as the sum of tokens times prices."""
    conversation_simulator_version: Line | None = None
    """Simulator that wrote the user's message; null for a real user."""


class InferenceResultInput(ResultFields, Request):
    """Turn to record: the user's input and the product's answer."""

    #: Keys that the contract has and this service sets itself; responses name them as ignored.
    WITHOUT_EFFECT: ClassVar = frozenset({"userId", "index"})

    session_id: Line
    """Session of the turn."""
    user_id: Annotated[Line | None, LINE] = None
    """Ignored: a turn belongs to the API key that records it."""
    index: Annotated[
        Count | None, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": _MAX_COUNT})
    ] = None
    """Ignored: turns are numbered in the order of recording."""
    status: NullableStatus = None
    """By default FAILED with an error, GENERATED with an output, else PENDING."""

    def turn(self) -> Turn:
        """Return the domain object."""
        values = self.model_dump(exclude={"session_id", "user_id", "index", "status"})
        return Turn(**values, status=ResultStatus(self.status or self._default_status()))

    def _default_status(self) -> Status:
        if self.error is not None:
            return "FAILED"
        return "PENDING" if self.actual_output is None else "GENERATED"


class InferenceResultUpdate(ResultFields, Update):
    """Fields of a turn to change: an omitted field stays, null clears it."""

    session_id: Line | None = Field(default=None, description=READ_ONLY)
    index: Annotated[int, WHOLE] | None = Field(default=None, description=READ_ONLY)
    status: NullableStatus = None
    """By default an output sets a PENDING turn to GENERATED, an error to FAILED."""


class InferenceResult(ResultFields, Resource):
    """Turn of a session."""

    session_id: Id
    """Session of the turn."""
    index: int
    """Position of the turn in its session, from 0."""
    status: ResultStatus
    """Status of the turn: pending, completed, failed or skipped."""
    input: dict[str, Any] | None
    """Input of the user."""
    credits_used: int | None = None
    """Always null: the service has no credits."""
    trace_id: str | None = None
    """Always null: the traces of a turn have its id."""


class ConversationTurn(Request):
    """Message of a conversation."""

    role: Literal["user", "assistant"]
    """Author of the message."""
    content: Text
    """Text of the message."""
    retrieval_context: Annotated[Text | None, TEXT] = Field(default=None, alias="retrieval_context")
    """Text that the product retrieved for an assistant's message."""


class InferenceResultBatchInput(Request):
    """Conversation to record: a user message and the answer after it make one turn."""

    session_id: Line
    """Session of the turns."""
    conversation_turns: list[ConversationTurn] = Field(min_length=1, max_length=MAX_TURNS)
    """Messages in their order; 4 MB in all."""
    conversation_simulator_version: Line | None = None
    """Simulator that wrote the user's messages; null for a real user."""

    def turns(self) -> list[Turn]:
        """Return the domain objects; an unpaired message leaves the other half null.

        Raises ``TooLarge`` for a batch that cannot be stored or returned as one.
        """
        text = dumps([(turn.content, turn.retrieval_context) for turn in self.conversation_turns])
        if len(text.encode()) > _MAX_STORED or len(dumps(text).encode()) > _MAX_RESPONSE:
            raise TooLarge("conversationTurns: must not exceed 4 MB; split the request.")
        found: list[Turn] = []
        waiting: ConversationTurn | None = None
        for turn in self.conversation_turns:
            if turn.role == "assistant":
                found.append(self._turn(waiting, turn))
                waiting = None
                continue
            if waiting:
                found.append(self._turn(waiting, None))
            waiting = turn
        return [*found, self._turn(waiting, None)] if waiting else found

    def _turn(self, user: ConversationTurn | None, assistant: ConversationTurn | None) -> Turn:
        contexts = [turn.retrieval_context for turn in (assistant, user) if turn]
        return Turn(
            input={"user_message": user.content} if user else None,
            actual_output=assistant.content if assistant else None,
            retrieval_context=next((one for one in contexts if one is not None), None),
            conversation_simulator_version=self.conversation_simulator_version,
            status=ResultStatus.GENERATED if assistant else ResultStatus.PENDING,
        )
