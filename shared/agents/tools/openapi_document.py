"""OpenAPI 3 document as tools: each operation with its one schema of arguments."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.agents.remote_capabilities import RESERVED_HEADERS, HttpApi
from shared.agents.tools.openapi_schema import Document, invalid, too_large
from shared.agents.tools.openapi_security import Credential, credential_of
from shared.agents.tools.openapi_server import base_url_of
from shared.agents.tools.remote_failure import (
    MAX_DESCRIPTION_LENGTH,
    MAX_LISTING_BYTES,
    MAX_SCHEMA_BYTES,
    MAX_TOOLS,
    RemoteFailed,
)
from shared.core.errors import InvalidInput
from shared.core.json import dumps
from shared.egress.hosts import AllowedHosts
from shared.llm.tool_names import acceptable

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_LOCATIONS = ("path", "query", "header")
#: Headers of a request that no parameter sets: OpenAPI's own rule, and those that frame it.
_IGNORED_HEADERS = RESERVED_HEADERS | {"accept", "authorization", "cookie"}
#: Argument that is the whole body, where its properties cannot be arguments themselves.
BODY = "body"

type _Entry = tuple[str, dict[str, Any], str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the path, the query or the headers."""

    name: str
    location: str
    is_required: bool
    is_exploded: bool
    is_deep: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as a tool.

    Attributes
    ----------
    body
        Names of the arguments that are the body's properties; ``(BODY,)`` for the argument
        that is the body as a whole; None for an operation without a body.
    """

    name: str
    description: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: tuple[str, ...] | None
    needs_body: bool
    schema: dict[str, Any]
    credential: Credential | None


@dataclass(frozen=True, slots=True)
class Description:
    """Operations of an API, and the base URL of their requests."""

    base_url: str
    operations: tuple[Operation, ...]


def check_document(api: HttpApi, hosts: AllowedHosts) -> None:
    """Raise ``InvalidInput`` for a document in a configuration that cannot be used."""
    try:
        read_document(api, api.document or {}, hosts)
    except RemoteFailed as failed:
        raise InvalidInput(f"capabilities.config.document: {failed.reason}.") from failed


def read_document(api: HttpApi, document: dict[str, Any], hosts: AllowedHosts) -> Description:
    """Return the operations of a document that an API offers. Raises :class:`RemoteFailed`."""
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith("3."):
        raise invalid('must be of OpenAPI 3 ("openapi": "3.0.3", say)')
    base_url = base_url_of(api, document, hosts)
    root = Document(document)
    wanted = set(api.operations) if api.operations is not None else None
    operations: dict[str, Operation] = {}
    for path, item, method, operation in _entries(root):
        identifier = _identifier(operation, method, path)
        if wanted is not None and not wanted & {identifier, acceptable(identifier)}:
            continue
        has_own_server = api.server is None and ("servers" in item or "servers" in operation)
        reader = _Reader(root, path, item, method, operation)
        read = None if has_own_server else reader.read(identifier, has_secret=bool(api.secret))
        if read is None and wanted is not None:
            raise invalid(
                f"has an operation {identifier} that is no tool: it needs a body that is not "
                "JSON, a cookie, or a server of its own"
            )
        if read is not None and operations.setdefault(read.name, read) is not read:
            raise invalid(f"has two operations with the name {identifier}")
        if len(operations) > MAX_TOOLS:
            raise invalid(f"has more than {MAX_TOOLS} operations; name those to use in operations")
    missing = {acceptable(one) for one in wanted or ()} - operations.keys()
    if missing:
        raise invalid(f"has no operation {min(missing)}")
    _check_size(operations)
    return Description(base_url, tuple(operations.values()))


def _check_size(operations: dict[str, Operation]) -> None:
    sizes = {name: len(dumps(one.schema).encode()) for name, one in operations.items()}
    for name, size in sizes.items():
        if size > MAX_SCHEMA_BYTES:
            raise too_large(name)
    if sum(sizes.values()) > MAX_LISTING_BYTES:
        raise invalid(
            f"has schemas of more than {MAX_LISTING_BYTES // 1024} KiB in all; name the "
            "operations to use in operations"
        )


def _entries(document: Document) -> Iterator[_Entry]:
    """Yield each operation with its path, the path's item and the method."""
    paths = document.root.get("paths")
    if not isinstance(paths, dict):
        raise invalid("has no paths")
    for path, value in paths.items():
        if path.startswith("x-"):  # an extension, of any type
            continue
        item = document.resolve(value)
        for method in _METHODS:
            if method in item:
                if not path.startswith("/") or "?" in path or "#" in path:
                    raise invalid(f"has the path {path[:100]}, which must begin with /")
                yield path, item, method, document.resolve(item[method])


