"""API models of evaluation sessions; names are the Galtea API's."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from shared.evaluations.api import (
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
)
from shared.evaluations.sessions.domain import NewSession, SessionStatus

#: Characters of a custom id, at most.
MAX_CUSTOM_ID = 1024

#: Sessions deleted by one request, at most: as many as a filter may name.
MAX_DELETED = 100

Status = Literal["PENDING", "COMPLETED", "FAILED"]
_NULLABLE_TEXT = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})
_CUSTOM_ID = "The client's own id of the session, unique within its version."


class SessionInput(Request):
    """Session to create: in production, of a test case, or imported."""

    version_id: str = Field(description="Version of the product that the session talks to.")
    custom_id: Annotated[
        str | None,
        NotNull,
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_CUSTOM_ID}),
    ] = Field(default=None, min_length=1, max_length=MAX_CUSTOM_ID, description=_CUSTOM_ID)
    test_case_id: Annotated[str | None, NotNull, TEXT] = Field(
        default=None,
        description="Test case that the session runs; not allowed with isProduction true.",
    )
    is_production: bool | None = Field(
        default=None,
        description="Real traffic. By default, or if null, true without a test case, false "
        "with one.",
    )
    context: Annotated[ContextValue | None, NotNull, TEXT_OR_OBJECT] = Field(
        default=None,
        description="Context of the conversation; a string is stored as `{value: …}`. Not "
        "allowed with a test case, which has its own.",
    )
    metadata: Annotated[
        dict[str, Any] | None,
        NotNull,
        WithJsonSchema({"type": "object", "additionalProperties": True}),
    ] = Field(default=None, description="Data of the client, stored with the session.")
    status: Status = Field(default="PENDING", description="Status of the session.")

    def new_session(self) -> NewSession:
        """Return the domain object."""
        return NewSession(**{**self.model_dump(), "status": SessionStatus(self.status)})


class SessionUpdate(Change):
    """Fields of a session to change: an omitted field stays, null clears it."""

    id: Annotated[str | None, TEXT] = Field(default=None, description=READ_ONLY)
    version_id: Annotated[str | None, TEXT] = Field(default=None, description=READ_ONLY)
    created_at: Annotated[str | None, WithJsonSchema({"type": "string", "format": "date-time"})] = (
        Field(default=None, description=READ_ONLY)
    )
    user_id: Annotated[str | None, _NULLABLE_TEXT] = Field(default=None, description=READ_ONLY)
    test_case_id: Annotated[str | None, _NULLABLE_TEXT] = Field(default=None, description=READ_ONLY)
    deleted_at: Annotated[
        str | None,
        WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}),
    ] = Field(default=None, description=READ_ONLY)
    custom_id: str | None = Field(
        default=None, min_length=1, max_length=MAX_CUSTOM_ID, description=_CUSTOM_ID
    )
    is_production: Annotated[bool | None, NotNull, WithJsonSchema({"type": "boolean"})] = Field(
        default=None, description="Must not be true for a session of a test case."
    )
    context: NullableContext = None
    metadata: dict[str, Any] | None = None
    status: Annotated[
        Status | None, NotNull, WithJsonSchema({"type": "string", "enum": list(SessionStatus)})
    ] = Field(default=None, description="PENDING reopens a closed session.")
    stopping_reason: str | None = None
    error: str | None = Field(
        default=None, description="Error message; does not close the session."
    )


class SessionFinishInput(Request):
    """Reason for the end of a session: a stopping reason completes it, an error fails it."""

    stopping_reason: Annotated[str | None, TEXT] = Field(
        default=None, description="Reason for the end, such as `GOAL_ACHIEVED`."
    )
    error: Annotated[str | None, TEXT] = Field(default=None, description="Error message.")


class SessionsToDelete(Request):
    """Sessions to delete together."""

    ids: list[str] = Field(
        min_length=1,
        max_length=MAX_DELETED,
        description="If one of them does not exist, none is deleted.",
    )


class Session(Answer):
    """Evaluation session."""

    id: Id
    custom_id: str | None
    version_id: Id
    user_id: NullableId = Field(description="API key that created the session.")
    test_case_id: NullableId
    context: dict[str, Any] | None
    stopping_reason: str | None
    error: str | None
    status: SessionStatus
    is_production: bool
    metadata: dict[str, Any] | None
    created_at: Moment
    deleted_at: NullableMoment
