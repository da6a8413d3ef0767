"""Imports in the API: requests and responses."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    RootModel,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticKnownError

from shared.core.ids import UploadId
from shared.imports import domain
from shared.imports.domain import MAX_NAME_LENGTH
from shared.sessions.captured_conversations import (
    MAX_AGENT_LENGTH,
    MAX_ID_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
)
from shared.sessions.domain import SessionKind
from shared.storage.objects import MAX_OBJECT_BYTES

#: Bytes of the body of an import. A function's event holds 6 MB, in which a quotation mark or
#: a line end takes twice its bytes.
MAX_IMPORT_BODY = 5 * 1024 * 1024

#: Errors of an import, beside those of every request with a body.
ERRORS = {
    400: "The conversation cannot be read; the error names field and rule",
    404: "No such upload, or it has expired",
    409: "The session was imported before and deleted",
    413: "The body exceeds 5 MB, the upload 50 MB, or one message 320 KiB",
    422: "Another conversation was imported under this id before, or the body is no object",
}

#: As ``domain.KINDS``.
Kind = Literal[SessionKind.AGENT, SessionKind.EVALUATION]


def _text(most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, "maxLength": most})


_TAGS = {"type": "array", "maxItems": MAX_TAGS}
_TAG = {"type": "string", "maxLength": MAX_TAG_LENGTH}


class ConversationInput(BaseModel):
    """A conversation captured by another system, in any form of docs/importing.md.

    Fields are checked by the reader of all imports, with its own errors; unknown ones are
    ignored, as captures have fields of their source.
    """

    model_config = ConfigDict(extra="allow", json_schema_extra={"required": ["id"]})

    id: Annotated[Any, _text(MAX_ID_LENGTH)] = None
    """Id of the conversation in the system that captured it; at most 255 characters."""
    messages: Annotated[Any, WithJsonSchema({})] = None
    """The conversation, in any form; some forms have it under another key."""
    agent: Annotated[Any, _text(MAX_AGENT_LENGTH)] = None
    """Name of the agent, at most 255 characters: an agent or a product with that name is used, or
    created."""
    tags: Annotated[Any, WithJsonSchema(_TAGS | {"items": _TAG})] = None
    """Labels of the session; at most 50, of 128 characters each."""

    def to_value(self) -> dict[str, Any]:
        """Return the JSON object that was sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class UploadReference(BaseModel):
    """A conversation that was uploaded before."""

    upload_id: UploadId
    """Id of the upload; the body has no other field."""


def _form_of(value: Any) -> str:
    return "upload" if isinstance(value, dict) and value.keys() == {"upload_id"} else "conversation"


def _require_object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticKnownError("dict_type")
    return value


class ImportRequest(
    RootModel[
        Annotated[
            Annotated[ConversationInput, Tag("conversation")]
            | Annotated[UploadReference, Tag("upload")],
            Discriminator(_form_of),
            BeforeValidator(_require_object),
        ]
    ]
):
    """A conversation, or the id of its upload."""

    def to_domain(self) -> dict[str, Any] | UploadId:
        """Return the conversation's JSON object, or the upload's id."""
        if isinstance(self.root, UploadReference):
            return self.root.upload_id
        return self.root.to_value()


class ImportParameters(BaseModel):
    """Query parameters of an import."""

    kind: Kind = SessionKind.AGENT
    """Kind of the session: `agent`, or `evaluation` for a completed evaluation session."""
    name: Annotated[str, StringConstraints(pattern=r"\S", max_length=MAX_NAME_LENGTH)] = (
        "Imported conversations"
    )
    """Name of the version that evaluation sessions belong to; at most 255 characters. Without
    effect on agent sessions."""

    def to_domain(self) -> domain.ImportOptions:
        return domain.ImportOptions(self.kind, self.name)


class ImportedSession(BaseModel):
    """The session of an imported conversation."""

    id: str
    """Id of the conversation in the system that captured it."""
    session_id: str
    """Id of the session; paths of evaluation sessions also take it."""
    kind: Kind
    """Kind of the session."""

    @classmethod
    def of(cls, imported: domain.ImportedSession) -> "ImportedSession":
        return cls.model_validate(
            {
                "id": imported.conversation_id,
                "session_id": str(imported.session_id),
                "kind": imported.kind,
            }
        )


class Upload(BaseModel):
    """An address that accepts one conversation."""

    upload_id: str
    """Id of the upload, for the import."""
    url: str
    """Address of the upload; it holds its authorization, so no API key is sent along."""
    method: Literal["PUT"] = "PUT"
    """Method of the upload."""
    headers: dict[str, str]
    """Headers of the upload."""
    expires_at: datetime
    """Time until which an upload may begin."""
    max_bytes: int = MAX_OBJECT_BYTES
    """Bytes of the conversation, at most."""

    @classmethod
    def of(cls, upload: domain.Upload) -> "Upload":
        return cls(
            upload_id=str(upload.id),
            url=upload.url,
            headers={"Content-Type": "application/json"},
            expires_at=upload.expires_at,
        )
