"""Evaluation sessions in the API. The names of fields and schemas are the Galtea API's."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from shared.evaluations.api import (
    TEXT_OR_OBJECT,
    Answer,
    ContextValue,
    Id,
    Moment,
    NotNull,
    NullableId,
    NullableMoment,
    Request,
)
from shared.evaluations.models import NewSession, SessionStatus

#: Characters of a session's custom id, at most: it is a name, not a document.
MAX_CUSTOM_ID = 1024

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
