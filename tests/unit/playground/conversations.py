"""Workflows, revisions and playground sessions, created and used through the API."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.core.ids import SessionId
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.storage.table import table
from tests.support.gateway import Answer, Gateway
from tests.support.sse import last
from tests.unit.playground.graphs import small

URL = "/v1/workflow/playground/sessions"
WORKFLOWS, REVISIONS = "/v1/workflows", "/v1/workflows/revisions"
#: Operations on one session: method, rest of the path, and body.
OPERATIONS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("GET", "/graph", None),
    ("GET", "/trace", None),
    ("POST", "/messages", {"message": "Hello?"}),
    ("POST", "/resume", {"decision": "approve"}),
    ("DELETE", "", None),
]
#: Messages that lead the refund workflow to its approval.
REFUND = ("Hello", "NW-5581", "damaged", "249")


def new_workflow(api: Gateway, name: str = "Parcels") -> str:
    return str(api("POST", WORKFLOWS, {"name": name}).json["id"])


def new_revision(api: Gateway, workflow: str | None = None, **fields: Any) -> str:
    workflow = workflow or new_workflow(api)
    body = {"name": "first", "instructions": "Find parcels."} | fields
    return str(api("POST", f"{WORKFLOWS}/{workflow}/revisions", body).json["id"])


def put_graph(api: Gateway, revision: str, graph: dict[str, Any], **options: Any) -> Answer:
    return api("PUT", f"{REVISIONS}/{revision}/graph", {"compiled_graph": graph}, **options)


def new_revision_with_graph(
    api: Gateway, graph: dict[str, Any] | None = None, workflow: str | None = None
) -> str:
    revision = new_revision(api, workflow)
    assert put_graph(api, revision, graph or small()).status == 200
    return revision


def activate(api: Gateway, workflow: str, revision: str) -> Answer:
    url = f"{WORKFLOWS}/{workflow}/set-active-revision"
    return api("POST", url, {"revision_id": revision})


def open_session(api: Gateway, slug: str = "order-status") -> str:
    return str(api("POST", URL, {"catalog_slug": slug}).json["session_id"])


def open_session_on(api: Gateway, graph: dict[str, Any] | None = None) -> str:
    revision = new_revision_with_graph(api, graph)
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


def open_awaiting_approval(api: Gateway) -> str:
    session = open_session(api, "refund-approval")
    for message in REFUND:
        assert last(say(api, session, message).text)[0] == "complete"
    return session


def open_overdue(api: Gateway) -> str:
    """Open a session whose approval's deadline has passed."""
    session = open_awaiting_approval(api)
    pass_deadline(api, session)
    return session


def pass_deadline(api: Gateway, session: str) -> None:
    """Set the deadline of a session's approval to a past moment."""
    past = datetime.now(UTC) - timedelta(microseconds=1)
    PlaygroundSessionRepository(table()).change(
        api.organization_id,
        SessionId(UUID(session)),
        lambda found: replace(found, approval_deadline=past),
    )


def pages(api: Gateway, url: str) -> list[list[dict[str, Any]]]:
    """Follow the cursors of a list to its end; return the items of each page."""
    found: list[list[dict[str, Any]]] = []
    cursor = ""
    while True:
        answer = api("GET", f"{url}{cursor}")
        assert answer.status == 200, answer.text
        page = answer.json
        found.append(page["items"])
        assert page["has_more"] == (page["next_cursor"] is not None)
        if not page["has_more"]:
            return found
        cursor = f"{'&' if '?' in url else '?'}cursor={page['next_cursor']}"


def items_of(api: Gateway, url: str) -> list[dict[str, Any]]:
    """Return the items of all pages of a list."""
    return [item for page in pages(api, url) for item in page]
