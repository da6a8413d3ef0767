"""The playground's pages: talk to a workflow, follow its way through the graph, edit the graph."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ConsolePage, Organization, hold, next_of, wait_until_it_fits
from tests.support.node_graphs import agent, edge, failure_path, handoff, variable
from tests.support.page_watch import PageWatch

SESSIONS = "/v1/workflow/playground/sessions"
#: Messages that lead the refund workflow to its approval.
REFUND = ("Hello, a refund for order NW-5581", "damaged", "249")
HOSTILE = '<img src=x onerror="window.attacked=1"> \u202e[a](javascript:attacked) <script>'

type Axe = Callable[[Page], None]
type Screenshot = Callable[..., None]


def _graph(**changes: Any) -> dict[str, Any]:
    """Return a graph of one question and a handoff, with fields replaced."""
    return {
        "name": "Question",
        "entry_node_id": "ask",
        "context_variables": [variable("topic", description="the subject")],
        "nodes": [agent("ask", "topic", instructions="Ask."), handoff("person", "One moment.")],
        "edges": [edge("ask", "person")],
    } | changes


def _open(organization: Organization, messages: tuple[str, ...] = (), **source: str) -> str:
    """Open a session, on the refund workflow by default; send messages; return its id."""
    body = source or {"catalog_slug": "refund-approval"}
    opened = organization.http.post(SESSIONS, json=body).raise_for_status()
    session = str(opened.json()["session_id"])
    for message in messages:
        _say(organization, session, message)
    return session


def _say(organization: Organization, session: str, message: str) -> None:
    url = f"{SESSIONS}/{session}/messages"
    organization.http.post(url, json={"message": message}).raise_for_status()


def _new_revision(
    organization: Organization, graph: dict[str, Any], name: str = "Questions"
) -> tuple[str, str]:
    """Create a workflow with a revision; return the ids of both."""
    http = organization.http
    workflow = http.post("/v1/workflows", json={"name": name, "description": name}).json()["id"]
    body = {"name": name, "instructions": ""}
    revision = http.post(f"/v1/workflows/{workflow}/revisions", json=body).json()["id"]
    _put(organization, revision, graph)
    return workflow, revision


def _put(organization: Organization, revision: str, graph: dict[str, Any]) -> None:
    url = f"/v1/workflows/revisions/{revision}/graph"
    organization.http.put(url, json={"compiled_graph": graph}).raise_for_status()


def _send(page: Page, message: str) -> None:
    page.get_by_label("Message", exact=True).fill(message)
    page.keyboard.press("Enter")


def _node(page: Page, name: str) -> Locator:
    return page.locator(".graph").get_by_role("button", name=name)


def _write(page: Page, text: str) -> None:
    """Replace the text of the editor."""
    page.get_by_role("textbox", name="Graph as JSON").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def _assert_not_attacked(page: Page) -> None:
    assert page.evaluate("window.attacked") is None
    assert page.locator("main img[src=x], main a[href^=javascript]").count() == 0


def test_conversation_is_followed_through_the_graph_to_an_approval(
    console_page: ConsolePage, organization: Organization, axe: Axe, screenshot: Screenshot
) -> None:
    page = console_page("playground")
    expect(page.get_by_role("heading", name="No session yet")).to_be_visible()
    screenshot("playground")
    page.get_by_role("button", name="Open a session: Refund with approval").click()
    _send(page, REFUND[0])
    expect(page.get_by_role("heading", name="Turn 1")).to_be_visible()
    # Another client's turn is shown without a reload.
    _say(organization, page.url.rpartition("/")[2], REFUND[1])
    expect(page.get_by_text("the amount to be refunded, in euros")).to_be_visible()
    _send(page, REFUND[2])

    approval = page.get_by_text("Decision needed: Approval above 100 euros")
    expect(approval).to_be_visible()
    expect(page.get_by_text("Counts as denied after")).to_be_visible()
    expect(_node(page, "Approval above 100 euros")).to_contain_text("Now")
    reason = "refund_amount > order_total was false: order_total = 261.5, refund_amount = 249."
    expect(page.get_by_role("tabpanel")).to_contain_text("Not taken → More than was paid")
    expect(page.get_by_role("tabpanel")).to_contain_text(reason)
    page.get_by_role("button", name="get_order").click()
    expect(page.get_by_role("region", name="Answer of the tool")).to_contain_text("TENT-2P")
    axe(page)
    screenshot("playground-session")

    page.get_by_label("Reason (optional)").fill("The photos are clear.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("The photos are clear.")).to_be_visible()
    expect(page.get_by_text("The session takes no more messages.")).to_be_visible()
    expect(page.get_by_text("see you outdoors!")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_count(0)


def test_earlier_turn_is_shown_with_its_variables_and_nodes(
    console_page: ConsolePage, organization: Organization, axe: Axe
) -> None:
    page = console_page(f"playground/{_open(organization, REFUND)}")
    page.get_by_role("tab", name="Variables").click()
    amount = page.get_by_role("row").filter(has_text="refund_amount")
    expect(amount).to_contain_text("Changed from no value")

    page.get_by_role("button", name="Previous turn").click()

    expect(page.get_by_text("As of turn 2 of 3")).to_be_visible()
    expect(amount).not_to_contain_text("Changed")
    changed = page.get_by_role("row").filter(has_text="refund_reason")
    expect(changed).to_contain_text('"damaged"')
    expect(_node(page, "Collect the request")).to_contain_text("Now")
    axe(page)
    page.get_by_role("button", name="Back to now").click()
    _node(page, "Look up the order").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("Called get_order.")
    expect(page.get_by_role("region", name="Definition of look_up_order")).to_be_visible()
    # The graph is one stop of the tab key; the arrow keys go from node to node.
    page.keyboard.press("ArrowUp")
    expect(_node(page, "Collect the request")).to_be_focused()
    page.get_by_role("tab", name="Steps").click()
    expect(page.get_by_role("row").filter(has_text="More than was paid").last).to_contain_text(
        "Refunds team"
    )
    axe(page)


def test_fork_takes_another_decision_and_a_deletion_can_be_undone(
    console_page: ConsolePage, organization: Organization
) -> None:
    session = _open(organization, REFUND)
    page = console_page(f"playground/{session}")
    page.get_by_role("button", name="Fork from here, after turn 3").click()
    expect(page.get_by_role("link", name="Fork of another session")).to_be_visible()
    assert session not in page.url
    page.get_by_role("button", name="Deny").click()

    expect(page.get_by_text("Let us see what else we can do.")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_contain_text("Taken → Refund refused")
    origin = organization.http.get(f"{SESSIONS}/{session}").json()
    assert origin["awaiting_approval"]

    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Playground")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="fork")
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)
    page.get_by_label("Awaiting approval only").check()
    expect(row).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="Awaits approval").first).to_be_visible()


def test_message_that_is_not_stored_stays_in_its_field(
    console_page: ConsolePage, organization: Organization, watch: PageWatch
) -> None:
    session = _open(organization)
    page = console_page("playground")
    # The stack has no model that writes while a turn runs.
    live = 'event: delta\ndata: {"text": "Which order", "offset": 0, "live": true}\n\n'
    stream = {"status": 200, "content_type": "text/event-stream", "body": live}
    page.route("**/sse*", lambda route: route.fulfill(**stream))
    page.get_by_role("row").filter(has=page.locator(f"a[href$='{session}']")).get_by_role(
        "link"
    ).click()
    expect(page.get_by_role("heading", name="No turn yet")).to_be_visible()
    expect(page.get_by_label("Conversation")).to_contain_text("Which order")
    page.unroute("**/sse*")
    watch.expect("ERR_FAILED|ERR_CONNECTION")
    keys = []

    def fail_once(route: Any) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            # Stored, but the answer is lost on its way.
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/messages", fail_once)

    _send(page, REFUND[0])
    expect(page.get_by_role("alert")).to_contain_text("The API does not answer.")
    expect(page.get_by_label("Message", exact=True)).to_have_value(REFUND[0])
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_label("Message", exact=True)).to_have_value("")
    expect(page.get_by_role("heading", name=re.compile("^Turn "))).to_have_count(1)
    assert keys[0] == keys[1]


def test_message_sent_while_a_turn_runs_follows_it(
    console_page: ConsolePage, organization: Organization, watch: PageWatch
) -> None:
    page = console_page(f"playground/{_open(organization)}")
    held = hold(page, "**/messages")
    field = page.get_by_label("Message", exact=True)
    turns = page.get_by_role("heading", name=re.compile("^Turn "))

    _send(page, REFUND[0])
    expect(field).to_have_value("")
    _send(page, REFUND[1])
    expect(page.get_by_text("Is sent when the turn has ended.")).to_be_visible()
    next_of(page, held).continue_()
    expect(turns).to_have_count(1)
    expect(field).to_have_value("")

    # What follows a message that was not stored waits for its writer.
    second = next_of(page, held)
    _send(page, REFUND[2])
    watch.expect("ERR_FAILED")
    second.abort()
    expect(field).to_have_value(f"{REFUND[1]}\n{REFUND[2]}")
    expect(page.get_by_role("button", name="Send again")).to_be_enabled()
    assert not held
    expect(turns).to_have_count(1)


def test_graph_is_edited_validated_saved_and_talked_to(
    console_page: ConsolePage, axe: Axe, screenshot: Screenshot
) -> None:
    page = console_page("playground")
    page.get_by_role("button", name="New workflow").click()
    page.get_by_label("Name").fill("Refunds of ours")
    page.get_by_label("Graph of the first revision").select_option("refund-approval")
    axe(page)
    page.get_by_role("button", name="Create the workflow").click()
    expect(page.get_by_text("0 errors")).to_be_visible()
    expect(_node(page, "Collect the request")).to_be_visible()

    # Fields are suggested where they belong.
    _write(page, '{\n  "')
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option", name="entry_node_id")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Not JSON")).to_be_visible()

    broken = _graph(edges=[edge("ask", "nowhere")])
    broken["nodes"].append({**handoff("never", "Nobody comes here."), "colour": "red"})
    _write(page, json.dumps(broken, indent=2))
    expect(page.get_by_text("Invalid", exact=True)).to_be_visible()
    findings = page.get_by_role("tabpanel", name="Findings")
    expect(findings).to_contain_text("edges[0].to: must name a node, not 'nowhere'.")
    expect(_node(page, "never")).to_contain_text("1 findings")
    expect(_node(page, "ask")).to_contain_text("1 findings")
    findings.get_by_role("button", name="never").click()
    expect(_node(page, "never")).to_have_attribute("aria-pressed", "true")
    axe(page)
    page.evaluate("scrollTo(0, 0)")
    screenshot("workflow-editor")
    page.get_by_role("button", name="Save as a new revision").click()
    page.get_by_role("button", name="Save the revision").click()
    expect(page.get_by_text("The graph has errors and is not saved.").first).to_be_visible()

    # What is not saved is not lost by mistake.
    page.get_by_role("link", name="Sessions", exact=True).click()
    page.get_by_role("button", name="Stay").click()
    _write(page, json.dumps(_graph(), indent=2))
    expect(page.get_by_text("Valid", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save as a new revision").click()
    page.get_by_label("Name").fill("One question")
    page.get_by_role("button", name="Save the revision").click()
    expect(page.get_by_role("heading", name="Graph of One question")).to_be_visible()

    page.get_by_role("button", name="Set active: One question").click()
    expect(page.get_by_text("its graph cannot be replaced", exact=False)).to_be_visible()
    active = page.get_by_role("listitem").filter(has=page.get_by_text("Active", exact=True))
    expect(active).to_contain_text("One question")
    page.get_by_role("button", name="Open a session: One question").click()
    _send(page, "Hello")
    expect(page.get_by_text("Please tell me: the subject.")).to_be_visible()
    _send(page, "It is about a tent")
    expect(page.get_by_text("One moment.")).to_be_visible()
    expect(page.get_by_text("Handed off.")).to_be_visible()


def test_link_to_another_revision_asks_before_changes_are_lost(
    console_page: ConsolePage, organization: Organization
) -> None:
    workflow, first = _new_revision(organization, _graph())
    url = f"/v1/workflows/{workflow}/revisions"
    body = {"name": "Other", "instructions": "", "based_on_revision_id": first}
    organization.http.post(url, json=body).raise_for_status()
    page = console_page(f"workflows/{workflow}?revision={first}")
    expect(page.get_by_text("0 errors")).to_be_visible()
    _write(page, "{}")

    page.get_by_role("link", name="Other", exact=True).click()
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    page.get_by_role("link", name="Other", exact=True).click()
    page.get_by_role("button", name="Leave", exact=True).click()

    expect(page.get_by_role("heading", name="Graph of Other")).to_be_visible()


def test_conflict_of_two_editors_is_told_and_loses_nothing(
    console_page: ConsolePage, organization: Organization, watch: PageWatch
) -> None:
    workflow, revision = _new_revision(organization, _graph())
    page = console_page(f"workflows/{workflow}")
    expect(page.get_by_text("0 errors")).to_be_visible()
    _put(organization, revision, _graph(name="Of another tab"))
    watch.expect("status of 412")

    _write(page, json.dumps(_graph(name="Of this tab"), indent=2))
    page.get_by_role("button", name="Save in this revision").click()

    expect(page.get_by_role("alert")).to_contain_text("Your text is still here")
    editor = page.get_by_role("textbox", name="Graph as JSON")
    expect(editor).to_contain_text("Of this tab")
    page.get_by_role("button", name="Overwrite it").click()
    expect(page.get_by_text("The graph is saved in this revision.")).to_be_visible()
    expect(page.get_by_text("Not saved")).to_have_count(0)
    url = f"/v1/workflows/revisions/{revision}/graph"
    stored = organization.http.get(url).json()["compiled_graph"]
    assert stored["name"] == "Of this tab"
    # The tab key leaves the editor.
    editor.focus()
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()


def test_hostile_texts_are_shown_as_text(
    console_page: ConsolePage, organization: Organization, axe: Axe
) -> None:
    approval = {
        "id": HOSTILE,
        "type": "approval",
        "name": HOSTILE,
        "approver_role": HOSTILE,
        "suspend_message": HOSTILE,
        "timeout_seconds": 60,
        "on_approve": "person",
        "on_deny": "person",
    }
    graph = _graph(
        name=HOSTILE,
        persona=HOSTILE,
        context_variables=[variable("topic", description=HOSTILE), variable("unused")],
        nodes=[agent("ask", "topic", name=HOSTILE), approval, handoff("person", HOSTILE)],
        edges=[edge("ask", HOSTILE, condition=f'topic == "{"x" * 300}"'), edge("ask", HOSTILE)],
    )
    workflow, revision = _new_revision(organization, graph, name=HOSTILE)
    session = _open(organization, (HOSTILE, HOSTILE * 200), revision_id=revision)
    for path, shown in (
        (f"playground/{session}", "Decision needed"),
        (f"playground/{session}?tab=variables&turn=1", "As of turn 1"),
        (f"playground/{session}?tab=findings&node=ask", "unused_variable"),
        (f"playground/{session}?tab=node&node=ask&turn=<script>", "Definition"),
        (f"workflows/{workflow}", "suggestion"),
        ("playground", "Your workflows"),
    ):
        page = console_page(path)
        expect(page.get_by_text(shown).first).to_be_visible()
        expect(page.get_by_text("<img src=x").first).to_be_visible()
        _assert_not_attacked(page)
        page.set_viewport_size({"width": 360, "height": 800})
        wait_until_it_fits(page)
    axe(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_graph_of_200_nodes_is_usable(
    console_page: ConsolePage, organization: Organization, width: int
) -> None:
    count = 199
    nodes = [agent(f"node_{number}", "topic", name=f"Node {number}") for number in range(count)]
    edges = [edge(f"node_{number}", f"node_{number + 1}") for number in range(count - 1)]
    edges += [failure_path(f"node_{number}", "person") for number in range(count)]
    graph = _graph(
        entry_node_id="node_0",
        nodes=[*nodes, handoff("person", "One moment.")],
        edges=[*edges, edge(f"node_{count - 1}", "person")],
    )
    _, revision = _new_revision(organization, graph)
    page = console_page(f"playground/{_open(organization, revision_id=revision)}")
    page.set_viewport_size({"width": width, "height": 800})
    if width == 360:
        page.get_by_role("tab", name="Graph").click()

    expect(_node(page, "Node 0").first).to_be_visible()
    page.get_by_role("tab", name="Steps").click()
    page.get_by_role("button", name="Node 150").click()

    expect(_node(page, "Node 150")).to_be_in_viewport()
    expect(page.get_by_role("img", name="Map of the graph")).to_be_visible()
    wait_until_it_fits(page)
