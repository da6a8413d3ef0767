"""The playground's pages: talk to a workflow, and follow its way through the graph."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ConsolePage, Organization, hold, next_of, wait_until_it_fits
from tests.browser.workflows import (
    SESSIONS,
    new_revision,
    node,
    open_session,
    question_graph,
    say,
    send,
)
from tests.support.node_graphs import agent, edge, failure_path, handoff, variable
from tests.support.page_watch import PageWatch

#: Messages that lead the refund workflow to its approval.
REFUND = ("Hello, a refund for order NW-5581", "damaged", "249")
HOSTILE = '<img src=x onerror="window.attacked=1"> \u202e[a](javascript:attacked) <script>'

type Axe = Callable[[Page], None]
type Screenshot = Callable[..., None]


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
    send(page, REFUND[0])
    expect(page.get_by_role("heading", name="Turn 1")).to_be_visible()
    # Another client's turn is shown without a reload.
    say(organization, page.url.rpartition("/")[2], REFUND[1])
    expect(page.get_by_text("the amount to be refunded, in euros")).to_be_visible()
    send(page, REFUND[2])

    approval = page.get_by_text("Decision needed: Approval above 100 euros")
    expect(approval).to_be_visible()
    expect(page.get_by_text("Counts as denied after")).to_be_visible()
    expect(node(page, "Approval above 100 euros")).to_contain_text("Now")
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
    page = console_page(f"playground/{open_session(organization, REFUND)}")
    page.get_by_role("tab", name="Variables").click()
    amount = page.get_by_role("row").filter(has_text="refund_amount")
    expect(amount).to_contain_text("Changed from no value")

    page.get_by_role("button", name="Previous turn").click()

    expect(page.get_by_text("As of turn 2 of 3")).to_be_visible()
    expect(amount).not_to_contain_text("Changed")
    changed = page.get_by_role("row").filter(has_text="refund_reason")
    expect(changed).to_contain_text('"damaged"')
    expect(node(page, "Collect the request")).to_contain_text("Now")
    axe(page)
    page.get_by_role("button", name="Back to now").click()
    node(page, "Look up the order").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("Called get_order.")
    expect(page.get_by_role("region", name="Definition of look_up_order")).to_be_visible()
    # The graph is one stop of the tab key; the arrow keys go from node to node.
    page.keyboard.press("ArrowUp")
    expect(node(page, "Collect the request")).to_be_focused()
    page.get_by_role("tab", name="Steps").click()
    expect(page.get_by_role("row").filter(has_text="More than was paid").last).to_contain_text(
        "Refunds team"
    )
    axe(page)


def test_fork_takes_another_decision_and_a_deletion_can_be_undone(
    console_page: ConsolePage, organization: Organization
) -> None:
    session = open_session(organization, REFUND)
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
    session = open_session(organization)
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

    send(page, REFUND[0])
    expect(page.get_by_role("alert")).to_contain_text("The API does not answer.")
    expect(page.get_by_label("Message", exact=True)).to_have_value(REFUND[0])
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_label("Message", exact=True)).to_have_value("")
    expect(page.get_by_role("heading", name=re.compile("^Turn "))).to_have_count(1)
    assert keys[0] == keys[1]


def test_message_sent_while_a_turn_runs_follows_it(
    console_page: ConsolePage, organization: Organization, watch: PageWatch
) -> None:
    page = console_page(f"playground/{open_session(organization)}")
    held = hold(page, "**/messages")
    field = page.get_by_label("Message", exact=True)
    turns = page.get_by_role("heading", name=re.compile("^Turn "))

    send(page, REFUND[0])
    expect(field).to_have_value("")
    send(page, REFUND[1])
    expect(page.get_by_text("Is sent when the turn has ended.")).to_be_visible()
    next_of(page, held).continue_()
    expect(turns).to_have_count(1)
    expect(field).to_have_value("")

    # What follows a message that was not stored waits for its writer.
    second = next_of(page, held)
    send(page, REFUND[2])
    watch.expect("ERR_FAILED")
    second.abort()
    expect(field).to_have_value(f"{REFUND[1]}\n{REFUND[2]}")
    expect(page.get_by_role("button", name="Send again")).to_be_enabled()
    assert not held
    expect(turns).to_have_count(1)


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
    graph = question_graph(
        name=HOSTILE,
        persona=HOSTILE,
        context_variables=[variable("topic", description=HOSTILE), variable("unused")],
        nodes=[agent("ask", "topic", name=HOSTILE), approval, handoff("person", HOSTILE)],
        edges=[edge("ask", HOSTILE, condition=f'topic == "{"x" * 300}"'), edge("ask", HOSTILE)],
    )
    workflow, revision = new_revision(organization, graph, name=HOSTILE)
    session = open_session(organization, (HOSTILE, HOSTILE * 200), revision_id=revision)
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
    graph = question_graph(
        entry_node_id="node_0",
        nodes=[*nodes, handoff("person", "One moment.")],
        edges=[*edges, edge(f"node_{count - 1}", "person")],
    )
    _, revision = new_revision(organization, graph)
    page = console_page(f"playground/{open_session(organization, revision_id=revision)}")
    page.set_viewport_size({"width": width, "height": 800})
    if width == 360:
        page.get_by_role("tab", name="Graph").click()

    expect(node(page, "Node 0").first).to_be_visible()
    page.get_by_role("tab", name="Steps").click()
    page.get_by_role("button", name="Node 150").click()

    expect(node(page, "Node 150")).to_be_in_viewport()
    expect(page.get_by_role("img", name="Map of the graph")).to_be_visible()
    wait_until_it_fits(page)
