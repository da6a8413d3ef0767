"""Messages in the API: requests and responses."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.agents.api import (
    ClientSideTool,
    ListParameters,
    ListResponse,
    Tags,
    ToolInputs,
    Tools,
    tools_to_domain,
)
from shared.agents.messages import domain
from shared.agents.messages.domain import MessageRole
from shared.core.api_types import Line, is_none
from shared.core.ids import ModelId

#: Characters of one text or image, in base64 or in a `data:` URL, at most: more than a whole
#: message may have in bytes.
MAX_PART_LENGTH = 400_000
MAX_PARTS = 1000
_Content = Annotated[str, StringConstraints(max_length=MAX_PART_LENGTH)]


class TextContentPart(BaseModel):
    """Text."""

    type: Literal["text"]
    """`text`."""
    text: str
    """The text; not empty."""


class ImageContentPart(BaseModel):
    """An image, by its URL or its bytes."""

    type: Literal["image"]
    """`image`."""
    url: str | None = Field(default=None, exclude_if=is_none)
    """Address of the image. Either this or `base64`."""
    base64: str | None = Field(default=None, exclude_if=is_none)
    """Bytes of the image, in base64."""
    media_type: str | None = Field(default=None, exclude_if=is_none)
    """Type of the image, as in `image/png`."""


class ImageFileContentPart(BaseModel):
    """An image that was uploaded elsewhere. It is stored, and not shown to models."""

    type: Literal["image_file"]
    """`image_file`."""
    image_id: str
    """Id of the image there."""
    filename: str | None = Field(default=None, exclude_if=is_none)
    """Name of the file."""


class ToolCallContentPart(BaseModel):
    """A tool call that the agent requests."""

    type: Literal["tool_call"]
    """`tool_call`."""
    id: str
    """Id of the call; its result has the same."""
    name: str
    """Name of the tool."""
    arguments: Any
    """Arguments of the call, as the tool defines them."""


class ToolResultContentPart(BaseModel):
    """The result or error of a tool call."""

    type: Literal["tool_result"]
    """`tool_result`."""
    tool_call_id: str
    """Id of the call."""
    result: Any = Field(default=None, exclude_if=is_none)
    """Result of the call; absent after an error."""
    error: str | None = Field(default=None, exclude_if=is_none)
    """Reason of a failed call."""


class TextContentPartInput(TextContentPart):
    """Text in a request. The limits do not apply to what is stored already."""

    text: Annotated[_Content, Field(min_length=1)]


class ImageContentPartInput(ImageContentPart):
    """An image in a request, by its URL or its bytes."""

    url: _Content | None = None
    base64: _Content | None = None
    media_type: Line | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.url is None) == (self.base64 is None):
            raise ValueError("must have either url or base64")
        return self


class ImageFileContentPartInput(ImageFileContentPart):
    """An image that was uploaded elsewhere, in a request."""

    image_id: Line
    filename: Line | None = None


type InputContentPart = Annotated[
    TextContentPartInput | ImageContentPartInput | ImageFileContentPartInput,
    Field(discriminator="type"),
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

    effort: str | None = None
    """`low`, `medium` or `high`."""


class Controls(BaseModel):
    """Settings of the turn that answers a message."""

    model_id: str | None = None
    """Model of the turn; takes precedence over the session's."""
    reasoning: ReasoningConfig | None = None
    """Reasoning settings of the model."""


class ReasoningConfigInput(ReasoningConfig):
    """Reasoning settings of the model, in a request."""

    effort: Line | None = None


class ControlsInput(BaseModel):
    """Settings of the turn that answers a message, in a request."""

    model_id: ModelId | None = None
    """Model of the turn; takes precedence over the session's."""
    reasoning: ReasoningConfigInput | None = None
    """Reasoning settings of the model."""


def _check_role(role: Any) -> Any:
    if role != MessageRole.USER:
        raise PydanticCustomError("role", "must be 'user' or absent")
    return role


class InputMessage(BaseModel):
    """A user message."""

    role: Annotated[Literal[MessageRole.USER], BeforeValidator(_check_role)] = MessageRole.USER
    """`user`, or absent."""
    content: list[InputContentPart] = Field(min_length=1, max_length=MAX_PARTS)
    """Parts of the message; at most 1,000."""


class CreateMessageRequest(BaseModel):
    """A message to add to a session."""

    message: InputMessage
    """The message; at most 320 KiB with metadata and tags."""
    controls: ControlsInput | None = None
    """Settings of the turn that answers it."""
    metadata: dict[str, Any] | None = None
    """Stored and returned unchanged."""
    tags: Tags | None = None
    """Labels of the message; at most 50, of 128 characters each."""
    tools: ToolInputs = None
    """Tools that the client runs, only in the turn that answers this message; at most 64, of
    64 KiB together."""

    def to_domain(self) -> domain.NewMessage:
        parts = (part.model_dump(mode="json", exclude_none=True) for part in self.message.content)
        controls = self.controls
        return domain.NewMessage(
            role=self.message.role,
            content=tuple(parts),
            controls=controls.model_dump(mode="json", exclude_none=True) if controls else None,
            metadata=self.metadata,
            tags=tuple(self.tags or ()),
            tools=tools_to_domain(self.tools),
        )


class Message(BaseModel):
    """A message in a session."""

    id: str
    """Id of the message."""
    session_id: str
    """Session of the message."""
    sequence: int
    """Sequence of the event that stores the message."""
    role: MessageRole
    """Author: `user`, `agent`, or `tool_result` for the result of a tool."""
    content: list[ContentPart]
    """Parts of the message; an agent's has its tool calls."""
    controls: Controls | None = None
    """Settings of the turn that answers a user message."""
    metadata: dict[str, Any] | None = None
    """Metadata, as the client sent it."""
    tags: list[str] = Field(default=[], exclude_if=lambda tags: not tags)
    """Labels of the message; absent if there are none."""
    tools: Tools = []
    """Tools that the client runs in the message's turn; absent if there are none."""
    thinking: str | None = None
    """Reasoning behind an imported message; null for any other."""
    thinking_signature: str | None = None
    """Always null: not recorded."""
    created_at: datetime
    """Time of storing; of an imported message, that in its source."""

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
                "tools": ClientSideTool.list_of(message.tools),
                "thinking": message.thinking,
                "created_at": message.created_at,
            }
        )


class ListMessagesParameters(ListParameters):
    """Query parameters of the list of messages."""

    limit: int | None = Field(default=None, ge=1)
    """Maximum number of messages; as many as a response holds if absent. A page of fewer has a
    cursor, unless it is the last."""


class ListResponse_Message(ListResponse[Message]):  # noqa: N801  # the schema's name in the API
    """Messages, oldest first."""
