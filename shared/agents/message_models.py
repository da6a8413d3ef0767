"""Messages in the API: what clients send and what they get."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.agents import domain
from shared.agents.domain import MessageRole
from shared.agents.models import ListParameters, ListResponse, is_absent
from shared.core.ids import ModelId


class TextContentPart(BaseModel):
    """Text."""

    type: Literal["text"]
    text: str = Field(min_length=1)


class ImageContentPart(BaseModel):
    """An image: where it is, or its bytes."""

    type: Literal["image"]
    url: str | None = Field(default=None, exclude_if=is_absent)
    base64: str | None = Field(default=None, exclude_if=is_absent)
    media_type: str | None = Field(
        default=None, exclude_if=is_absent, description="As in `image/png`."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.url is None) == (self.base64 is None):
            raise ValueError("an image has either a url or base64")
        return self


class ImageFileContentPart(BaseModel):
    """An image that was uploaded elsewhere. It is kept, and not shown to models."""

    type: Literal["image_file"]
    image_id: str
    filename: str | None = Field(default=None, exclude_if=is_absent)


class ToolCallContentPart(BaseModel):
    """A call of a tool that the agent asks for."""

    type: Literal["tool_call"]
    id: str
    name: str
    arguments: Any


class ToolResultContentPart(BaseModel):
    """What a call of a tool gave."""

    type: Literal["tool_result"]
    tool_call_id: str
    result: Any = Field(default=None, exclude_if=is_absent)
    error: str | None = Field(default=None, exclude_if=is_absent)


type InputContentPart = Annotated[
    TextContentPart | ImageContentPart | ImageFileContentPart, Field(discriminator="type")
]
type ContentPart = Annotated[
    TextContentPart
    | ImageContentPart
    | ImageFileContentPart
    | ToolCallContentPart
    | ToolResultContentPart,
    Field(discriminator="type"),
]


class ReasoningConfig(BaseModel):
    """How much the model is to reason."""

    effort: str | None = Field(default=None, description="`low`, `medium` or `high`.")


class Controls(BaseModel):
    """How the turn that answers a message is to run."""

    model_id: ModelId | None = Field(default=None, description="Goes before the session's model.")
    reasoning: ReasoningConfig | None = None


def _only_user(role: Any) -> Any:
    if role != MessageRole.USER:
        raise PydanticCustomError("role", "only 'user' can be sent; left out, it is that")
    return role


class InputMessage(BaseModel):
    """A message of the user."""

    role: Annotated[MessageRole, BeforeValidator(_only_user)] = MessageRole.USER
    content: list[InputContentPart] = Field(min_length=1)


class CreateMessageRequest(BaseModel):
    """A message to add to a session."""

    message: InputMessage
    controls: Controls | None = None
    metadata: dict[str, Any] | None = Field(default=None, description="Kept and given back.")
    tags: list[str] | None = Field(default=None, description="50 at most, of 128 characters.")

    def to_domain(self) -> domain.NewMessage:
        parts = (part.model_dump(mode="json", exclude_none=True) for part in self.message.content)
        controls = self.controls
        return domain.NewMessage(
            role=self.message.role,
            content=tuple(parts),
            controls=controls.model_dump(mode="json", exclude_none=True) if controls else None,
            metadata=self.metadata,
            tags=tuple(self.tags or ()),
        )


class Message(BaseModel):
    """A message in a session."""

    id: str
    session_id: str
    sequence: int = Field(description="Its place in the session's log of events.")
    role: MessageRole
    content: list[ContentPart]
    controls: Controls | None = None
    metadata: dict[str, Any] | None = None
    tags: list[str] = Field(default=[], exclude_if=lambda tags: not tags)
    thinking: str | None = Field(default=None, description="Always null: not recorded.")
    thinking_signature: str | None = Field(default=None, description="Always null: not recorded.")
    created_at: datetime

    @classmethod
    def of(cls, message: domain.Message) -> "Message":
        return cls.model_validate(
            {
                "id": str(message.id),
                "session_id": str(message.session_id),
                "sequence": message.sequence,
                "role": message.role,
                "content": message.content,
                "controls": message.controls,
                "metadata": message.metadata,
                "tags": message.tags,
                "created_at": message.created_at,
            }
        )


class ListMessagesParameters(ListParameters):
    """Which part of the list of messages."""

    limit: int | None = Field(
        default=None, ge=1, description="How many at most; left out, as many as an answer holds."
    )


class ListResponse_Message(ListResponse[Message]):  # noqa: N801  # the schema's name in the API
    """Messages, oldest first."""
