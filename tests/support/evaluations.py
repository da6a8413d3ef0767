"""Products, versions, tests, test cases, sessions and turns to test with."""

from dataclasses import dataclass
from typing import Any

from tests.support.gateway import Answer, Gateway

#: Who speaks in a turn of a batch.
USER, ASSISTANT = {"role": "user"}, {"role": "assistant"}


def made(api: Gateway, path: str, **body: Any) -> dict[str, Any]:
    """Create something and return it as answered."""
    answer = api("POST", path, body)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


@dataclass(frozen=True)
class World:
    """One product with a version, and a test with a case, by id."""

    product: str
    version: str
    test: str
    test_case: str


def new_world(api: Gateway, name: str = "Shop") -> World:
    """Create what a session needs above it."""
    product = made(api, "/products", name=name)["id"]
    version = made(api, "/versions", productId=product, name="one")["id"]
    test = made(api, "/tests", productId=product, name="Orders", type="SCENARIOS")["id"]
    case = made(api, "/testCases", testId=test, input="Hello", context="A shop")["id"]
    return World(product, version, test, case)


def new_session(api: Gateway, version: str, **fields: Any) -> dict[str, Any]:
    """Open a session."""
    return made(api, "/sessions", versionId=version, **fields)


def new_turn(api: Gateway, session: str, **fields: Any) -> dict[str, Any]:
    """Record a turn."""
    return made(api, "/inferenceResults", sessionId=session, **fields)


def send_batch(api: Gateway, session: str, *turns: dict[str, Any], **options: Any) -> Answer:
    """Send turns in one request, as the official SDK does."""
    body = {
        "conversationTurns": list(turns),
        "sessionId": session,
        "conversationSimulatorVersion": None,
    }
    return api("POST", "/inferenceResults/batch", body, **options)


def ids(api: Gateway, url: str) -> list[str]:
    """Return the ids a list answers, in its order."""
    answer = api("GET", url)
    assert answer.status == 200, answer.text
    return [thing["id"] for thing in answer.json]
