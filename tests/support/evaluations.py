"""Evaluation entities for tests: catalog, sessions and turns, created through the API."""

from dataclasses import dataclass
from typing import Any

from shared.evaluations.results.domain import Usage
from shared.evaluations.sessions.wiring import sessions
from tests.support.gateway import Answer, Gateway

#: Roles of the messages of a batch.
USER, ASSISTANT = {"role": "user"}, {"role": "assistant"}


def new_entity(api: Gateway, path: str, **body: Any) -> dict[str, Any]:
    """Create an entity and return it as answered."""
    answer = api("POST", path, body)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


@dataclass(frozen=True)
class World:
    """Ids of one product with a version, and a test with a test case."""

    product: str
    version: str
    test: str
    test_case: str


def new_world(api: Gateway, name: str = "Shop") -> World:
    """Create the catalog entities that a session needs."""
    product = new_entity(api, "/products", name=name)["id"]
    version = new_entity(api, "/versions", productId=product, name="one")["id"]
    test = new_entity(api, "/tests", productId=product, name="Orders", type="SCENARIOS")["id"]
    case = new_entity(api, "/testCases", testId=test, input="Hello", context="A shop")["id"]
    return World(product, version, test, case)


def new_session(api: Gateway, version: str, **fields: Any) -> dict[str, Any]:
    return new_entity(api, "/sessions", versionId=version, **fields)


def new_turn(api: Gateway, session: str, **fields: Any) -> dict[str, Any]:
    return new_entity(api, "/inferenceResults", sessionId=session, **fields)


def send_batch(api: Gateway, session: str, *turns: dict[str, Any], **options: Any) -> Answer:
    """Send a conversation as the official SDK does."""
    body = {
        "conversationTurns": list(turns),
        "sessionId": session,
        "conversationSimulatorVersion": None,
    }
    return api("POST", "/inferenceResults/batch", body, **options)


def turns_of(api: Gateway, session: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api("GET", f"/inferenceResults?sessionIds={session}").json
    return found


def usage_of(api: Gateway, session: str) -> Usage:
    """Return the sums of a session, which the API does not show."""
    return sessions().get(api.organization_id, session).usage


def ids(api: Gateway, url: str) -> list[str]:
    """Return the ids in a list, in its order."""
    answer = api("GET", url)
    assert answer.status == 200, answer.text
    return [entity["id"] for entity in answer.json]
