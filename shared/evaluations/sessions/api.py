"""API models of evaluation sessions; names are the Galtea API's."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, WithJsonSchema

from shared.core.api_types import Line, is_none
from shared.evaluations.api import (
    LINE,
    MAX_LINE,
    READ_ONLY,
    TEXT,
    TEXT_OR_OBJECT,
    Answer,
    Change,
    ContextValue,
    Id,
    Moment,
    NotNull,
    NullableContext,
    NullableId,
    NullableMoment,
    Request,
    Text,
)
from shared.evaluations.sessions.domain import NewSession, SessionStatus

#: Characters of a custom id, at most.
MAX_CUSTOM_ID = 1024

#: Sessions deleted by one request, at most: as many as a filter may name.
MAX_DELETED = 100

Status = Literal["PENDING", "COMPLETED", "FAILED"]
CustomId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CUSTOM_ID)]
_NULLABLE_LINE = WithJsonSchema(
    {"anyOf": [{"type": "string", "maxLength": MAX_LINE}, {"type": "null"}]}
)
_MOMENT = {"type": "string", "format": "date-time"}
_OBJECT = WithJsonSchema({"type": "object", "additionalProperties": True})


class SessionInput(Request):
    """Session to create: in production, of a test case, or imported."""

    version_id: Line
    """Version of the product that the session talks to."""
    custom_id: Annotated[
        CustomId | None,
        NotNull,
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_CUSTOM_ID}),
    ] = None
    """The client's own id of the session, unique within its version."""
    test_case_id: Annotated[Line | None, NotNull, LINE] = None
    """Test case that the session runs; not allowed with isProduction true."""
    is_production: bool | None = None
    """Real traffic. By default, or if null, true without a test case, false with one."""
    context: Annotated[ContextValue | None, NotNull, TEXT_OR_OBJECT] = None
    """Context of the conversation; a string is stored as `{value: …}`. Not allowed with a test
    case, which has its own.
    """
    metadata: Annotated[dict[str, Any] | None, NotNull, _OBJECT] = None
    """Data of the client, stored with the session."""
    run_id: Line | None = None
    """Evaluation run that the session joins; not allowed for a session in production."""
    status: Status = "PENDING"
    """Status of the session."""

    def new_session(self) -> NewSession:
        """Return the domain object."""
        return NewSession(**{**self.model_dump(), "status": SessionStatus(self.status)})


class SessionUpdate(Change):
    """Fields of a session to change: an omitted field stays, null clears it."""

    id: Annotated[Line | None, LINE] = Field(default=None, description=READ_ONLY)
    version_id: Annotated[Line | None, LINE] = Field(default=None, description=READ_ONLY)
    created_at: Annotated[Line | None, WithJsonSchema(_MOMENT)] = Field(
        default=None, description=READ_ONLY
    )
    user_id: Annotated[Line | None, _NULLABLE_LINE] = Field(default=None, description=READ_ONLY)
    test_case_id: Annotated[Line | None, _NULLABLE_LINE] = Field(
        default=None, description=READ_ONLY
    )
    run_id: Annotated[Line | None, _NULLABLE_LINE] = Field(default=None, description=READ_ONLY)
    deleted_at: Annotated[Line | None, WithJsonSchema({"anyOf": [_MOMENT, {"type": "null"}]})] = (
        Field(default=None, description=READ_ONLY)
    )
    custom_id: CustomId | None = None
    """The client's own id of the session, unique within its version."""
    is_production: Annotated[bool | None, NotNull, WithJsonSchema({"type": "boolean"})] = None
    """Real traffic; must not be true for a session of a test case."""
    context: NullableContext = None
    """Context of the conversation; a string is stored as `{value: …}`."""
    metadata: dict[str, Any] | None = None
    """Data of the client; replaces all of it."""
    status: Annotated[
        Status | None, NotNull, WithJsonSchema({"type": "string", "enum": list(SessionStatus)})
    ] = None
    """New status; PENDING reopens a closed session."""
    stopping_reason: Text | None = None
    """Reason for the end; does not close the session."""
    error: Text | None = None
    """Error message; does not close the session."""


class SessionFinishInput(Request):
    """Reason for the end of a session: a stopping reason completes it, an error fails it."""

    stopping_reason: Annotated[Text | None, TEXT] = None
    """Reason for the end, such as `GOAL_ACHIEVED`."""
    error: Annotated[Text | None, TEXT] = None
    """Error message."""


class SessionsToDelete(Request):
    """Sessions to delete together."""

    ids: list[Line] = Field(min_length=1, max_length=MAX_DELETED)
    """Ids of sessions; if one of them does not exist, none is deleted."""


class Session(Answer):
    """Evaluation session."""

    id: Id
    """Id of the session."""
    custom_id: str | None
    """The client's own id of the session, unique within its version."""
    version_id: Id
    """Version of the product that the session talks to."""
    user_id: NullableId
    """API key that created the session."""
    test_case_id: NullableId
    """Test case that the session runs; null without one."""
    run_id: NullableId = Field(default=None, exclude_if=is_none)
    """Evaluation run that the session was created in; absent without one."""
    context: dict[str, Any] | None
    """Context of the conversation, of the test case if there is one."""
    stopping_reason: str | None
    """Reason for the end, as the client reported it."""
    error: str | None
    """Error message, as the client reported it."""
    status: SessionStatus
    """PENDING, COMPLETED or FAILED."""
    is_production: bool
    """Real traffic, in contrast to a test or an imported trace."""
    metadata: dict[str, Any] | None
    """Data of the client."""
    created_at: Moment
    """Time of creation."""
    deleted_at: NullableMoment
    """Always null: deleted sessions are not found."""
