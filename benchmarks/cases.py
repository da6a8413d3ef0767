"""What is measured: one endpoint of each folder of functions, with a request that succeeds."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from local.aws import client
from shared.core.ids import ApiKeyId, OrganizationId, SessionId
from tests.support.gateway import Gateway
from tests.support.running_stack import RunningStack
from tests.support.template import functions

#: Filled by :func:`prepare`: ids of what the requests refer to.
_known: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """One endpoint.

    Attributes
    ----------
    module
        Where ours is, in functions/.
    textbook
        The module in benchmarks/textbook/ that does the same.
    """

    module: str
    textbook: str
    method: str
    path: str
    body: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return self.module

    @property
    def function(self) -> str:
        """The function's name in template.yaml, and of its folder in the artifact."""
        handler = f"{self.module}.handler"
        return next(name for name, found in functions().items() if found["Handler"] == handler)

    def event(self) -> dict[str, Any]:
        """Return the event, as API Gateway sends it for the stack's organisation."""
        gateway = Gateway(OrganizationId.parse(_known["organization"]), ApiKeyId.new())
        text = None if self.body is None else json.dumps(self.body) % _known
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
    """Make what the requests refer to: by the API for ours, by hand for the textbook's."""
    agent = _post(stack, "/v1/agents", {"name": "Ada", "system_prompt": "You help."})
    product = _post(stack, "/products", {"name": "Shop"})
    version = _post(stack, "/versions", {"name": "1", "productId": product["id"]})
    session = _post(stack, "/v1/sessions", {"agent_id": agent["id"]})
    said = {"content": [{"type": "text", "text": "I would like a refund for my last order."}]}
    _post(stack, f"/v1/sessions/{session['id']}/messages", {"message": said})
    _known.update(
        organization=stack.organization_id,
        agent=agent["id"],
        version=version["id"],
        session=str(SessionId.parse(session["id"]).uuid),
    )
    _put_textbook_items(stack)


def _put_textbook_items(stack: RunningStack) -> None:
    dynamodb = client(stack.local, "dynamodb")
    items = [
        {"pk": {"S": f"{_known['organization']}#{_known['agent']}"}, "sk": {"S": "item"}},
        {"pk": {"S": f"{_known['organization']}#{_known['version']}"}, "sk": {"S": "item"}},
        {
            "pk": {"S": f"{_known['organization']}#{_known['session']}"},
            "sk": {"S": "event#1"},
            "role": {"S": "user"},
            "text": {"S": "I would like a refund for my last order."},
        },
    ]
    for item in items:
        dynamodb.put_item(TableName=stack.table_name, Item=item)


def _post(stack: RunningStack, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        stack.api_url + path,
        data=json.dumps(body).encode(),
        headers={"x-api-key": stack.api_key, "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
        return found
