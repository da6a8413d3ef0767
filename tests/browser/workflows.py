"""Workflows and their playground sessions, as the tests of several pages need them."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.conftest import Organization
from tests.support.node_graphs import agent, edge, handoff, variable

SESSIONS = "/v1/workflow/playground/sessions"


def question_graph(**changes: Any) -> dict[str, Any]:
    """Return a graph of one question and a handoff, with fields replaced."""
    return {
        "name": "Question",
        "entry_node_id": "ask",
        "context_variables": [variable("topic", description="the subject")],
        "nodes": [agent("ask", "topic", instructions="Ask."), handoff("person", "One moment.")],
        "edges": [edge("ask", "person")],
    } | changes


def open_session(organization: Organization, messages: tuple[str, ...] = (), **source: str) -> str:
    """Open a session, on the refund workflow by default; send messages; return its id."""
    body = source or {"catalog_slug": "refund-approval"}
    opened = organization.http.post(SESSIONS, json=body).raise_for_status()
    session = str(opened.json()["session_id"])
    for message in messages:
        say(organization, session, message)
    return session


def say(organization: Organization, session: str, message: str) -> None:
    url = f"{SESSIONS}/{session}/messages"
    organization.http.post(url, json={"message": message}).raise_for_status()


def new_revision(
    organization: Organization, graph: dict[str, Any], name: str = "Questions"
) -> tuple[str, str]:
    """Create a workflow with a revision; return the ids of both."""
    http = organization.http
    workflow = http.post("/v1/workflows", json={"name": name, "description": name}).json()["id"]
    body = {"name": name, "instructions": ""}
    revision = http.post(f"/v1/workflows/{workflow}/revisions", json=body).json()["id"]
    put_graph(organization, revision, graph)
    return workflow, revision


def put_graph(organization: Organization, revision: str, graph: dict[str, Any]) -> None:
    url = f"/v1/workflows/revisions/{revision}/graph"
    organization.http.put(url, json={"compiled_graph": graph}).raise_for_status()


def send(page: Page, message: str) -> None:
    page.get_by_label("Message", exact=True).fill(message)
    page.keyboard.press("Enter")


def node(page: Page, name: str) -> Locator:
    return page.locator(".graph").get_by_role("button", name=name)


def write_graph(page: Page, text: str) -> None:
    """Replace the text of the editor."""
    page.get_by_role("textbox", name="Graph as JSON").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)
