"""HTTP tool: an operation of an OpenAPI document, called with the model's arguments."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2

from shared.agents.tools.openapi_document import BODY, Operation, Parameter
from shared.agents.tools.remote_failure import RemoteFailed
from shared.agents.tools.results import limited, shortened
from shared.agents.tools.tool import ToolContext, ToolFailed, ToolPlace
from shared.core.json import as_text, dumps, loads_strict
from shared.llm.port import ToolSpecification
from shared.secrets.organizations import hide

#: Methods whose repetition has no further effect (RFC 9110, section 9.2.2).
_REPEATABLE = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

type Send = Callable[[httpx2.Request], httpx2.Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTool:
    """An operation as a tool of a turn.

    Attributes
    ----------
    send
        Sends a request and returns the read response. Raises ``RemoteFailed``.
    """

    name: str
    operation: Operation
    base_url: str
    secret: str | None
    send: Send
    place: ToolPlace = ToolPlace.REMOTE

    @property
    def specification(self) -> ToolSpecification:
        return ToolSpecification(self.name, self.operation.description, self.operation.schema)

    @property
    def is_repeatable(self) -> bool:
        return self.operation.method in _REPEATABLE

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:  # noqa: ARG002  # a tool's signature
        """Send the request and return the answer. Raises :class:`ToolFailed`."""
        try:
            request = self._request(arguments)
        except (ValueError, httpx2.InvalidURL) as error:  # NaN, digits without end
            raise ToolFailed("the arguments make no valid request") from error
        try:
            response = self.send(request)
        except RemoteFailed as failed:
            raise ToolFailed(hide(failed.reason, self.secret)) from failed
        value = hide(_value(response), self.secret)
        if not response.is_success:
            reason = shortened(as_text(value)) if value not in (None, "") else "no text"
            raise ToolFailed(f"the server answered with status {response.status_code}: {reason}")
        return limited({"status": response.status_code} if value is None else value)

    def _request(self, arguments: dict[str, Any]) -> httpx2.Request:
        operation = self.operation
        self._check_names(arguments)
        given = [
            (one, arguments[one.name]) for one in operation.parameters if one.name in arguments
        ]
        paths = {
            one.name: _path_value(one, value) for one, value in given if one.location == "path"
        }
        query = [
            pair for one, value in given if one.location == "query" for pair in _query(one, value)
        ]
        headers = {
            one.name: _header_value(one.name, value)
            for one, value in given
            if one.location == "header"
        }
        path = _PLACEHOLDER.sub(lambda match: paths.get(match[1], match[0]), operation.path)
        headers = {"accept": "application/json", "user-agent": "agent-sessions"} | headers
        if operation.credential is not None and self.secret is not None:
            name, value = operation.credential.name, operation.credential.value(self.secret)
            if operation.credential.location == "query":
                query = [pair for pair in query if pair[0] != name] + [(name, value)]
            else:
                headers = {one: headers[one] for one in headers if one.lower() != name.lower()}
                headers[name] = value
        content = self._content(arguments)
        if content is not None:
            headers["content-type"] = "application/json"
        encoded = "&".join(
            f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query
        )
        url = f"{self.base_url}{path}" + (f"?{encoded}" if encoded else "")
        return httpx2.Request(operation.method, url, headers=headers, content=content)

    def _check_names(self, arguments: dict[str, Any]) -> None:
        for name in arguments:
            if name not in self.operation.schema["properties"]:
                raise ToolFailed(f"Invalid arguments: {name[:100]}: is unknown")
        for name in self.operation.schema["required"]:
            if name not in arguments:
                raise ToolFailed(f"Invalid arguments: {name}: is required")

    def _content(self, arguments: dict[str, Any]) -> bytes | None:
        names = self.operation.body
        if names is None:
            return None
        if names == (BODY,):
            return dumps(arguments[BODY]).encode() if BODY in arguments else None
        given = {name: arguments[name] for name in names if name in arguments}
        return dumps(given).encode() if given or self.operation.needs_body else None


def _plain(name: str, value: Any) -> str:
    """Return a single value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ToolFailed(f"Invalid arguments: {name}: must be a text or a number")


def _path_value(parameter: Parameter, value: Any) -> str:
    """Return the value as one segment of a path, which leads nowhere else."""
    values = value if isinstance(value, list) else [value]
    text = ",".join(_plain(parameter.name, one) for one in values)
    if text in ("", ".", ".."):
        raise ToolFailed(f"Invalid arguments: {parameter.name}: must not be empty, '.' or '..'")
    return quote(text, safe="")


def _query(parameter: Parameter, value: Any) -> list[tuple[str, str]]:
    if value is None:
        return []
    if isinstance(value, dict):
        return _query_object(parameter, value)
    if not isinstance(value, list):
        return [(parameter.name, _plain(parameter.name, value))]
    texts = [_plain(parameter.name, one) for one in value]
    if parameter.is_exploded:
        return [(parameter.name, text) for text in texts]
    return [(parameter.name, ",".join(texts))]


def _query_object(parameter: Parameter, value: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = [(name, _plain(f"{parameter.name}.{name}", one)) for name, one in value.items()]
    if parameter.is_deep:
        return [(f"{parameter.name}[{name}]", text) for name, text in pairs]
    if parameter.is_exploded:
        return pairs
    return [(parameter.name, ",".join(word for pair in pairs for word in pair))]


def _header_value(name: str, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    text = ",".join(_plain(name, one) for one in values)
    if _HEADER_VALUE.fullmatch(text) is None:
        raise ToolFailed(f"Invalid arguments: {name}: must have printable ASCII characters only")
    return text


def _value(response: httpx2.Response) -> Any:
    """Return the body: JSON, or text; None if there is none."""
    if not response.content:
        return None
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind in (
        "application/octet-stream",
        "application/pdf",
        "application/zip",
    ):
        return f"[content of type {kind}, {len(response.content):,} bytes; not shown]"
    try:
        return loads_strict(response.content)
    except (json.JSONDecodeError, UnicodeDecodeError):
        # Not `response.text`: the server would choose among all of Python's codecs.
        return response.content.decode("utf-8", "replace")
