"""API models shared by the evaluation surface: camelCase, strict types, plain schemas."""

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
    """Body in camelCase; like the contract's, its schema has no titles and no null defaults."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        strict=True,
        allow_inf_nan=False,
        protected_namespaces=(),
        defer_build=False,
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


class Fields(ApiModel):
    """Base of fields that several models share; never validated, so its schema is not built."""

    model_config = ConfigDict(defer_build=True)


class Request(ApiModel):
    """Request body; unknown keys are ignored."""


class Answer(ApiModel):
    """Response body, built from the attributes of a domain object.

    Fields that are optional in a request are always present, and required in the schema.
    """

    model_config = ConfigDict(
        strict=False,
        from_attributes=True,
        validate_by_name=True,
        json_schema_serialization_defaults_required=True,
    )


class Error(BaseModel):
    """Error code and message of a rejected request."""

    error: str
    message: str


def _not_null(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "must not be null; omit the field instead")
    return value


def _object_under(key: str) -> BeforeValidator:
    """Return a validator that accepts an object, or a string to put under a key."""

    def parse(value: Any) -> Any:
        if isinstance(value, str):
            return {key: value}
        if not isinstance(value, dict):
            raise PydanticCustomError("text_or_object", "must be a string or an object")
        return value

    return BeforeValidator(parse)


def _text(value: Any) -> Any:
    return value if value is None else str(value)


def _moment(value: Any) -> Any:
    return timestamp(value) if isinstance(value, datetime) else value


#: Description of fields that an update cannot change.
READ_ONLY = "Read-only: accepted only with its current value."
#: Optional, but not nullable.
NotNull = BeforeValidator(_not_null)

TEXT = WithJsonSchema({"type": "string"})
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
#: A context: a string is short for ``{"value": string}``.
ContextValue = Annotated[dict[str, Any], _object_under("value"), TEXT_OR_OBJECT]
#: The user's input: a string is short for ``{"user_message": string}``.
InputValue = Annotated[dict[str, Any], _object_under("user_message"), TEXT_OR_OBJECT]
NullableContext = Annotated[ContextValue | None, TEXT_OBJECT_OR_NULL]
NullableInput = Annotated[InputValue | None, TEXT_OBJECT_OR_NULL]

#: Ids and times in a response.
Id = Annotated[str, BeforeValidator(_text)]
NullableId = Annotated[str | None, BeforeValidator(_text)]
Moment = Annotated[str, BeforeValidator(_moment), Field(json_schema_extra={"format": "date-time"})]
NullableMoment = Annotated[
    str | None,
    BeforeValidator(_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}),
]


class Change(Request):
    """Partial update: an omitted field stays, null clears it."""

    def sent_fields(self) -> dict[str, Any]:
        """Return the fields of the request, nulls included."""
        return self.model_dump(exclude_unset=True)


class Update(Change):
    """Partial update of an entity.

    Fields set by the service are accepted with their current value, so that a client can
    send back a whole response.
    """

    id: str | None = Field(default=None, description=READ_ONLY)
    user_id: str | None = Field(default=None, description=READ_ONLY)
    created_at: str | None = Field(default=None, description=READ_ONLY)
    deleted_at: str | None = Field(default=None, description=READ_ONLY)


class Resource(Answer):
    """Stored entity, with the fields that the service sets."""

    id: Id
    user_id: NullableId
    created_at: Moment
    deleted_at: NullableMoment


class User(Answer):
    """The API key of the request, shown as a user; the service has no user accounts."""

    id: Id = Field(description="Id of the API key; the `userId` of sessions and turns.")
    organization_id: Id
    name: str = Field(description="Name of the API key.")
