"""Users who are faster than the API: nothing is lost, done twice, or done to an older state."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import ConsolePage, Organization, hold, next_of
from tests.browser.workflows import (
    SESSIONS,
    new_revision,
    open_session,
    question_graph,
    say,
    write_graph,
)
from tests.support.running_stack import until

#: Chooses options of two fields before the page is drawn again.
CHOOSE_BOTH = """([one, other]) => {
  for (const [label, value] of [one, other]) {
    const field = document.querySelector(`select[aria-label="${label}"]`);
    field.value = value;
    field.dispatchEvent(new Event("change", {bubbles: true}));
  }
}"""


def _post(organization: Organization, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = organization.http.post(path, json=body).raise_for_status().json()
    return answer


def _session(organization: Organization, title: str, **body: Any) -> str:
    created = _post(organization, "/v1/agents", {"name": "Desk", "system_prompt": "Be brief."})
    body = {"agent_id": created["id"], "title": title} | body
    return str(_post(organization, "/v1/sessions", body)["id"])


def _answer(page: Page, held: list[Route], text: str = "") -> Callable[[], None]:
    """Let the API answer the next request with a text; return what brings the answer."""
    while text not in ((route := next_of(page, held)).request.post_data or ""):
        route.continue_()
    response = route.fetch()
    return lambda: route.fulfill(response=response)


def test_filters_keep_all_changes_and_what_is_written_meanwhile(
    console_page: ConsolePage, organization: Organization
) -> None:
    _session(organization, "Filtered")
    page = console_page("sessions")
    expect(page.get_by_role("link", name="Filtered")).to_be_visible()

    page.evaluate(CHOOSE_BOTH, [["Kind", "agent"], ["Status", "open"]])
    expect(page).to_have_url(re.compile(r"kind=agent&status=open"))
    # The keys of a day are pressed one by one.
    page.get_by_label("From").press_sequentially("11052020")
    expect(page).to_have_url(re.compile("from=2020-11-05"))
    expect(page.get_by_label("From")).to_have_value("2020-11-05")

    words = page.get_by_role("searchbox")
    words.fill("Filt")
    written = """(field) => {
      field.form.requestSubmit();
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set
        .call(field, "Filtered by more words");
      field.dispatchEvent(new Event("input", {bubbles: true}));
    }"""
    words.evaluate(written)
    expect(page).to_have_url(re.compile("search=Filt$|search=Filt&"))
    expect(page.get_by_role("link", name="Filtered")).to_be_visible()
    expect(words).to_have_value("Filtered by more words")
    page.get_by_role("button", name="Show all").click()
    expect(words).to_have_value("")
    expect(page.get_by_label("Kind")).to_have_value("")


def test_graph_keeps_what_is_written_while_the_key_and_validations_are_awaited(
    console_page: ConsolePage, organization: Organization, context: BrowserContext
) -> None:
    callers, validations = hold(context, "**/whoami"), hold(context, "**/validate")
    page = console_page(f"workflows/{new_revision(organization, question_graph())[0]}")
    expect(page.get_by_role("textbox", name="Graph as JSON")).to_be_visible()

    write_graph(page, json.dumps(question_graph(name="Before the key is known")))
    next_of(page, callers).continue_()
    expect(page.get_by_text("Not saved")).to_be_visible()
    expect(page.get_by_role("button", name="Save in this revision")).to_be_enabled()
    older = _answer(page, validations, "Before the key is known")
    write_graph(page, json.dumps(question_graph(name="Of the newer text")))
    newer = _answer(page, validations, "Of the newer text")
    newer()
    expect(page.get_by_text("Valid", exact=True)).to_be_visible()
    with page.expect_response("**/validate"):
        older()

    page.wait_for_timeout(100)  # the answer is drawn
    expect(page.get_by_text("Valid", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Graph as JSON")).to_contain_text("Of the newer text")


def test_check_is_changed_while_another_one_is_removed(
    console_page: ConsolePage, organization: Organization
) -> None:
    body = {"name": "Checked", "intent": "The user asks for a refund."}
    scenario = _post(organization, "/v1/scenarios", body)["id"]
    path = f"/v1/scenarios/{scenario}/checks"
    texts = ["first", "second", "third"]
    checks = [{"type": "says", "text": text} for text in texts]
    organization.http.put(path, json={"checks": checks}).raise_for_status()
    page = console_page(f"scenarios/{scenario}?tab=checks")
    held = hold(page, "**/checks", "PUT")

    page.get_by_role("button", name="Remove check 1").click()
    page.get_by_role("button", name="Edit check 2").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Text").fill("second, changed")
    next_of(page, held).continue_()
    expect(page.get_by_text("The check is removed.")).to_be_visible()
    dialog.get_by_role("button", name="Store the check").click()
    next_of(page, held).continue_()

    expect(dialog).to_have_count(0)
    stored = organization.http.get(path).json()["checks"]
    assert [check["text"] for check in stored] == ["second, changed", "third"]


def test_answer_that_was_overtaken_does_not_replace_the_newer_one(
    console_page: ConsolePage, organization: Organization
) -> None:
    session = open_session(organization)
    page = console_page(f"sessions/{session}")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Timeline", exact=True)).to_be_visible()
    held = hold(page, "**/trace?*")

    say(organization, session, "Hello, a refund for order NW-5581")
    older = _answer(page, held)
    say(organization, session, "damaged")
    newer = _answer(page, held)
    newer()
    turns = page.get_by_role("heading", name=re.compile("^Turn "))
    expect(turns).to_have_count(2)
    with page.expect_response("**/trace?*"):
        older()

    page.wait_for_timeout(100)  # the answer is drawn
    expect(turns).to_have_count(2)


def test_message_is_kept_while_the_graph_is_looked_at_and_a_decision_is_awaited(
    console_page: ConsolePage, organization: Organization
) -> None:
    session = open_session(organization)
    for text in ("Hello, a refund for order NW-5581", "damaged"):
        say(organization, session, text)
    page = console_page(f"playground/{session}")
    page.set_viewport_size({"width": 800, "height": 800})
    field = page.get_by_label("Message", exact=True)
    field.fill("249")
    page.get_by_role("tab", name="Graph").click()
    expect(field).to_have_count(0)
    page.get_by_role("tab", name="Chat").click()
    expect(field).to_have_value("249")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(field).to_have_value("249")

    # The turn of the first message leads to an approval: the second one is no decision.
    held = hold(page, "**/messages")
    field.press("Enter")
    expect(field).to_have_value("")
    field.fill("Is it done?")
    field.press("Enter")
    next_of(page, held).continue_()
    page.get_by_role("button", name="Approve").click()

    expect(page.get_by_text("The session takes no more messages.")).to_be_visible()
    expect(page.get_by_text("Is it done?")).to_be_visible()
    assert not held


def test_end_of_a_turn_leaves_the_focus_where_it_went_meanwhile(
    console_page: ConsolePage, organization: Organization
) -> None:
    page = console_page(f"playground/{open_session(organization)}")
    held = hold(page, "**/messages")
    field = page.get_by_label("Message", exact=True)
    for number, elsewhere in ((1, page.get_by_role("tab", name="Variables")), (2, None)):
        field.fill("damaged")
        page.get_by_role("button", name="Send", exact=True).click()
        if elsewhere:
            elsewhere.focus()
        next_of(page, held).continue_()
        expect(page.get_by_role("heading", name=f"Turn {number}")).to_be_visible()
        expect(page.locator("button[aria-busy]")).to_have_count(0)
        page.wait_for_timeout(50)  # the focus follows, if it does
        expect(elsewhere or field).to_be_focused()


def test_secret_of_a_key_is_shown_whatever_is_pressed_meanwhile(
    console_page: ConsolePage, organization: Organization
) -> None:
    page = console_page("organization?tab=keys")
    page.get_by_role("button", name="Create key").click()
    page.get_by_label("Name").fill("Escaped")
    held = hold(page, "**/api-keys", "POST")
    page.get_by_role("dialog").get_by_role("button", name="Create key").click()
    creation = next_of(page, held)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Cancel")).to_be_disabled()
    creation.continue_()

    expect(page.get_by_role("dialog", name="Copy the key now")).to_be_visible()


def test_list_that_was_just_read_has_what_was_created_since(
    console_page: ConsolePage, organization: Organization
) -> None:
    page = console_page("playground")
    rows = page.get_by_role("row").filter(has_text="Order status")
    expect(page.get_by_role("button", name="Open a session: Order status")).to_be_enabled()
    expect(page.locator(".skeleton")).to_have_count(0)
    known = rows.count()

    page.get_by_role("button", name="Open a session: Order status").click()
    expect(page.get_by_role("heading", name="No turn yet")).to_be_visible()
    page.get_by_role("link", name="Playground", exact=True).click()

    expect(rows).to_have_count(known + 1)


def test_page_that_was_opened_meanwhile_stays(
    console_page: ConsolePage, organization: Organization
) -> None:
    page = console_page("playground")
    held = hold(page, f"**{SESSIONS}", "POST")
    page.get_by_role("button", name="Open a session: Order status").click()
    creation = next_of(page, held)
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible()
    known = len(organization.http.get(SESSIONS).json()["items"])
    with page.expect_response(f"**{SESSIONS}"):
        creation.continue_()

    until(lambda: len(organization.http.get(SESSIONS).json()["items"]) == known + 1)
    page.wait_for_timeout(200)  # the answer is followed, if it is
    assert page.url.endswith("/runs")


def test_brief_is_not_sent_before_its_agents_are_known(
    console_page: ConsolePage, organization: Organization, context: BrowserContext
) -> None:
    _session(organization, "Of an agent")
    held = hold(context, "**/v1/agents?*")
    page = console_page("scenarios/new?from=brief")
    page.get_by_label("Situation to test").fill("A customer asks for a refund.")
    draft = page.get_by_role("button", name="Draft", exact=True)
    expect(draft).to_be_disabled()
    next_of(page, held).continue_()

    draft.click()
    expect(page.get_by_role("region", name="Draft", exact=True)).to_be_visible()
