"""Evaluation sessions in the API. The names of fields and schemas are the Galtea API's."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from shared.evaluations.api import (
    STAYS,
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
from shared.evaluations.models import NewSession, SessionStatus

#: Characters of a session's custom id, at most: it is a name, not a document.
MAX_CUSTOM_ID = 1024

#: Sessions deleted by one request, at most: as many as a filter may name.
MAX_DELETED = 100

Status = Literal["PENDING", "COMPLETED", "FAILED"]


class SessionInput(Request):
    """A session to open: in production, of a test case, or imported from elsewhere."""

    version_id: str = Field(description="The version that the session talks to.")
    custom_id: Annotated[
        str | None,
        NotNull,
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_CUSTOM_ID}),
    ] = Field(
        default=None,
        min_length=1,
        max_length=MAX_CUSTOM_ID,
        description="The client's own name for the session, unique in its version.",
    )
    test_case_id: Annotated[str | None, NotNull, WithJsonSchema({"type": "string"})] = Field(
        default=None,
        description="The test case that the session runs; not with isProduction true.",
    )
    is_production: bool | None = Field(
        default=None,
        description="Whether this is real traffic. Left out or null: true without a test case, "
        "false with one.",
    )
    context: Annotated[ContextValue | None, NotNull, TEXT_OR_OBJECT] = Field(
        default=None,
        description="What the conversation is about; a string is kept as `{value: …}`. Not with "
        "a test case, which has a context of its own.",
    )
    metadata: Annotated[
        dict[str, Any] | None,
        NotNull,
        WithJsonSchema({"type": "object", "additionalProperties": True}),
    ] = Field(default=None, description="Anything the client wants to keep with the session.")
    status: Status = Field(default="PENDING", description="Where the session stands.")

    def asked(self) -> NewSession:
        """Return what is asked for, in the words of the domain."""
        return NewSession(**{**self.model_dump(), "status": SessionStatus(self.status)})


_TEXT = WithJsonSchema({"type": "string"})
_NULLABLE_TEXT = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})


class SessionUpdate(Change):
    """What to change of a session: a field left out stays, null clears it."""

    id: Annotated[str | None, _TEXT] = Field(default=None, description=STAYS)
    version_id: Annotated[str | None, _TEXT] = Field(default=None, description=STAYS)
    created_at: Annotated[str | None, WithJsonSchema({"type": "string", "format": "date-time"})] = (
        Field(default=None, description=STAYS)
    )
    user_id: Annotated[str | None, _NULLABLE_TEXT] = Field(default=None, description=STAYS)
    test_case_id: Annotated[str | None, _NULLABLE_TEXT] = Field(default=None, description=STAYS)
    deleted_at: Annotated[
        str | None,
        WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}),
    ] = Field(default=None, description=STAYS)
    custom_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_CUSTOM_ID,
        description="The client's own name for the session, unique in its version.",
    )
    is_production: Annotated[bool | None, NotNull, WithJsonSchema({"type": "boolean"})] = Field(
        default=None, description="Not true for a session of a test case."
    )
    context: NullableContext = None
    metadata: dict[str, Any] | None = None
    status: Annotated[
        Status | None, NotNull, WithJsonSchema({"type": "string", "enum": list(SessionStatus)})
    ] = Field(default=None, description="PENDING opens a closed session again.")
    stopping_reason: str | None = None
    error: str | None = Field(default=None, description="What went wrong; does not close it.")


class SessionFinishInput(Request):
    """Why a session ends: a reason completes it, an error fails it."""

    stopping_reason: Annotated[str | None, _TEXT] = Field(
        default=None, description="Why the conversation is over, as in `GOAL_ACHIEVED`."
    )
    error: Annotated[str | None, _TEXT] = Field(default=None, description="What went wrong.")


class SessionsToDelete(Request):
    """Sessions to delete together."""

    ids: list[str] = Field(
        min_length=1,
        max_length=MAX_DELETED,
        description="If one of them does not exist, none is deleted.",
    )


class Session(Answer):
    """An evaluation session."""

    id: Id
    custom_id: str | None
    version_id: Id
    user_id: NullableId = Field(description="The API key that opened the session.")
    test_case_id: NullableId
    context: dict[str, Any] | None
    stopping_reason: str | None
    error: str | None
    status: SessionStatus
    is_production: bool
    metadata: dict[str, Any] | None
    created_at: Moment
    deleted_at: NullableMoment
