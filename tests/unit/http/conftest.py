"""Small API for each surface, called through real Lambda handlers."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from shared.core.api_types import UtcDatetime
from shared.core.ids import AgentId
from shared.core.observability import logger
from shared.http.api import PageQuery
from shared.http.caller import Admin, Reader, Writer
from shared.http.conditions import ExpectedVersion, IdempotencyKey
from shared.http.endpoint import Handler, lambda_handler
from shared.http.responses import no_content, reply
from shared.http.surfaces import AGENTS, EVALUATIONS, PLAYGROUND, Surface
from shared.storage.idempotency import Idempotency
from tests.support.gateway import Answer, Gateway

SURFACES = {"playground": PLAYGROUND, "agents": AGENTS, "evaluations": EVALUATIONS}


class Inner(BaseModel):
    text: str = Field(max_length=5)


class StrictPart(BaseModel, extra="forbid"):
    url: str = ""


class Strict(BaseModel, extra="forbid"):
    """Body without unknown fields."""

    mock_world: int = 0
    given_name: str = Field(default="", alias="givenName")
    parts: list[StrictPart] = []
    named: dict[str, StrictPart] = {}


class PartA(BaseModel):
    type: Literal["a"]


class PartB(BaseModel):
    type: Literal["b"]


class Body(BaseModel):
    agent_id: AgentId
    name: str = "n"
    amount: float = 1.0
    count: int = 0
    inner: Inner | None = None
    extra: dict[str, Any] = {}
    items: list[Inner] = []
    filled: Annotated[list[int], Field(min_length=1)] = [1]
    text: Annotated[str, Field(pattern=r"\S")] = "x"
    strict: Strict | None = None
    part: Annotated[PartA | PartB, Field(discriminator="type")] | None = None
    uuid: UUID | None = None
    time: UtcDatetime | None = None


def _shown(idempotency: Idempotency | None) -> dict[str, str | None]:
    if idempotency is None:
        return {"key": None, "fingerprint": None}
    return {"key": str(idempotency.uuid()), "fingerprint": idempotency.fingerprint}


def thing_handler(surface: Surface, act: Callable[[Any], Any] = lambda value: value) -> Handler:
    """Return a handler with one route per method; ``act`` stands for the service."""
    router = surface.router()

    @router.post("/v1/things/{agent_id}", status_code=201)
    async def create(
        agent_id: AgentId,
        body: Body,
        caller: Writer,
        idempotency: IdempotencyKey,
        dry_run: Annotated[bool, Query()] = False,
    ) -> Response:
        act(body)
        return reply(body.model_dump(mode="json") | _shown(idempotency), status=201, version=1)

    @router.get("/v1/things/{agent_id}")
    async def read(
        agent_id: AgentId,
        caller: Reader,
        limit: Annotated[int, Query(ge=1)] = 10,
        exclude: Annotated[list[str] | None, Query()] = None,
    ) -> Response:
        act(agent_id)
        return reply({"limit": limit, "exclude": exclude, "organization": caller.key_name})

    @router.put("/v1/things/{agent_id}")
    async def publish(
        agent_id: AgentId, caller: Admin, idempotency: IdempotencyKey, version: ExpectedVersion
    ) -> Response:
        act(version)
        versions = sorted(version) if isinstance(version, frozenset) else version
        return reply({"version": versions} | _shown(idempotency), version=7, replayed=True)

    @router.delete("/v1/things/{agent_id}")
    async def delete(agent_id: AgentId, caller: Writer) -> Response:
        act(agent_id)
        return no_content()

    @router.get("/v1/pages")
    async def pages(page: PageQuery) -> Response:
        return reply({"limit": page.limit})

    @router.get("/v1/names/{name}")
    async def name(name: str, request: Request) -> Response:
        return reply({"name": name, "path": request.url.path})

    return lambda_handler(router)


AGENT = "agent_" + "0" * 31 + "b"
#: One path for all: test ids contain it.
THING = "/v1/things/agent_" + "0" * 31 + "a"


@dataclass
class Client:
    """Client of one handler that sends requests as API Gateway does."""

    handler: Handler
    gateway: Gateway

    def send(
        self,
        method: str = "POST",
        path: str = THING,
        *,
        body: str | bytes | None = None,
        headers: dict[str, str | None] | None = None,
        query: str = "",
        resource: str = "/v1/things/{agent_id}",
    ) -> Answer:
        encoded = isinstance(body, bytes)
        text = base64.b64encode(body).decode() if isinstance(body, bytes) else body
        event = self.gateway.event(method, path, resource, {}, query, text, None)
        for name, value in (headers or {}).items():
            if value is None:
                del event["headers"][name], event["multiValueHeaders"][name]
            else:
                event["headers"][name] = value
                event["multiValueHeaders"][name] = [value]
        event["isBase64Encoded"] = encoded
        answer = self.handler(event, None)
        assert not answer["isBase64Encoded"]
        return Answer(answer["statusCode"], answer["headers"], answer["body"])


@pytest.fixture(params=SURFACES)
def surface_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(surface_name: str) -> Client:
    """A client of the test endpoint, for each surface."""
    return Client(thing_handler(SURFACES[surface_name]), Gateway())


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Return a function that returns the lines logged since the start of the test."""
    written = io.StringIO()
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", written)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]
