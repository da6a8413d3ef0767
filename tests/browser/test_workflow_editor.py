"""The editor of a workflow's graph: validation, revisions, and changes that are not saved."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import ConsolePage, Organization
from tests.browser.workflows import new_revision, node, put_graph, question_graph, send, write_graph
from tests.support.node_graphs import edge, handoff
from tests.support.page_watch import PageWatch

type Axe = Callable[[Page], None]
type Screenshot = Callable[..., None]


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
    expect(node(page, "Collect the request")).to_be_visible()

    # Fields are suggested where they belong.
    write_graph(page, '{\n  "')
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option", name="entry_node_id")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Not JSON")).to_be_visible()

    broken = question_graph(edges=[edge("ask", "nowhere")])
    broken["nodes"].append({**handoff("never", "Nobody comes here."), "colour": "red"})
    write_graph(page, json.dumps(broken, indent=2))
    expect(page.get_by_text("Invalid", exact=True)).to_be_visible()
    findings = page.get_by_role("tabpanel", name="Findings")
    expect(findings).to_contain_text("edges[0].to: must name a node, not 'nowhere'.")
    expect(node(page, "never")).to_contain_text("1 findings")
    expect(node(page, "ask")).to_contain_text("1 findings")
    findings.get_by_role("button", name="never").click()
    expect(node(page, "never")).to_have_attribute("aria-pressed", "true")
    axe(page)
    page.evaluate("scrollTo(0, 0)")
    screenshot("workflow-editor")
    page.get_by_role("button", name="Save as a new revision").click()
    page.get_by_role("button", name="Save the revision").click()
    expect(page.get_by_text("The graph has errors and is not saved.").first).to_be_visible()

    # What is not saved is not lost by mistake.
    page.get_by_role("link", name="Sessions", exact=True).click()
    page.get_by_role("button", name="Stay").click()
    write_graph(page, json.dumps(question_graph(), indent=2))
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
    send(page, "Hello")
    expect(page.get_by_text("Please tell me: the subject.")).to_be_visible()
    send(page, "It is about a tent")
    expect(page.get_by_text("One moment.")).to_be_visible()
    expect(page.get_by_text("Handed off.")).to_be_visible()


def test_link_to_another_revision_asks_before_changes_are_lost(
    console_page: ConsolePage, organization: Organization
) -> None:
    workflow, first = new_revision(organization, question_graph())
    url = f"/v1/workflows/{workflow}/revisions"
    body = {"name": "Other", "instructions": "", "based_on_revision_id": first}
    organization.http.post(url, json=body).raise_for_status()
    page = console_page(f"workflows/{workflow}?revision={first}")
    expect(page.get_by_text("0 errors")).to_be_visible()
    write_graph(page, "{}")

    page.get_by_role("link", name="Other", exact=True).click()
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_text("Not saved")).to_be_visible()
    page.get_by_role("link", name="Other", exact=True).click()
    page.get_by_role("button", name="Leave", exact=True).click()

    expect(page.get_by_role("heading", name="Graph of Other")).to_be_visible()


def test_conflict_of_two_editors_is_told_and_loses_nothing(
    console_page: ConsolePage, organization: Organization, watch: PageWatch
) -> None:
    workflow, revision = new_revision(organization, question_graph())
    page = console_page(f"workflows/{workflow}")
    expect(page.get_by_text("0 errors")).to_be_visible()
    put_graph(organization, revision, question_graph(name="Of another tab"))
    watch.expect("status of 412")

    write_graph(page, json.dumps(question_graph(name="Of this tab"), indent=2))
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
