"""Talking with playground sessions through the API, in this process."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.core.ids import SessionId
from shared.playground.sessions.repository import session_store
from shared.storage.table import table
from tests.support.gateway import Answer, Gateway
from tests.support.sse import last
from tests.unit.workflows.steps import a_revision_with_graph

URL = "/v1/workflow/playground/sessions"
#: What leads the refund workflow to its approval.
REFUND = ("Hello", "NW-5581", "damaged", "249")


def opened(api: Gateway, slug: str = "order-status") -> str:
    return str(api("POST", URL, {"catalog_slug": slug}).json["session_id"])


def opened_on(api: Gateway, graph: dict[str, Any]) -> str:
    revision = a_revision_with_graph(api, graph)
    return str(api("POST", URL, {"revision_id": revision}).json["session_id"])


def say(api: Gateway, session: str, message: str, **options: Any) -> Answer:
    return api("POST", f"{URL}/{session}/messages", {"message": message}, **options)


def decide(api: Gateway, session: str, decision: str, **fields: Any) -> Answer:
    return api("POST", f"{URL}/{session}/resume", {"decision": decision, **fields})


def read(api: Gateway, session: str) -> dict[str, Any]:
    answer = api("GET", f"{URL}/{session}")
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def items() -> list[dict[str, Any]]:
    """Return everything that is stored."""
    found: list[dict[str, Any]] = table().client.scan(TableName=table().name)["Items"]
    return found


def awaiting_approval(api: Gateway) -> str:
    session = opened(api, "refund-approval")
    for message in REFUND:
        assert last(say(api, session, message).text)[0] == "complete"
    return session


def let_pass(api: Gateway, session: str) -> None:
    """Let the deadline of a session's approval pass."""
    session_store(table()).update(
        api.organization_id,
        SessionId(UUID(session)),
        lambda found: replace(
            found, approval_deadline=datetime.now(UTC) - timedelta(microseconds=1)
        ),
    )
