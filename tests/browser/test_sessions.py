"""Walks through the sessions in the console: the list, a session's timeline, and its actions."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import ConsolePage, Organization, hold, next_of, wait_until_it_fits
from tests.support.running_stack import until

type Axe = Callable[[Page], None]
type Screenshot = Callable[..., None]

#: A turn with a tool call that succeeds and one that fails.
ORDER = [
    {"role": "user", "content": "Where is my order 4711?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps({"number": 4711})},
            }
            for number, name in enumerate(("find_order", "notify_carrier"))
        ],
    },
    {"role": "tool", "tool_call_id": "call_0", "content": json.dumps({"status": "late"})},
    {"role": "tool", "tool_call_id": "call_1", "content": "closed on Sundays", "is_error": True},
    {"role": "assistant", "content": "It arrives on Tuesday."},
]
TOOL = {
    "type": "client_side",
    "name": "find_order",
    "description": "Finds an order.",
    "parameters": {"type": "object", "properties": {"number": {"type": "integer"}}},
}


def _imported(organization: Organization, kind: str = "agent", **fields: Any) -> str:
    body = {"id": f"call-{uuid4()}", "agent": "Order desk", "messages": ORDER, **fields}
    answer = organization.http.post("/v1/sessions/import", params={"kind": kind}, json=body)
    return str(answer.raise_for_status().json()["session_id"])


def _opened(organization: Organization) -> str:
    answer = organization.http.post(
        "/v1/workflow/playground/sessions", json={"catalog_slug": "refund-approval"}
    )
    return str(answer.raise_for_status().json()["session_id"])


def _agent_session(organization: Organization, **fields: Any) -> str:
    agent = {"name": "Order desk", "system_prompt": "Be brief.", **fields}
    created = organization.http.post("/v1/agents", json=agent).raise_for_status().json()
    body = {"agent_id": created["id"], "title": "Talk"}
    answer = organization.http.post("/v1/sessions", json=body)
    return str(answer.raise_for_status().json()["id"])


def _say(organization: Organization, session_id: str, text: str) -> None:
    message = {"role": "user", "content": [{"type": "text", "text": text}]}
    path = f"/v1/sessions/{session_id}/messages"
    organization.http.post(path, json={"message": message}).raise_for_status()


def _rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def _act(page: Page, entry: str) -> None:
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def _composer(page: Page) -> Locator:
    return page.get_by_label("Message to the agent")


@pytest.fixture(scope="module")
def listed(organization: Organization) -> dict[str, str]:
    """Sessions of each kind."""
    return {
        "evaluation": _imported(organization, "evaluation", id="march-001"),
        "playground": _opened(organization),
        "agent": _imported(organization, title="A late order", tags=["web", "late"]),
    }


def test_list_shows_all_kinds_by_filters_that_the_address_has(
    console_page: ConsolePage, listed: dict[str, str], axe: Axe, screenshot: Screenshot
) -> None:
    page = console_page("sessions")
    expect(_rows(page)).to_have_count(len(listed))
    axe(page)
    screenshot("sessions")

    page.get_by_label("Kind").select_option("evaluation")
    expect(_rows(page)).to_have_count(1)
    expect(page.get_by_role("link", name="march-001")).to_be_visible()
    assert page.url.endswith("?kind=evaluation")
    page.reload()
    expect(page.get_by_label("Kind")).to_have_value("evaluation")
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("searchbox").fill("late order")
    page.keyboard.press("Enter")
    expect(_rows(page)).to_have_count(1)
    page.get_by_label("To").fill("2020-01-01")

    expect(page.get_by_text("No session matches")).to_be_visible()
    page.get_by_role("button", name="Show all sessions").click()
    link = page.get_by_role("link", name="A late order")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="A late order")).to_be_visible()


def test_new_sessions_appear_and_deleted_ones_can_come_back(
    console_page: ConsolePage, organization: Organization, listed: dict[str, str]
) -> None:
    page = console_page("sessions")
    expect(_rows(page)).to_have_count(len(listed))

    session_id = _imported(organization, title="Come and gone")
    row = _rows(page).filter(has_text="Come and gone")
    expect(row).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    page.goto("about:blank")  # leaving the page ends the time to undo

    path = f"/v1/sessions/{session_id}"
    until(lambda: organization.http.get(path).status_code == 404)


def test_first_session_with_a_new_agent_is_a_conversation_in_two_tabs(
    console_page: ConsolePage, organization: Organization, axe: Axe, screenshot: Screenshot
) -> None:
    page = console_page("sessions")
    page.get_by_role("button", name="New session").click()
    page.get_by_label("Agent", exact=True).select_option(label="A new agent")
    page.get_by_label("Name of the agent").fill("Concierge")
    page.get_by_label("System prompt").fill("You are a concierge.")
    page.get_by_label("Title", exact=True).fill("First talk")
    page.get_by_role("button", name="Create the session").click()
    expect(page.get_by_role("heading", level=1, name="First talk")).to_be_visible()
    other = console_page(page.url.split("/console/")[1])
    expect(_composer(other)).to_be_visible()

    _composer(page).fill("first line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("[stream 4] tell me of the red and the green and the blue door")
    page.get_by_label("Model of the answer").select_option(label="scripted")
    _composer(page).press("Enter")
    for tab in (page, other):
        expect(tab.get_by_text("first line")).to_be_visible()
        expect(tab.get_by_text("is writing…")).to_be_visible()
    expect(_composer(page)).to_have_value("")
    for tab in (page, other):
        expect(tab.get_by_label("Assistant")).to_contain_text("the blue door")
        expect(tab.get_by_text("is writing…")).to_have_count(0)
    axe(page)
    screenshot("session-agent", page)

    _composer(page).fill("[wait 20] one more")
    _composer(page).press("Enter")
    other.get_by_role("button", name="Cancel the turn").click()
    expect(page.get_by_text("The turn was cancelled")).to_be_visible()
    expect(page.get_by_label("Assistant")).to_have_count(1)


def test_message_sent_while_another_is_on_its_way_follows_it(
    console_page: ConsolePage, organization: Organization
) -> None:
    page = console_page(f"sessions/{_agent_session(organization)}")
    held = hold(page, "**/messages")
    for text in ("Of the first", "Of the second"):
        _composer(page).fill(text)
        _composer(page).press("Enter")

    next_of(page, held).continue_()
    next_of(page, held).continue_()

    expect(page.get_by_label("Assistant").filter(has_text="Of the second")).to_be_visible()
    expect(page.get_by_label("Assistant").filter(has_text="Of the first")).to_be_visible()
    expect(_composer(page)).to_have_value("")


def test_results_of_client_tools_are_given_in_the_console(
    console_page: ConsolePage, organization: Organization, axe: Axe
) -> None:
    session_id = _agent_session(organization, tools=[TOOL])
    page = console_page(f"sessions/{session_id}")
    _composer(page).fill('Please [call find_order {"number": 4711}]')
    _composer(page).press("Enter")
    form = page.get_by_role("region", name="The turn waits for results of your tools")
    expect(form).to_be_visible()
    axe(page)

    form.get_by_label("Result, as JSON").fill("{late")
    form.get_by_role("button", name="Submit the result").click()
    expect(form.get_by_text("Enter JSON")).to_be_visible()
    form.get_by_label("Result, as JSON").fill('{"status": "on its way"}')
    form.get_by_role("button", name="Submit the result").click()

    expect(form).to_have_count(0)
    expect(page.get_by_label("Assistant")).to_contain_text("on its way")


def test_timeline_has_calls_with_arguments_answers_and_errors(
    console_page: ConsolePage, listed: dict[str, str], axe: Axe, screenshot: Screenshot
) -> None:
    page = console_page(f"sessions/{listed['agent']}")
    calls = page.get_by_role("article", name="Tool call")
    expect(calls).to_have_count(2)
    expect(page.get_by_text("2 tool calls")).to_be_visible()
    found = calls.filter(has_text="find_order")
    found.get_by_role("button").click()
    expect(found.get_by_label("Arguments of the call")).to_contain_text("4711")
    expect(found.get_by_label("Answer of the tool")).to_contain_text("late")
    failed = calls.filter(has_text="notify_carrier")
    expect(failed).to_contain_text("Failed")
    failed.get_by_role("button").click()
    expect(failed.get_by_label("Error of the call")).to_contain_text("closed on Sundays")
    axe(page)
    screenshot("session-calls")

    page.set_viewport_size({"width": 360, "height": 720})
    wait_until_it_fits(page)


def test_link_leads_to_its_event_and_search_to_others(
    console_page: ConsolePage, organization: Organization
) -> None:
    messages = [
        {"role": role, "content": f"{role} says {number}"}
        for number in range(400)
        for role in ("user", "assistant")
    ]
    session_id = _imported(organization, messages=messages)
    events = organization.http.get(
        f"/v1/sessions/{session_id}/events", params={"after_sequence": 200, "limit": 1}
    ).json()["data"]

    page = console_page(f"sessions/{session_id}?event={events[0]['id']}")
    selected = page.locator(".timeline-row.selected")
    expect(selected).to_contain_text("user says 100")
    expect(selected).to_be_in_viewport()
    page.get_by_role("searchbox").fill("says 321")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("link", name="Link to event 644").click()
    expect(selected).to_contain_text("assistant says 321")
    assert "q=" not in page.url
    page.get_by_role("button", name="First").click()
    expect(page.get_by_text("user says 0")).to_be_in_viewport()
    page.goto(page.url.split("?")[0] + "?sequence=201")
    expect(selected).to_contain_text("user says 100")


def test_actions_read_rename_fork_and_delete_a_session(
    console_page: ConsolePage, organization: Organization, context: BrowserContext
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    session_id = _imported(organization, title="To work with")
    page = console_page(f"sessions/{session_id}")

    _act(page, "Raw JSON")
    expect(page.get_by_role("region", name="Raw JSON")).to_contain_text("input.message")
    page.get_by_role("button", name="Close").click()
    _act(page, "Copy as curl: session")
    expect(page.get_by_text("Copied.")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    assert command == f'curl -H "x-api-key: $API_KEY" "$API_URL/v1/sessions/{session_id}"'
    _act(page, "Export…")
    page.get_by_label("Format").select_option("openai")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert json.loads(download.value.path().read_text())["title"] == "To work with"
    _act(page, "Rename…")
    page.get_by_label("Title", exact=True).fill("Renamed")
    page.get_by_role("button", name="Save the title").click()
    expect(page.get_by_role("heading", level=1, name="Renamed")).to_be_visible()

    page.get_by_role("button", name="Fork after event 1").click()
    expect(page.get_by_role("link", name="another session")).to_be_visible()
    expect(page.get_by_text("at event 1")).to_be_visible()
    assert session_id not in page.url
    _act(page, "Delete")
    expect(page.get_by_role("heading", level=1, name="Sessions")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_distances_of_times_are_kept_up_to_date(
    console_page: ConsolePage, organization: Organization
) -> None:
    page = console_page(f"sessions/{_agent_session(organization)}")
    page.clock.install()
    page.reload()
    created = page.get_by_role("main").get_by_role("time").first
    expect(created).to_contain_text(re.compile("now|s ago"))

    page.clock.fast_forward("05:00")

    expect(created).to_contain_text(re.compile("[56]m ago"))


def test_scenario_begins_from_a_session(console_page: ConsolePage, listed: dict[str, str]) -> None:
    page = console_page(f"sessions/{listed['agent']}")
    _act(page, "Create a scenario")

    expect(page).to_have_url(re.compile(rf"/scenarios/new\?session={listed['agent']}$"))


def test_playground_session_is_read_live_and_opened_in_the_playground(
    console_page: ConsolePage, organization: Organization, axe: Axe, screenshot: Screenshot
) -> None:
    session_id = _opened(organization)
    page = console_page(f"sessions/{session_id}")
    expect(page.get_by_role("heading", level=1, name="Refund with approval")).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    organization.http.post(
        f"/v1/workflow/playground/sessions/{session_id}/messages",
        json={"message": "I would like a refund for order NW-5581."},
    ).raise_for_status()

    expect(page.get_by_label("User")).to_contain_text("NW-5581")
    expect(page.get_by_role("heading", name="Turn 1")).to_be_visible()
    axe(page)
    screenshot("session-playground")
    page.get_by_role("button", name="Fork after turn 1").click()
    expect(page.get_by_role("link", name="another session")).to_be_visible()
    _act(page, "Open in the playground")
    expect(page).to_have_url(re.compile(r"/playground/[0-9a-f-]{36}$"))


def test_evaluation_session_has_its_turns_calls_and_version(
    console_page: ConsolePage, listed: dict[str, str], axe: Axe
) -> None:
    page = console_page(f"sessions/{listed['evaluation']}")

    expect(page.get_by_label("User")).to_contain_text("order 4711")
    expect(page.get_by_label("Assistant")).to_contain_text("Tuesday")
    expect(page.get_by_role("article", name="Tool call")).to_have_count(2)
    expect(page.get_by_text("Order desk, Imported conversations")).to_be_visible()
    axe(page)


def test_session_that_was_deleted_elsewhere_leads_back(
    console_page: ConsolePage, organization: Organization, watch: Any
) -> None:
    session_id = _imported(organization)
    organization.http.delete(f"/v1/sessions/{session_id}").raise_for_status()
    watch.expect("status of 404")

    page = console_page(f"sessions/{session_id}")

    expect(page.get_by_text("This session does not exist")).to_be_visible()
    page.get_by_role("link", name="Go to the sessions").click()
    expect(page.get_by_role("heading", level=1, name="Sessions")).to_be_visible()