def _identifier(operation: dict[str, Any], method: str, path: str) -> str:
    identifier = operation.get("operationId")
    if isinstance(identifier, str) and identifier:
        return identifier
    words = [part.strip("{}") for part in path.split("/") if part]
    return "_".join((method, *words))


class _Reader:
    """Reads one operation."""

    def __init__(
        self,
        document: Document,
        path: str,
        item: dict[str, Any],
        method: str,
        operation: dict[str, Any],
    ) -> None:
        self._document = document
        self._schemas = document.schemas(_identifier(operation, method, path))
        self._path = path
        self._item = item
        self._method = method
        self._operation = operation

    def read(self, identifier: str, *, has_secret: bool) -> Operation | None:
        """Return the operation, or None if no JSON of arguments can express it."""
        described = self._parameters()
        body = self._body()
        if described is None or body is None:
            return None
        properties = {parameter.name: schema for parameter, schema in described}
        required = [parameter.name for parameter, _ in described if parameter.is_required]
        names, body_schema, is_required = body
        if names is not None and (set(names) & properties.keys()):
            names = (BODY,)
        if names == (BODY,):
            if BODY in properties:
                return None
            properties[BODY] = body_schema
            required += [BODY] if is_required else []
        elif names is not None:
            properties |= body_schema["properties"]
            wanted = body_schema.get("required", ()) if is_required else ()
            required += [one for one in wanted if one in names]
        texts = (self._operation.get("summary"), self._operation.get("description"))
        return Operation(
            name=acceptable(identifier),
            description="\n".join(one for one in texts if isinstance(one, str))[
                :MAX_DESCRIPTION_LENGTH
            ]
            or f"{self._method.upper()} {self._path}",
            method=self._method.upper(),
            path=self._path,
            parameters=tuple(parameter for parameter, _ in described),
            body=names,
            needs_body=is_required,
            schema={
                "type": "object",
                "properties": properties,
                "required": list(dict.fromkeys(required)),
                "additionalProperties": False,
            },
            credential=credential_of(self._document, self._operation) if has_secret else None,
        )

    def _parameters(self) -> list[tuple[Parameter, dict[str, Any]]] | None:
        """Return the parameters with their schemas; None if one that is required cannot be sent."""
        found: dict[str, tuple[Parameter, dict[str, Any]]] = {}
        for owner in (self._item, self._operation):
            declared = owner.get("parameters")
            for one in declared if isinstance(declared, list) else ():
                self._schemas.count()
                value = self._document.resolve(one)
                parameter = _parameter(value)
                if parameter is None:
                    if value.get("required") is True and value.get("in") == "cookie":
                        return None
                    continue
                schema = self._schemas.plain(value.get("schema", {}))
                if isinstance(value.get("description"), str):
                    schema.setdefault("description", value["description"])
                found[parameter.name] = (parameter, schema)
        return list(found.values())

    def _body(self) -> tuple[tuple[str, ...] | None, dict[str, Any], bool] | None:
        """Return the arguments of the body, its schema, and whether it is required."""
        if "requestBody" not in self._operation:
            return None, {}, False
        body = self._document.resolve(self._operation["requestBody"])
        content = body.get("content")
        media = next(
            (
                one
                for kind, one in (content if isinstance(content, dict) else {}).items()
                if "json" in kind.lower()
            ),
            None,
        )
        is_required = body.get("required") is True
        if media is None:
            return None if is_required else (None, {}, False)
        schema = self._schemas.plain(self._document.resolve(media).get("schema", {}))
        named = schema.get("properties")
        is_plain = named and not schema.keys() & {"allOf", "anyOf", "oneOf"}
        if is_plain and not isinstance(schema.get("additionalProperties"), dict):
            return tuple(schema["properties"]), schema, is_required
        return (BODY,), schema, is_required


def _parameter(value: dict[str, Any]) -> Parameter | None:
    name, location = value.get("name"), value.get("in")
    if not isinstance(name, str) or not name or location not in _LOCATIONS:
        return None
    if location == "header" and name.lower() in _IGNORED_HEADERS:
        return None
    return Parameter(
        name=name,
        location=location,
        is_required=location == "path" or value.get("required") is True,
        is_exploded=value.get("explode") is not False,
        is_deep=value.get("style") == "deepObject",
    )
