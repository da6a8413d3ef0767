"""API models shared by the evaluation surface: camelCase, strict types, plain schemas."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

from shared.core.api_types import Line
from shared.core.clock import timestamp

#: Members of a list in a request, at most.
MAX_MEMBERS = 1_000


def limit_of(text: Any) -> int:
    """Return the maximum length of an annotated text type, such as ``Line``."""
    [found] = [one.max_length for one in text.__metadata__ if isinstance(one, StringConstraints)]
    return found or 0


#: URIs; signed ones have thousands of characters.
Uri = Annotated[str, StringConstraints(max_length=10_000)]
#: Texts of conversations. Storage limits them further: an item of more than 400 KB is a 413.
Text = Annotated[str, StringConstraints(max_length=500_000)]
MAX_LINE, MAX_TEXT = limit_of(Line), limit_of(Text)


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


#: Keys of a core schema that limit a value.
_LIMITS = ("min_length", "max_length", "pattern", "ge", "gt", "le", "lt", "multiple_of")


def _remove_limits(schema: Any) -> None:
    """Remove the limits of each text, number and list in a core schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):  # else it maps names of fields
            for limit in _LIMITS:
                schema.pop(limit, None)
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            _remove_limits(part)


class Fields(ApiModel):
    """Base of fields that several models share; never validated, so its schema is not built."""

    model_config = ConfigDict(defer_build=True)


class Request(ApiModel):
    """Request body; unknown keys are ignored."""


class Answer(ApiModel):
    """Response body, built from the attributes of a domain object.

    Fields that are optional in a request are always present, and required in the schema. The
    limits of a request do not apply: what was stored before a limit existed stays readable.
    """

    model_config = ConfigDict(
        strict=False,
        from_attributes=True,
        validate_by_name=True,
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _remove_limits(schema)
        return schema


def _not_null(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "must not be null; omit the field instead")
    return value


def _object_under(key: str) -> BeforeValidator:
    """Return a validator that accepts an object, or a string to put under a key."""

    def parse(value: Any) -> Any:
        if isinstance(value, str):
            if len(value) > MAX_TEXT:
                raise PydanticKnownError("string_too_long", {"max_length": MAX_TEXT})
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

_TEXT = {"type": "string", "maxLength": MAX_TEXT}
_OBJECT = {"type": "object", "additionalProperties": True}
#: Schemas of optional fields that are shown as not nullable.
LINE = WithJsonSchema({"type": "string", "maxLength": MAX_LINE})
TEXT = WithJsonSchema(_TEXT)
TEXT_OR_OBJECT = WithJsonSchema({"oneOf": [_TEXT, _OBJECT]})
TEXT_OBJECT_OR_NULL = WithJsonSchema({"anyOf": [_TEXT, _OBJECT, {"type": "null"}]})
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

    id: Line | None = Field(default=None, description=READ_ONLY)
    user_id: Line | None = Field(default=None, description=READ_ONLY)
    created_at: Line | None = Field(default=None, description=READ_ONLY)
    deleted_at: Line | None = Field(default=None, description=READ_ONLY)


class Resource(Answer):
    """Stored entity, with the fields that the service sets."""

    id: Id
    """Id of the entity."""
    user_id: NullableId
    """API key that created the entity, shown as a user."""
    created_at: Moment
    """Time of creation."""
    deleted_at: NullableMoment
    """Always null: deleted entities are not found."""


class User(Answer):
    """The API key of the request, shown as a user; the service has no user accounts."""

    id: Id = Field(description="Id of the API key; the `userId` of sessions and turns.")
    organization_id: Id
    """Organization of the API key; it owns all entities that the key creates."""
    name: str = Field(description="Name of the API key.")
