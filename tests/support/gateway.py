"""API Gateway in this process: requests to functions, and their answers."""

import base64
import importlib
import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from local.gateway_event import gateway_event
from shared.core.ids import ApiKeyId, OrganizationId
from shared.http.endpoint import PROTOBUF
from tests.support.documented import undocumented
from tests.support.template import functions, routes


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Gateway:
    """The API in one process: the template's routes and the real handlers."""

    organization_id: OrganizationId = field(default_factory=OrganizationId.new)
    key_id: ApiKeyId = field(default_factory=ApiKeyId.new)
    scopes: str = "read write admin"
    prefix: str = ""

    def __call__(
        self,
        method: str,
        url: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: str | bytes | None = None,
    ) -> Answer:
        """Send a request. ``raw`` is a body sent unchanged, in place of JSON; bytes as binary."""
        parts = urlsplit(url)
        handler, resource, parameters = route(method, parts.path)
        is_binary = isinstance(raw, bytes)
        if isinstance(raw, bytes):
            raw = base64.b64encode(raw).decode()
        text = raw if raw is not None else (None if body is None else json.dumps(body))
        event = self.event(method, parts.path, resource, parameters, parts.query, text, headers)
        event["isBase64Encoded"] = is_binary
        answer = handler(event, None)
        content = answer.get("body") or ""
        if answer.get("isBase64Encoded"):
            # The only binary type of the template; API Gateway sends others as base64.
            assert _headers(answer)["content-type"] == PROTOBUF
            content = base64.b64decode(content).decode(errors="surrogateescape")
        found = Answer(answer["statusCode"], _headers(answer), content)
        if fault := undocumented(method, resource, found.status, found.headers, found.text):
            raise AssertionError(fault)
        return found

    def event(
        self,
        method: str,
        path: str,
        resource: str,
        parameters: dict[str, str],
        query: str,
        text: str | None,
        headers: dict[str, str] | None,
    ) -> dict[str, Any]:
        return gateway_event(
            method,
            resource,
            self.prefix + path,
            parameters=parameters,
            query=parse_qsl(query, keep_blank_values=True),
            headers={"content-type": "application/json", **(headers or {})},
            body=text,
            context={
                "requestId": str(uuid4()),
                "stage": "api",
                "identity": {"sourceIp": "127.0.0.1"},
                "authorizer": {
                    "organization_id": str(self.organization_id),
                    "key_id": str(self.key_id),
                    "key_name": "test",
                    "scopes": self.scopes,
                },
            },
        )


def _headers(answer: dict[str, Any]) -> dict[str, str]:
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    for name, values in answer.get("multiValueHeaders", {}).items():
        headers[name.lower()] = values[-1]
    return headers


def route(method: str, path: str) -> tuple[Any, str, dict[str, str]]:
    """Return handler, resource and path parameters of a route of the template."""
    for pattern, resource, handler in _routes(method.lower()):
        if match := pattern.fullmatch(path):
            module, _, name = handler.rpartition(".")
            function = getattr(importlib.import_module(f"functions.{module}"), name)
            return function, resource, match.groupdict()
    raise LookupError(f"no route for {method} {path}")


@cache
def _routes(method: str) -> list[tuple[re.Pattern[str], str, str]]:
    """Return pattern, resource and handler of a method's routes, those with least variables first.

    API Gateway prefers them.
    """
    of_functions = functions()
    found = [
        (re.compile(_pattern(one.path)), one.path, str(of_functions[one.function]["Handler"]))
        for one in routes()
        if one.method == method
    ]
    return sorted(found, key=lambda one: one[1].count("{"))


def _pattern(resource: str) -> str:
    greedy = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", resource)
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", greedy)
