"""What the API models of this area have in common: camelCase, strict types, bare schemas."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError

from shared.core.clock import timestamp


class ApiModel(BaseModel):
    """A body in camelCase; its schema has no titles and no null defaults, as the contract's."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        strict=True,
        allow_inf_nan=False,
        protected_namespaces=(),
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core_schema))
        for declared in schema.get("properties", {}).values():
            declared.pop("title", None)
            if declared.get("default", ...) is None:
                del declared["default"]
        schema.pop("title", None)
        return schema


class Request(ApiModel):
    """What a client sends. Keys that are not known are ignored."""


class Answer(ApiModel):
    """What the API answers, made from the attributes of a domain object.

    A field that a request may leave out is in every answer, and told as such.
    """

    model_config = ConfigDict(
        strict=False,
        from_attributes=True,
        validate_by_name=True,
        json_schema_serialization_defaults_required=True,
    )


class Error(BaseModel):
    """Why a request was refused: the kind of error, and a sentence about it."""

    error: str
    message: str


def _not_null(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "must not be null; leave it out instead")
    return value


def _object_under(key: str) -> BeforeValidator:
    """Return a validator that takes an object, or a text and puts it under a key."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            return {key: value}
        if not isinstance(value, dict):
            raise PydanticCustomError("text_or_object", "expected a string or an object")
        return value

    return BeforeValidator(read)


def _text(value: Any) -> Any:
    return value if value is None else str(value)


def _moment(value: Any) -> Any:
    return timestamp(value) if isinstance(value, datetime) else value


#: Says of a field that a change cannot touch it.
STAYS = "Cannot be changed; it may be sent as it is."
#: May be left out, but not be null.
NotNull = BeforeValidator(_not_null)

TEXT_OR_OBJECT = WithJsonSchema(
    {"oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": True}]}
)
TEXT_OBJECT_OR_NULL = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": True},
            {"type": "null"},
        ]
    }
)
#: A context: a text is short for ``{"value": text}``.
ContextValue = Annotated[dict[str, Any], _object_under("value"), TEXT_OR_OBJECT]
#: The user's input: a text is short for ``{"user_message": text}``.
InputValue = Annotated[dict[str, Any], _object_under("user_message"), TEXT_OR_OBJECT]
NullableContext = Annotated[ContextValue | None, TEXT_OBJECT_OR_NULL]
NullableInput = Annotated[InputValue | None, TEXT_OBJECT_OR_NULL]

#: An id or a time as it is answered.
Id = Annotated[str, BeforeValidator(_text)]
NullableId = Annotated[str | None, BeforeValidator(_text)]
Moment = Annotated[str, BeforeValidator(_moment), Field(json_schema_extra={"format": "date-time"})]
NullableMoment = Annotated[
    str | None,
    BeforeValidator(_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}),
]


class Change(Request):
    """What to change: a field left out stays, null clears it."""

    def told(self) -> dict[str, Any]:
        """Return the fields that were sent, null among them."""
        return self.model_dump(exclude_unset=True)


class Update(Change):
    """A change of what stands by itself.

    What the service sets may be sent as it is, so that a client can send back what it was
    answered.
    """

    id: str | None = Field(default=None, description=STAYS)
    user_id: str | None = Field(default=None, description=STAYS)
    created_at: str | None = Field(default=None, description=STAYS)
    deleted_at: str | None = Field(default=None, description=STAYS)


class Resource(Answer):
    """A stored thing, with what the service itself sets of each."""

    id: Id
    user_id: NullableId
    created_at: Moment
    deleted_at: NullableMoment
