"""Scenarios in the console: drafts with marks, the editor, checks, replays, and the list."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import ConsolePage, Organization, wait_until_it_fits
from tests.support.page_watch import PageWatch
from tests.support.running_stack import RunningStack, until

#: Planted values of one person, by the kind that the console shows.
PERSONAL = {
    "name": ["Marta Kowalczyk", "Kowalczyk"],
    "e-mail": ["marta.kowalczyk@fastmail.test"],
    "phone": ["+1 415 555 0132"],
    "card number": ["4539 1488 0343 6467"],
    "address": ["14 Juniper Lane"],
}
MARTA, EMAIL, CARD = "Marta Kowalczyk", "marta.kowalczyk@fastmail.test", "4539 1488 0343 6467"
#: Texts that a page must show, and must not obey.
HOSTILE = [
    "<img src=x onerror=console.error('run')>",
    "<script>console.error('run')</script>",
    "javascript:console.error('run')",
    "\u202eright to left",
    "<NAME_x>",
]


def _call(number: int, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    calls = [{"id": f"c{number}", "type": "function", "function": function}]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def _answer(number: int, output: dict[str, Any]) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": f"c{number}", "content": json.dumps(output)}


def _said(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}


def _refund() -> list[dict[str, Any]]:
    customer = {"name": MARTA, "phone": "+1 415 555 0132", "address": "14 Juniper Lane"}
    return [
        _said("user", f"Hello, my name is {MARTA}. The lamp from order HP-48213 arrived broken."),
        _said("assistant", "I am sorry, Marta. Which e-mail address is the order under?"),
        _said("user", f"{EMAIL}, and my phone number is +1 415 555 0132. I want my money back."),
        _call(1, "find_customer", {"email": EMAIL}),
        _answer(1, customer | {"card_number": CARD}),
        _call(2, "refund_order", {"order_id": "HP-48213", "amount": 1059}),
        _answer(2, {"refunded": 1059.0}),
        _said("assistant", "I have refunded $1,059.00 for your order HP-48213."),
        _said("user", f"To my card {CARD}? Thank you."),
        _said("assistant", "Yes. Goodbye."),
    ]


def _import(organization: Organization, name: str, messages: list[dict[str, Any]]) -> str:
    conversation = {"id": name, "agent": "Order desk", "title": name, "messages": messages}
    answer = organization.http.post("/v1/sessions/import?kind=agent", json=conversation)
    return str(answer.raise_for_status().json()["session_id"])


@pytest.fixture(scope="module")
def session_id(organization: Organization) -> str:
    """A captured session with personal data."""
    return _import(organization, "Broken lamp", _refund())


def _stored(organization: Organization, **fields: Any) -> str:
    body = {"name": "Stored", "intent": "The user asks for a refund.", **fields}
    answer = organization.http.post("/v1/scenarios", json=body)
    return str(answer.raise_for_status().json()["id"])


def _read(organization: Organization, scenario_id: str) -> dict[str, Any]:
    answer = organization.http.get(f"/v1/scenarios/{scenario_id}")
    return dict(answer.raise_for_status().json())


def _draft_pane(page: Page) -> Locator:
    return page.get_by_role("region", name="Draft", exact=True)


def _pane_texts(pane: Locator) -> str:
    """Return all that a pane shows, the values of its inputs included."""
    inputs = "all => all.map(one => one.value).join('\\n')"
    values = pane.locator("textarea, input, select").evaluate_all(inputs)
    return f"{pane.inner_text()}\n{values}"


def test_draft_marks_what_was_replaced_and_is_stored_when_asked(
    console_page: ConsolePage,
    organization: Organization,
    session_id: str,
    axe: Callable[[Page], None],
    screenshot: Callable[..., None],
) -> None:
    page = console_page("scenarios")
    page.get_by_role("link", name="Draft from a session").first.click()
    page.get_by_label("Search").fill("lamp")
    page.get_by_role("button", name="Broken lamp").click()
    pane = _draft_pane(page)
    expect(pane.get_by_label("Name", exact=True)).to_have_value(re.compile("HP-48213"))

    transcript = page.get_by_role("region", name="Captured transcript")
    for kind, values in PERSONAL.items():
        marks = pane.locator("mark.replaced", has_text=f"‹{kind}›")
        expect(marks.first).to_be_attached()
        recorded = transcript.locator("mark.replaced", has_text=f"‹{kind}›")
        expect(recorded.filter(has_text=values[0]).first).to_be_attached()
    shown = _pane_texts(pane)
    for value in sum(PERSONAL.values(), ["Marta"]):
        assert value not in shown
    assert "HP-48213" in shown
    _sides_light_each_other_up(page, pane, transcript)
    axe(page)
    screenshot("scenario-draft")
    assert organization.http.get("/v1/scenarios").json()["items"] == []

    pane.get_by_label("Name", exact=True).fill("")
    pane.get_by_role("button", name="Save the scenario").click()
    expect(pane.get_by_text("Enter a name.")).to_be_visible()
    pane.get_by_label("Name", exact=True).fill("Refund of a broken lamp")
    _edit_everything(page, pane)
    pane.get_by_role("button", name="Save the scenario").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Refund of a broken lamp")
    [stored] = organization.http.get("/v1/scenarios").json()["items"]
    assert stored["source"] == "drafted"
    assert stored["tags"] == ["agent", "vip"]
    assert stored["success_criteria"] == [
        {"description": "The agent apologizes.", "output_type": "score_5"}
    ]
    assert len(stored["user_turns"]) == 2
    refund, broken = (stored["mock_world"][tool] for tool in ("refund_order", "find_customer"))
    assert refund["calls"][0]["output"] == {"refunded": 12}
    assert refund["calls"][0]["delay_ms"] == 250
    assert broken["calls"][1] == {"error": "not found"}
    _accept_suggestions(page, organization, stored["id"], axe)


def _sides_light_each_other_up(page: Page, pane: Locator, transcript: Locator) -> None:
    pane.get_by_label("Message 2", exact=True).hover()
    lit = transcript.locator("li.lit")
    expect(lit).to_have_count(1)
    expect(lit).to_contain_text("my phone number")
    transcript.get_by_text("find_customer").hover()
    expect(pane.locator(".lit").first).to_contain_text(re.compile("find_customer|email"))
    pane.get_by_role("button", name="Show the source of Goal of the user").click()
    expect(transcript.locator("li.lit").first).to_contain_text("arrived broken")
    transcript.get_by_role("button", name="Show this in the draft").first.click()
    expect(pane.get_by_label("Message 1", exact=True)).to_be_focused()


def _edit_everything(page: Page, pane: Locator) -> None:
    pane.get_by_label("Tags", exact=True).fill("vip")
    page.keyboard.press("Enter")
    pane.get_by_role("button", name="Add a criterion").click()
    pane.get_by_label("Criterion 1", exact=True).fill("The agent apologizes.")
    pane.get_by_label("Scale of criterion 1").select_option("score_5")
    pane.get_by_role("button", name="Remove message 3").click()
    pane.get_by_role("button", name="Edit call 1 of refund_order").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Output (JSON)").fill("{refunded")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_text("This is not valid JSON.")).to_be_visible()
    dialog.get_by_label("Output (JSON)").fill('{"refunded": 12}')
    dialog.get_by_label("Delay in milliseconds").fill("250")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).not_to_be_visible()
    pane.get_by_role("button", name="Actions of the tool find_customer").click()
    page.get_by_role("menuitem", name="Add a call").click()
    dialog.get_by_label("Matches").select_option("any")
    dialog.get_by_label("Response").select_option("error")
    dialog.get_by_label("Error (JSON)").fill('"not found"')
    dialog.get_by_role("button", name="Apply").click()
    expect(pane.get_by_role("row").filter(has_text="not found")).to_contain_text("Any arguments")


def _accept_suggestions(
    page: Page, organization: Organization, scenario_id: str, axe: Callable[[Page], None]
) -> None:
    page.get_by_role("tab", name="Checks").click()
    suggestions = page.get_by_role("list", name="Suggestions")
    expect(suggestions).to_contain_text("refund_order")
    axe(page)
    suggestions.get_by_role("button", name="Accept").first.click()
    table = page.get_by_role("region", name="Checks", exact=True)
    expect(table.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name=re.compile("Accept all")).click()
    expect(page.get_by_text("All suggestions are accepted.")).to_be_visible()
    checks = organization.http.get(f"/v1/scenarios/{scenario_id}/checks").json()["checks"]
    assert {"end_state", "ends", "max_turns"} <= {check["type"] for check in checks}


def _playground(organization: Organization) -> str:
    sessions = "/v1/workflow/playground/sessions"
    answer = organization.http.post(sessions, json={"catalog_slug": "order-status"})
    session_id = str(answer.raise_for_status().json()["session_id"])
    message = {"message": f"My name is {MARTA}. Where is order HP-48213?"}
    organization.http.post(f"{sessions}/{session_id}/messages", json=message).raise_for_status()
    return session_id


def _evaluation(organization: Organization) -> str:
    conversation = {"id": "evaluated", "messages": _refund()}
    path = "/v1/sessions/import?kind=evaluation&name=march"
    answer = organization.http.post(path, json=conversation)
    return str(answer.raise_for_status().json()["session_id"])


@pytest.mark.parametrize("capture", [_playground, _evaluation])
def test_session_of_another_kind_is_drafted_beside_its_transcript(
    console_page: ConsolePage,
    organization: Organization,
    capture: Callable[[Organization], str],
) -> None:
    page = console_page(f"scenarios/new?session={capture(organization)}")
    transcript = page.get_by_role("region", name="Captured transcript")
    mark = transcript.locator("mark.replaced", has_text=f"{MARTA}‹name›")
    expect(mark.first).to_be_visible()
    turn = _draft_pane(page).get_by_label("Message 1", exact=True)
    expect(turn).to_have_value(re.compile("HP-48213"))
    assert "Marta" not in turn.input_value()
    turn.hover()
    expect(transcript.locator("li.lit")).to_contain_text("HP-48213")


def test_checks_are_added_changed_and_removed(
    console_page: ConsolePage,
    organization: Organization,
    watch: PageWatch,
    axe: Callable[[Page], None],
) -> None:
    scenario_id = _stored(organization)
    page = console_page(f"scenarios/{scenario_id}?tab=checks")

    page.get_by_role("button", name="Add a check").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Arguments (JSON)").fill("[1]")
    dialog.get_by_role("button", name="Store the check").click()
    expect(dialog.get_by_text("Fill in this field.")).to_be_visible()
    expect(dialog.get_by_text("Enter a JSON object")).to_be_visible()
    axe(page)
    dialog.get_by_label("Tool", exact=True).fill("refund_order")
    dialog.get_by_label("Arguments (JSON)").fill('{"order_id": "HP-1"}')
    dialog.get_by_label("Greatest number").fill("1")
    dialog.get_by_role("button", name="Store the check").click()
    table = page.get_by_role("region", name="Checks", exact=True)
    expect(table).to_contain_text('refund_order({"order_id":"HP-1"}), once')

    table.get_by_role("button", name="Edit check 1").click()
    dialog.get_by_label("Kind of check").select_option("pattern")
    dialog.get_by_label("Regular expression").fill("(")
    dialog.get_by_role("button", name="Store the check").click()
    expect(dialog.get_by_role("alert")).to_contain_text("pattern")
    watch.expect("status of 400")
    dialog.get_by_label("Regular expression").fill("(?i)refunded")
    dialog.get_by_role("button", name="Store the check").click()
    expect(table).to_contain_text("(?i)refunded")
    table.get_by_role("button", name="Remove check 1").click()
    expect(page.get_by_text("No checks yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(table).to_contain_text("(?i)refunded")


def test_change_of_another_tab_is_told_and_unsaved_changes_are_asked_about(
    console_page: ConsolePage, organization: Organization, watch: PageWatch
) -> None:
    scenario_id = _stored(organization)
    path = f"scenarios/{scenario_id}"
    one, other = console_page(path), console_page(path)
    other.get_by_label("Goal of the user").fill("From the other tab.")
    other.get_by_role("tab", name="JSON").click()
    other.get_by_role("tab", name="Content (unsaved)").click()
    expect(other.get_by_label("Goal of the user")).to_have_value("From the other tab.")
    one.get_by_label("Goal of the user").fill("From this tab.")
    one.get_by_role("button", name="Save changes").click()
    expect(one.get_by_text("All changes are stored.")).to_be_visible()

    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_text("was changed elsewhere")).to_be_visible()
    watch.expect("status of 412")
    other.get_by_role("link", name="Runs").click()
    expect(other.get_by_role("dialog", name="Leave without saving?")).to_be_visible()
    other.get_by_role("button", name="Stay").click()
    other.get_by_role("button", name="Load the stored version").click()
    expect(other.get_by_label("Goal of the user")).to_have_value("From this tab.")
    other.get_by_label("Goal of the user").fill("Again.")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_text("All changes are stored.")).to_be_visible()
    assert _read(organization, scenario_id)["intent"] == "Again."


def test_scenario_is_replayed_duplicated_and_exported(
    console_page: ConsolePage, organization: Organization, axe: Callable[[Page], None]
) -> None:
    world = {"get_order": {"output": {"status": "late"}}}
    scenario_id = _stored(organization, name="Late order", mock_world=world, tags=["export"])
    page = console_page(f"scenarios/{scenario_id}")
    expect(page.get_by_role("link", name="Run…")).to_have_attribute(
        "href", re.compile(f"runs/new.*{scenario_id}")
    )
    axe(page)
    page.get_by_role("tab", name="JSON").click()
    expect(page.get_by_role("region", name="The scenario as JSON")).to_contain_text("get_order")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="JSON lines").click()
    lines = download.value.path().read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [scenario_id]

    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Copy of Late order")
    page.get_by_role("button", name="Replay…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Workflow").select_option(label="Order status (catalog)")
    dialog.get_by_role("button", name="Open the session").click()
    page.wait_for_url(re.compile("/playground/[0-9a-f-]{36}"))


def test_list_filters_and_deletes_with_time_to_undo(
    console_page: ConsolePage,
    organization: Organization,
    context: BrowserContext,
    axe: Callable[[Page], None],
    screenshot: Callable[..., None],
) -> None:
    kept = _stored(organization, name="List kept", tags=["list", "a b"])
    gone = _stored(organization, name="List gone", tags=["list"], source="drafted")
    page = console_page("scenarios?tags=list")
    rows = page.get_by_role("row").filter(has_text="List ")
    expect(rows).to_have_count(2)
    axe(page)
    screenshot("scenarios")
    page.get_by_label("Source").select_option("manual")
    expect(rows).to_have_count(1)
    page.get_by_label("Source").select_option("")
    page.get_by_label("Tags, separated by commas").fill("list, a b")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.get_by_label("Created after").fill("2999-01-01")
    expect(page.get_by_text("No scenario matches")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(rows).to_have_count(2)

    page.get_by_label("Select all that are loaded").check()
    expect(page.get_by_role("link", name="Run…")).to_have_attribute(
        "href", re.compile(f"{gone}.*{kept}")
    )
    actions = page.get_by_role("button", name="Actions of List gone")
    for is_undone in (True, False):
        actions.click()
        page.get_by_role("menuitem", name="Delete").click()
        expect(rows).to_have_count(1)
        if is_undone:
            page.get_by_role("button", name="Undo").click()
            expect(rows).to_have_count(2)
    page.close(run_before_unload=True)  # what is deleted is deleted with the page
    until(lambda: organization.http.get(f"/v1/scenarios/{gone}").status_code == 404)

    again = console_page("scenarios?tags=list")
    rows = again.get_by_role("row").filter(has_text="List ")
    expect(rows).to_have_count(1)


def test_draft_from_a_brief_by_keyboard_only(
    console_page: ConsolePage, organization: Organization, session_id: str
) -> None:
    page = console_page("scenarios")
    keys = page.keyboard
    brief = page.get_by_role("link", name="Draft from a brief").first
    expect(brief).to_be_visible()
    _tab_to(page, brief)
    keys.press("Enter")
    situation = page.get_by_label("Situation to test")
    expect(situation).to_be_visible()
    expect(page.get_by_label("Agent to test")).to_contain_text("Order desk")
    _tab_to(page, situation)
    keys.type("A customer named Ines Duarte asks for a refund; the agent must refuse.")
    _tab_to(page, page.get_by_role("button", name="Draft", exact=True))
    keys.press("Enter")
    pane = _draft_pane(page)
    name = pane.get_by_label("Name", exact=True)
    expect(name).to_be_visible()
    assert "Duarte" not in _pane_texts(pane)
    _tab_to(page, name)
    keys.press("Control+A")
    keys.type("Refused refund")
    save = pane.get_by_role("button", name="Save the scenario")
    _tab_to(page, save)
    keys.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Refused refund")
    stored = _read(organization, page.url.rstrip("/").rpartition("/")[2].partition("?")[0])
    assert (stored["source"], stored["source_agent_name"]) == ("drafted", "Order desk")


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} cannot be reached by Tab")


def test_hostile_texts_are_shown_as_texts(
    console_page: ConsolePage, organization: Organization
) -> None:
    messages = [_said("user", text) for text in HOSTILE]
    messages[1:1] = [
        _call(1, HOSTILE[0], {HOSTILE[1]: HOSTILE[2]}),
        _answer(1, {HOSTILE[0]: HOSTILE[3]}),
        _said("assistant", " ".join(HOSTILE)),
    ]
    session = _import(organization, f"Hostile {HOSTILE[0]}", messages)
    scenario = _stored(
        organization,
        name=f"Hostile {HOSTILE[0]}",
        intent=HOSTILE[1],
        journey="\n".join(HOSTILE),
        tags=HOSTILE,
        user_turns=HOSTILE,
        success_criteria=[{"description": one, "output_type": "boolean"} for one in HOSTILE],
        mock_world={one: {"error": one, "calls": [{"arguments": {one: one}}]} for one in HOSTILE},
    )
    checks = [
        {"type": "says", "text": HOSTILE[0]},
        {"type": "tool_called", "tool": HOSTILE[1], "arguments": {HOSTILE[2]: HOSTILE[3]}},
        {"type": "ends", "reasons": HOSTILE},
    ]
    organization.http.put(
        f"/v1/scenarios/{scenario}/checks", json={"checks": checks}
    ).raise_for_status()

    for path, text in (
        ("scenarios", HOSTILE[1]),
        (f"scenarios/{scenario}", HOSTILE[0]),
        (f"scenarios/{scenario}?tab=checks", HOSTILE[1]),
        (f"scenarios/{scenario}?tab=json", HOSTILE[1]),
        (f"scenarios/new?session={session}", HOSTILE[1]),
        ("scenarios/new", HOSTILE[0]),
    ):
        page = console_page(path)
        page.set_viewport_size({"width": 360, "height": 700})
        expect(page.get_by_text(text).first).to_be_visible()
        assert page.locator("main img, main script, main a[href^='javascript']").count() == 0
        wait_until_it_fits(page)
        page.close()


def test_key_that_may_only_read_is_offered_no_change(
    console_page: ConsolePage, organization: Organization, stack: RunningStack
) -> None:
    scenario_id = _stored(organization, name="Read only", mock_world={"get": {"output": 1}})
    key = stack.new_key(organization=organization.id, scopes=["read"]).api_key

    page = console_page(f"scenarios/{scenario_id}", key=key)
    expect(page.get_by_label("Name", exact=True)).to_be_disabled()
    for name in ("Save changes", "Replay…", "Run…", "More"):
        expect(page.get_by_text(name, exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Export")).to_be_visible()
