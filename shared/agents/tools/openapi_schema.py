"""Schemas of an OpenAPI document as plain JSON Schema, with their references resolved."""

from typing import Any
from urllib.parse import unquote

from shared.agents.tools.remote_failure import MAX_SCHEMA_BYTES, RemoteFailed
from shared.core.json import dumps

#: Schemas and parameters of one operation, with those behind references, and of all.
MAX_SCHEMAS = 2000
MAX_ALL_SCHEMAS = 50_000
#: Nesting of schemas; a deeper one accepts anything, as a schema that contains itself must.
_MAX_DEPTH = 12

#: Keywords that say something about a value.
_KEPT = frozenset(
    ("title", "description", "type", "format", "enum", "const", "default", "required",
     "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
     "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems",
     "minProperties", "maxProperties")
)  # fmt: skip
_LISTS = ("allOf", "anyOf", "oneOf")


class Document:
    """An OpenAPI document whose references lead to itself."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.root = document
        self.schemas_left = MAX_ALL_SCHEMAS

    def resolve(self, value: Any) -> dict[str, Any]:
        """Return the object that a value is or refers to. Raises :class:`RemoteFailed`."""
        for _ in range(10):
            if not isinstance(value, dict):
                raise invalid("has a value of the wrong type where an object must be")
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        raise invalid("has references that lead in a circle")

    def _at(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            raise invalid(f"refers to {reference[:100]}; references must begin with #/")
        value: Any = self.root
        for step in reference[2:].split("/"):
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(value, list) and _is_index(name, value):
                value = value[int(name)]
            elif isinstance(value, dict) and name in value:
                value = value[name]
            else:
                raise invalid(f"refers to {reference[:100]}, which it does not have")
        return value

    def schemas(self, operation: str) -> "Schemas":
        """Return the reader of the schemas of an operation."""
        return Schemas(self, operation)


def _is_index(name: str, value: list[Any]) -> bool:
    return name.isdecimal() and len(name) <= 6 and int(name) < len(value)


class Schemas:
    """One operation's schemas: counted, since references can multiply them."""

    def __init__(self, document: Document, operation: str) -> None:
        self._document = document
        self._operation = operation
        self._left = MAX_SCHEMAS
        self._bytes_left = MAX_SCHEMA_BYTES

    def count(self) -> None:
        """Count one more schema or parameter. Raises :class:`RemoteFailed`."""
        self._left -= 1
        self._document.schemas_left -= 1
        if self._left < 0:
            raise invalid(f"has an operation of more than {MAX_SCHEMAS} schemas")
        if self._document.schemas_left < 0:
            raise invalid(
                f"has more than {MAX_ALL_SCHEMAS:,} schemas in all; name the operations to use "
                "in operations"
            )

    def plain(self, value: Any, depth: int = _MAX_DEPTH) -> dict[str, Any]:
        """Return a schema without references. Raises :class:`RemoteFailed`."""
        self.count()
        if depth == 0 or isinstance(value, bool):
            return {}
        schema = self._document.resolve(value)
        found = {name: schema[name] for name in schema if name in _KEPT}
        self._old_forms(schema, found)
        self._bytes_left -= len(dumps(found))
        if self._bytes_left < 0:
            raise too_large(self._operation)
        for name in _LISTS:
            if isinstance(schema.get(name), list):
                found[name] = [self.plain(one, depth - 1) for one in schema[name]]
        if isinstance(schema.get("properties"), dict):
            found["properties"] = {
                name: self.plain(one, depth - 1) for name, one in schema["properties"].items()
            }
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                found[name] = self.plain(schema[name], depth - 1)
        if schema.get("additionalProperties") is False:
            found["additionalProperties"] = False
        return found

    @staticmethod
    def _old_forms(schema: dict[str, Any], found: dict[str, Any]) -> None:
        """Replace what OpenAPI 3.0 writes in another form than JSON Schema."""
        if schema.get("nullable") is True and isinstance(found.get("type"), str):
            found["type"] = [found["type"], "null"]
        for name in ("exclusiveMinimum", "exclusiveMaximum"):
            if isinstance(found.get(name), bool):
                del found[name]
        if not isinstance(found.get("required", []), list):
            del found["required"]


def too_large(operation: str) -> RemoteFailed:
    """Return the failure of an operation whose schema is too large."""
    return invalid(
        f"has a schema of more than {MAX_SCHEMA_BYTES // 1024} KiB for the operation "
        f"{operation[:100]}; name others in operations"
    )


def invalid(rule: str) -> RemoteFailed:
    """Return the failure of a document that breaks a rule."""
    return RemoteFailed(f"the OpenAPI document {rule}", retryable=False)
