"""The console's address, its files, its key form, and the watch over its pages."""

import gzip
import re
from collections.abc import Callable
from urllib.request import Request, urlopen

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ConsolePage, Organization
from tests.support.page_watch import PageWatch
from tests.support.running_stack import RunningStack, until


@pytest.fixture
def console(stack: RunningStack) -> str:
    return f"{stack.api_url}/console/"


def _assets(console: str) -> list[str]:
    return re.findall(r'(?:src|href)="\./(assets/[^"]+)"', httpx.get(console).text)


def test_address_without_slash_leads_to_the_key_form(
    stack: RunningStack, console: str, context: BrowserContext, axe: Callable[[Page], None]
) -> None:
    page = context.new_page()

    page.goto(f"{stack.api_url}/console")

    expect(page.get_by_label("API key")).to_be_focused()
    assert page.url == console
    axe(page)


def test_key_is_entered_once_and_stays_in_the_tab(
    console: str, context: BrowserContext, organization: Organization, watch: PageWatch
) -> None:
    page = context.new_page()
    page.goto(f"{console}organization")
    page.get_by_label("API key").fill("gsk_wrong")
    page.get_by_role("button", name="Open the console").click()
    expect(page.get_by_role("alert")).to_be_visible()
    watch.expect("status of 401")

    page.get_by_label("API key").fill(organization.api_key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.reload()

    expect(page.get_by_role("navigation").first).to_be_visible()
    assert page.url == f"{console}organization"
    kept = "JSON.stringify([{...localStorage}, document.cookie, location.href])"
    assert organization.api_key not in page.evaluate(kept)
    other = context.new_page()
    other.goto(console)
    expect(other.get_by_label("API key")).to_be_visible()


def test_page_may_load_and_run_only_its_own_files(console: str) -> None:
    for path in ("", "sessions/x", *_assets(console), "favicon.svg"):
        headers = httpx.get(console + path).raise_for_status().headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_policy_stops_what_an_attacker_could_add(
    console_page: ConsolePage, watch: PageWatch
) -> None:
    page = console_page("sessions")
    for script in (
        "document.body.append(Object.assign(document.createElement('script'), {text: 'run()'}))",
        "document.body.innerHTML = '<img src=x onerror=run()>'",
        "fetch('https://attacker.example/').catch(() => {})",
        "document.body.append(Object.assign(new Image(), {src: 'https://attacker.example/i'}))",
    ):
        page.evaluate(f"() => {{ try {{ {script} }} catch (error) {{ console.error(error) }} }}")

    def violated() -> set[str]:
        page.wait_for_timeout(50)  # the page's messages arrive meanwhile
        return {fault.split(": ")[2] for fault in watch.faults if "policy violated" in fault}

    until(lambda: violated() == {"require-trusted-types-for", "connect-src", "img-src"})
    watch.expect("policy|TrustedHTML|TrustedScript|attacker.example")


def test_files_are_kept_for_a_year_and_the_page_is_asked_for(console: str) -> None:
    files = _assets(console)
    assert files
    for path, expected in (("", "no-cache"), *((one, "immutable") for one in files)):
        answer = httpx.get(console + path)
        assert answer.headers["cache-control"].endswith(expected)
        etag = answer.headers["etag"]
        for known in (etag, f"W/{etag}"):
            again = httpx.get(console + path, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")


def test_file_of_an_older_build_is_not_found(console: str) -> None:
    answer = httpx.get(f"{console}assets/index-Older.js")

    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_large_texts_are_compressed_for_clients_that_accept_it(
    stack: RunningStack, console: str
) -> None:
    # The entry: the page names the scripts that it imports too.
    [script] = re.findall(r'<script[^>]* src="\./(assets/[^"]+)"', httpx.get(console).text)
    for url in (console + script, f"{stack.api_url}/openapi.json"):
        plain = urlopen(Request(url)).read()  # without Accept-Encoding
        with urlopen(Request(url, headers={"Accept-Encoding": "gzip, br"})) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            body = answer.read()
            assert int(answer.headers["Content-Length"]) == len(body)
        assert gzip.decompress(body) == plain
        assert len(body) < len(plain) / 2
    with urlopen(Request(console, headers={"Accept-Encoding": "gzip"})) as answer:
        assert answer.headers["Content-Encoding"] is None  # smaller than a packet


def test_deep_link_opens_its_page(console: str, console_page: ConsolePage) -> None:
    page = console_page("organization")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == f"{console}organization"


def test_address_of_no_page_leads_on(
    console_page: ConsolePage, axe: Callable[[Page], None]
) -> None:
    page = console_page("no/such/page")

    expect(page.get_by_text("No page has this address")).to_be_visible()
    axe(page)


def test_forgotten_key_ends_the_time_to_undo_and_is_not_called_refused(
    console_page: ConsolePage, organization: Organization
) -> None:
    agent = {"name": "Order desk", "system_prompt": "Be brief."}
    created = organization.http.post("/v1/agents", json=agent).raise_for_status().json()
    body = {"agent_id": created["id"], "title": "Deleted, then left"}
    organization.http.post("/v1/sessions", json=body).raise_for_status()
    page = console_page("sessions")
    page.get_by_role("button", name="Delete Deleted, then left").click()

    with page.expect_response(lambda one: one.request.method == "DELETE") as deletion:
        page.get_by_role("button", name="Forget the key").click()

    assert deletion.value.ok
    expect(page.get_by_label("API key")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<script>console.error('broken')</script>", "console: broken"),
        ("<script>throw new Error('broken')</script>", "uncaught: broken"),
        ("<img src='http://127.0.0.2:9/'>", "request to another host: http://127.0.0.2:9/"),
    ],
)
def test_fault_of_a_page_fails_its_test(
    context: BrowserContext, watch: PageWatch, content: str, fault: str
) -> None:
    page = context.new_page()
    page.set_content(content)

    def is_noted() -> bool:
        page.wait_for_timeout(50)  # the page's messages arrive meanwhile
        return any(fault in one for one in watch.unexpected())

    until(is_noted)
    watch.expect(".")
