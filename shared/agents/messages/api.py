"""Messages in the API: requests and responses."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.agents.api import ListParameters, ListResponse, is_none
from shared.agents.messages import domain
from shared.agents.messages.domain import MessageRole
from shared.core.ids import ModelId


class TextContentPart(BaseModel):
    """Text."""

    type: Literal["text"]
    text: str = Field(min_length=1)


class ImageContentPart(BaseModel):
    """An image, by its URL or its bytes."""

    type: Literal["image"]
    url: str | None = Field(default=None, exclude_if=is_none)
    base64: str | None = Field(default=None, exclude_if=is_none)
    media_type: str | None = Field(
        default=None, exclude_if=is_none, description="As in `image/png`."
    )

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.url is None) == (self.base64 is None):
            raise ValueError("must have either url or base64")
        return self


class ImageFileContentPart(BaseModel):
    """An image that was uploaded elsewhere. It is stored, and not shown to models."""

    type: Literal["image_file"]
    image_id: str
    filename: str | None = Field(default=None, exclude_if=is_none)


class ToolCallContentPart(BaseModel):
    """A tool call that the agent requests."""

    type: Literal["tool_call"]
    id: str
    name: str
    arguments: Any


class ToolResultContentPart(BaseModel):
    """The result or error of a tool call."""

    type: Literal["tool_result"]
    tool_call_id: str
    result: Any = Field(default=None, exclude_if=is_none)
    error: str | None = Field(default=None, exclude_if=is_none)


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
    """Reasoning settings of the model."""

    effort: str | None = Field(default=None, description="`low`, `medium` or `high`.")


class Controls(BaseModel):
    """Settings of the turn that answers a message."""

    model_id: ModelId | None = Field(
        default=None, description="Takes precedence over the session's model."
    )
    reasoning: ReasoningConfig | None = None


def _check_role(role: Any) -> Any:
    if role != MessageRole.USER:
        raise PydanticCustomError("role", "must be 'user' or absent")
    return role


class InputMessage(BaseModel):
    """A user message."""

    role: Annotated[MessageRole, BeforeValidator(_check_role)] = MessageRole.USER
    content: list[InputContentPart] = Field(min_length=1)


class CreateMessageRequest(BaseModel):
    """A message to add to a session."""

    message: InputMessage
    controls: Controls | None = None
    metadata: dict[str, Any] | None = Field(
        default=None, description="Stored and returned unchanged."
    )
    tags: list[str] | None = Field(default=None, description="At most 50, of 128 characters each.")

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
    sequence: int = Field(description="Sequence of the event that stores the message.")
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
    """Query parameters of the list of messages."""

    limit: int | None = Field(
        default=None,
        ge=1,
        description="Maximum number of messages; as many as a response holds if absent.",
    )


class ListResponse_Message(ListResponse[Message]):  # noqa: N801  # the schema's name in the API
    """Messages, oldest first."""
