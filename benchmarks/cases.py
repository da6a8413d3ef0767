"""Benchmark cases: one endpoint of each folder of functions, with a request that succeeds."""

import json
import time
import urllib.request
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from local.aws import client
from local.endpoint import open_direct
from shared.core.ids import ApiKeyId, OrganizationId, SessionId
from tests.support.gateway import Gateway
from tests.support.running_stack import RunningStack

#: Ids that the requests refer to; filled by :func:`prepare`.
_ids: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """One endpoint and its request.

    Attributes
    ----------
    module
        Our module in functions/.
    other
        The equivalent module in benchmarks/textbook/ and benchmarks/bare/.
    """

    module: str
    other: str
    method: str
    path: str
    body: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return self.module

    def event(self) -> dict[str, Any]:
        """Return the event as API Gateway sends it, for the stack's organization."""
        gateway = Gateway(OrganizationId.parse(_ids["organization"]), ApiKeyId.new())
        text = None if self.body is None else json.dumps(self.body) % _ids
        return gateway.event(self.method, self.path, self.path, {}, "", text, None)


CASES = [
    Case("service.health", "health", "GET", "/health"),
    Case("identity.whoami", "whoami", "GET", "/v1/identity/whoami"),
    Case(
        "agents.create",
        "create_agent",
        "POST",
        "/v1/agents",
        {"name": "Ada", "system_prompt": "You help.", "tags": [], "capabilities": []},
    ),
    Case(
        "agent_sessions.create",
        "create_agent_session",
        "POST",
        "/v1/sessions",
        {"agent_id": "%(agent)s", "title": "Refund", "tags": ["vip"], "capabilities": []},
    ),
    Case(
        "evaluation_sessions.create",
        "create_evaluation_session",
        "POST",
        "/sessions",
        {"versionId": "%(version)s", "isProduction": None, "context": "A returning customer"},
    ),
    Case(
        "playground.open_session",
        "open_playground_session",
        "POST",
        "/v1/workflow/playground/sessions",
        {"catalog_slug": "order-status"},
    ),
    Case(
        "workflows.create_workflow",
        "create_workflow",
        "POST",
        "/v1/workflows",
        {"name": "Refunds", "description": "Takes refunds", "metadata": {"team": "care"}},
    ),
    Case(
        "scenarios.draft_from_session",
        "draft_from_session",
        "POST",
        "/v1/scenarios/draft-from-session",
        {"session_id": "%(session)s"},
    ),
]


def prepare(stack: RunningStack) -> None:
    """Create the entities that the requests refer to: ours by the API, the others' by puts.

    The others store one item per entity: agent, version, session, and each event of its log.
    """
    agent = call(stack, "POST", "/v1/agents", {"name": "Ada", "system_prompt": "You help."})
    product = call(stack, "POST", "/products", {"name": "Shop"})
    version = call(stack, "POST", "/versions", {"name": "1", "productId": product["id"]})
    session = call(stack, "POST", "/v1/sessions", {"agent_id": agent["id"]})
    message = {"content": [{"type": "text", "text": "I would like a refund for my last order."}]}
    path = f"/v1/sessions/{session['id']}"
    call(stack, "POST", f"{path}/messages", {"message": message})
    deadline = time.monotonic() + 60
    while session["status"] != "idle":
        assert time.monotonic() < deadline, "session: still not idle after 60 seconds"
        time.sleep(0.1)
        session = call(stack, "GET", path)
    events = call(stack, "GET", f"{path}/events")["data"]
    _ids.update(
        organization=stack.organization_id,
        agent=agent["id"],
        version=version["id"],
        session=str(SessionId.parse(session["id"]).uuid),
    )
    dynamodb = client(stack.local, "dynamodb")
    for name, sort, content in [
        ("agent", "item", agent),
        ("version", "item", version),
        ("session", "item", session),
        *(("session", f"event#{number:03d}", event) for number, event in enumerate(events)),
    ]:
        key = {"pk": f"{_ids['organization']}#{_ids[name]}", "sk": sort}
        item = TypeSerializer().serialize({**content, **key})["M"]
        dynamodb.put_item(TableName=stack.table_name, Item=item)


def call(
    stack: RunningStack, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Send a request to the stack and return its answer."""
    request = urllib.request.Request(
        stack.api_url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"x-api-key": stack.api_key, "content-type": "application/json"},
        method=method,
    )
    with open_direct(request, timeout=30) as response:
        content: dict[str, Any] = json.load(response, parse_float=Decimal)
        return content
