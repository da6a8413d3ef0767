"""First visit, import, and the organization's page: usage, keys, models, agents and products."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

from cli.agent_sessions_cli.client import Api
from cli.agent_sessions_cli.config import Login
from local.samples import Samples, read_samples
from tests.browser.conftest import ConsolePage, Organization
from tests.support.page_watch import PageWatch
from tests.support.running_stack import RunningStack

HOSTILE = '<img src=x onerror="globalThis.stolen=1"><script>globalThis.stolen=1</script>\u202etxt'
LINES = """{"id": "call <b>1</b>", "messages": [{"role": "user", "content": "Where is it?"}]}
{"id": "call-2", "messages": [{"role": "pirate", "content": "Arr"}]}
no conversation
"""

type Check = Callable[[Page], None]
type Shot = Callable[..., None]


@pytest.fixture
def empty(stack: RunningStack) -> str:
    """A key of an organization without data."""
    return stack.new_key().api_key


def _create_key(organization: Organization, name: str, *scopes: str) -> dict[str, Any]:
    body = {"name": name, "scopes": scopes}
    created: dict[str, Any] = organization.http.post("/v1/identity/api-keys", json=body).json()
    return created


def test_first_visit_loads_sample_data_once_as_make_demo_does(
    stack: RunningStack,
    console_page: ConsolePage,
    empty: str,
    axe: Check,
    screenshot: Shot,
    watch: PageWatch,
) -> None:
    page = console_page("sessions", key=empty)
    load = page.get_by_role("button", name="Load sample data")
    expect(load).to_be_enabled()
    axe(page)
    screenshot("first-visit")

    page.route("**/products", lambda route: route.fulfill(status=500, body="{}"), times=1)
    watch.expect("status of 500")
    load.click()
    expect(page.get_by_role("alert")).to_contain_text("status 500", timeout=120_000)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("The sample data is loaded.")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("A tool call with an error")).to_be_visible()

    document = read_samples()
    samples = Samples(document["name"], Api(Login(stack.api_url, empty)))
    assert {samples.send(step) for step in document["steps"]} == {"unchanged"}
    _check_usage(page, axe, screenshot)


def _check_usage(page: Page, axe: Check, screenshot: Shot) -> None:
    """Usage of the sample data: a chart, a table and limits."""
    page.get_by_role("link", name="Organization").click()
    expect(page.get_by_role("row", name="All days")).to_contain_text("$0.0069")
    chart = page.get_by_role("img")
    expect(chart).to_have_accessible_name(re.compile("^Sessions by day: the most on"))
    expect(page.get_by_text("of 50, further ones wait").first).to_be_visible()
    axe(page)
    expect(page.get_by_text("The sample data is loaded.")).to_have_count(0)
    screenshot("organization")
    page.get_by_label("Chart of").select_option("Tokens")
    expect(chart).to_have_accessible_name(re.compile("^Tokens by day: the most on"))
    with page.expect_request(re.compile("first_day=")):
        page.get_by_label("Time").select_option("7 days")


def test_import_reports_each_line_and_leads_to_the_session(
    console_page: ConsolePage, empty: str, axe: Check, watch: PageWatch
) -> None:
    page = console_page("sessions", key=empty)
    page.get_by_role("button", name="import your own conversations").click()
    dialog = page.get_by_role("dialog", name="Import conversations")
    files = FilePayload(name="calls.jsonl", mimeType="application/jsonl", buffer=LINES.encode())
    dialog.get_by_label("Files").set_input_files(files)
    expect(dialog.get_by_role("textbox", name="Conversations")).to_have_value(LINES)

    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_text("1 session is imported.")).to_be_visible()
    watch.expect("status of 400")
    refused = dialog.get_by_role("alert")
    expect(refused).to_contain_text("Line 2: messages.0.role: must be one of")
    expect(refused).to_contain_text("Line 3: The line is no JSON.")
    axe(page)

    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_text("1 session is imported, 1 of them by an earlier")).to_be_visible()
    dialog.get_by_role("link", name="Open call <b>1</b>").click()
    expect(page.get_by_text("Where is it?").first).to_be_visible()
    assert "/sessions/" in page.url


def test_usage_that_is_cut_says_so(console_page: ConsolePage, context: BrowserContext) -> None:
    def cut(route: Route) -> None:
        usage = route.fetch().json()
        given = {"is_complete": False, "complete_from": "2026-03-01T10:30:00Z"}
        route.fulfill(json=usage | given)

    context.route("**/v1/identity/usage*", cut)
    page = console_page("organization")

    expect(page.get_by_text("sessions before Mar 1, 2026, 10:30")).to_be_visible()


def test_key_is_created_shown_once_used_and_revoked(
    stack: RunningStack,
    console_page: ConsolePage,
    organization: Organization,
    context: BrowserContext,
    axe: Check,
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = console_page("organization?tab=keys")
    page.get_by_role("button", name="Create key").click()
    page.get_by_label("Name").fill(HOSTILE[:128])
    page.get_by_label("Permissions").select_option("Read")
    page.get_by_label("Expires").select_option("In 7 days")
    axe(page)
    page.get_by_role("dialog").get_by_role("button", name="Create key").click()

    dialog = page.get_by_role("dialog", name="Copy the key now")
    expect(dialog.get_by_text("only time that the key is shown")).to_be_visible()
    dialog.get_by_role("button", name="Copy key").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    secret = page.evaluate("navigator.clipboard.readText()")
    headers = {"x-api-key": secret}
    caller = organization.http.get("/v1/identity/whoami", headers=headers).json()
    assert (caller["scopes"], caller["organization_id"]) == (["read"], organization.id)
    dialog.get_by_role("button", name="Done").click()

    row = page.get_by_role("row").filter(has_text=HOSTILE[:20])
    expect(row).to_contain_text(f"{secret[:8]}")
    assert secret not in page.content()
    axe(page)
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("button", name="Revoke key").click()
    expect(row).to_contain_text("revoked")
    expect(row.get_by_role("button")).to_have_count(0)
    assert not page.evaluate("'stolen' in globalThis")


def test_own_key_is_revoked_after_a_warning_and_the_next_one_leads_back(
    console_page: ConsolePage, organization: Organization
) -> None:
    own = _create_key(organization, "In use", "admin")
    page = console_page("organization?tab=keys", key=own["api_key"])
    row = page.get_by_role("row").filter(has_text="in use here")
    row.get_by_role("button", name="Revoke In use").click()
    expect(page.get_by_text("This key is in use here.")).to_be_visible()
    page.get_by_role("button", name="Revoke key").click()

    expect(page.get_by_text("The key is no longer valid")).to_be_visible()
    page.get_by_label("API key").fill(organization.api_key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text="In use").first).to_contain_text("revoked")
    assert page.url.endswith("/organization?tab=keys")


def test_key_refused_while_looking_asks_for_another(
    console_page: ConsolePage, organization: Organization, watch: PageWatch
) -> None:
    page = console_page("organization?tab=access")
    expect(page.get_by_text(organization.id)).to_be_visible()
    watch.expect("status of 401")
    refusal = {"error": "Unauthorized", "message": "The API key was revoked."}
    page.route("**/v1/models", lambda route: route.fulfill(status=401, json=refusal))
    page.get_by_role("tab", name="Models").click()
    expect(page.get_by_text("The key is no longer valid")).to_be_visible()
    page.unroute("**/v1/models")

    page.get_by_label("API key").fill(organization.api_key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="scripted").first).to_be_visible()


def test_key_without_admin_sees_what_it_may(
    console_page: ConsolePage, organization: Organization, stack: RunningStack, axe: Check
) -> None:
    reader = _create_key(organization, "Reader", "read")["api_key"]
    page = console_page("organization?tab=keys", key=reader)

    expect(page.get_by_text("Only a key with the scope admin")).to_be_visible()
    expect(page.get_by_role("button", name="Create key")).to_have_count(0)
    axe(page)
    page.get_by_role("tab", name="This key").click()
    expect(page.get_by_text("Reader")).to_have_count(2)  # and below the navigation
    expect(page.get_by_role("region", name="Example with curl")).to_contain_text("$KEY")
    assert reader not in page.content()
    axe(page)


def test_models_tell_their_health_and_are_asked_again(
    console_page: ConsolePage, context: BrowserContext, axe: Check
) -> None:
    reason = "http://127.0.0.1:9 cannot be reached"

    def broken(route: Route) -> None:
        models = route.fetch().json()
        name = {"name": HOSTILE, "display_name": HOSTILE, "id": "model_" + "1" * 32}
        down = models["data"][0] | name | {"healthy": False, "health_reason": reason}
        route.fulfill(json={"data": [*models["data"], down]})

    context.route("**/v1/models", broken)
    page = console_page("organization?tab=models")

    row = page.get_by_role("row").filter(has_text=HOSTILE[:20])
    expect(row).to_contain_text(f"does not answer {reason}")
    axe(page)
    with page.expect_response("**/v1/models"):
        page.get_by_role("button", name="Check again").click()
    assert not page.evaluate("'stolen' in globalThis")


def test_agents_and_products_are_listed_as_text(
    console_page: ConsolePage, organization: Organization, axe: Check
) -> None:
    agent = {"name": HOSTILE, "description": HOSTILE, "system_prompt": "Help."}
    organization.http.post("/v1/agents", json=agent).raise_for_status()
    product = {"name": HOSTILE, "description": HOSTILE}
    created = organization.http.post("/products", json=product).raise_for_status().json()
    version = {"productId": created["id"], "name": "v1 " + HOSTILE}
    organization.http.post("/versions", json=version).raise_for_status()
    page = console_page("organization?tab=catalog")

    expect(page.get_by_text("v1 <img")).to_be_visible()
    expect(page.get_by_role("link", name=f"Sessions of {HOSTILE}"[:24]).first).to_be_visible()
    axe(page)
    assert not page.evaluate("'stolen' in globalThis")


def test_stack_that_stops_while_looking_is_noticed_and_its_return_too(
    console_page: ConsolePage, context: BrowserContext, watch: PageWatch, axe: Check
) -> None:
    page = console_page("organization")
    expect(page.get_by_role("heading", name="Limits")).to_be_visible()
    watch.expect("ERR_INTERNET_DISCONNECTED")

    context.set_offline(True)
    page.get_by_role("tab", name="Models").click()
    notice = page.get_by_text("The API does not answer. Retrying every 3 seconds.")
    expect(notice).to_be_visible()
    axe(page)
    context.set_offline(False)

    expect(notice).to_have_count(0)
    expect(page.get_by_role("cell", name="scripted").first).to_be_visible()


def test_error_of_a_page_has_its_request_id(
    console_page: ConsolePage, context: BrowserContext, watch: PageWatch, axe: Check
) -> None:
    failure = {"status": 500, "headers": {"x-request-id": "request-1"}, "body": json.dumps({})}
    context.route("**/v1/identity/usage*", lambda route: route.fulfill(**failure))
    watch.expect("status of 500")
    page = console_page("organization")

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("search the logs for the request id. Request id: request-1")
    axe(page)
    context.unroute("**/v1/identity/usage*")
    notice.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("heading", name="Limits")).to_be_visible()
