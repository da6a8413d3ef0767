"""Sessions with hostile or very large content, and a console whose key or connection is lost."""

import base64
import json
import struct
import zlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from tests.browser.conftest import ConsolePage, Organization, wait_until_it_fits
from tests.support.page_watch import PageWatch
from tests.support.running_stack import RunningStack, until

#: Texts, each of which runs, loads or leads somewhere if a page takes it as markup.
MARKUP = (
    "<img src=x onerror=\"window.hacked='markup'\"><script>window.hacked='script'</script>"
    "<a href=\"javascript:window.hacked='link'\">javascript:window.hacked='bare'</a>"
    '"><svg/onload=window.hacked=1><iframe src=https://attacker.example></iframe>{{7*7}}'
)
#: Letters from right to left, and a character that reverses those behind it.
REVERSED = "مرحبا \u202egnp.exe\u202c שלום"
HOSTILE = f"{MARKUP} {REVERSED}"
#: Bounds of a page that shows a part of a long session, whatever the session's length.
MAX_NODES, MAX_EVENTS, MAX_ROWS = 2_500, 300, 60
LONG = 2_000  # turns of five events each


def _imported(organization: Organization, kind: str = "agent", **fields: Any) -> str:
    body = {"id": f"call-{uuid4()}", "agent": "Order desk", **fields}
    answer = organization.http.post("/v1/sessions/import", params={"kind": kind}, json=body)
    return str(answer.raise_for_status().json()["session_id"])


def _talk(question: str, tool: str, arguments: object, answer: str, text: str) -> list[Any]:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    calls = [{"id": "call_1", "type": "function", "function": function}]
    return [
        {"role": "user", "content": question},
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "call_1", "content": answer},
        {"role": "assistant", "content": text, "reasoning_content": question},
    ]


def _assert_harmless(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    markup = "main img[src='x'], main svg, main iframe, main script, a[href^='javascript:']"
    assert page.locator(markup).count() == 0


def _picture() -> str:
    """Return a PNG of one red pixel in base64."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + content + chunk(b"IEND", b"")).decode()


@pytest.mark.parametrize("kind", ["agent", "evaluation"])
def test_markup_in_every_field_is_text(
    console_page: ConsolePage, organization: Organization, axe: Callable[[Page], None], kind: str
) -> None:
    messages = _talk(HOSTILE, "find_order", {HOSTILE: HOSTILE}, HOSTILE, HOSTILE)
    session_id = _imported(
        organization,
        kind,
        id=f"{HOSTILE[:200]}{uuid4()}",
        title=HOSTILE[:250],
        agent=HOSTILE[:250],
        tags=[HOSTILE[:120]],
        messages=messages,
    )
    page = console_page(f"sessions?kind={kind}")
    row = page.locator("tbody tr").filter(has_text="onerror")
    expect(row).to_have_count(1)
    _assert_harmless(page)
    axe(page)

    page.goto(page.url.split("/sessions")[0] + f"/sessions/{session_id}")
    expect(page.get_by_label("User", exact=True)).to_contain_text(MARKUP)
    page.get_by_role("button", name="find_order").click()
    expect(page.get_by_label("Arguments of the call")).to_contain_text("onerror")
    for name in ("Reasoning", "further event"):
        for one in page.get_by_text(name).all():
            one.click()
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("menuitem", name="Raw JSON").click()
    expect(page.get_by_role("region", name="Raw JSON")).to_contain_text("onerror")
    _assert_harmless(page)
    axe(page)
    page.set_viewport_size({"width": 360, "height": 720})
    wait_until_it_fits(page)


def test_only_images_of_their_own_bytes_are_shown(
    console_page: ConsolePage, organization: Organization
) -> None:
    agent = {"name": "Looker", "system_prompt": "Look."}
    created = organization.http.post("/v1/agents", json=agent).raise_for_status().json()
    body = {"agent_id": created["id"]}
    session = organization.http.post("/v1/sessions", json=body).raise_for_status().json()
    svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='hacked=1'/>").decode()
    content = [
        {"type": "text", "text": "Look at these."},
        {"type": "image", "base64": _picture(), "media_type": "image/png"},
        {"type": "image", "base64": svg, "media_type": "image/svg+xml"},
        {"type": "image", "url": "https://attacker.example/picture.png"},
        {"type": "image", "url": "javascript:alert(1)"},
    ]
    path = f"/v1/sessions/{session['id']}/messages"
    message = {"message": {"role": "user", "content": content}}
    organization.http.post(path, json=message).raise_for_status()

    page = console_page(f"sessions/{session['id']}")

    expect(page.get_by_label("User").get_by_text("Look at these.")).to_be_visible()
    pictures = page.get_by_label("User").get_by_role("img")
    expect(pictures).to_have_count(1)
    assert pictures.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    expect(page.get_by_text("[Image https://attacker.example/picture.png]")).to_be_visible()
    assert page.get_by_text("[Image").count() == 3
    _assert_harmless(page)


def test_tool_answers_of_a_megabyte_are_cut_until_they_are_asked_for(
    console_page: ConsolePage, organization: Organization
) -> None:
    lines = [f"line {number} {HOSTILE}" for number in range(700)]
    answer = json.dumps(lines)[:300_000]
    messages = [
        message
        for number in range(4)
        for message in _talk(f"Read part {number}", "read_file", {}, answer, f"Part {number}.")
    ]
    session_id = _imported(organization, messages=messages)
    page = console_page(f"sessions/{session_id}")
    expect(page.get_by_text("Part 3.")).to_be_visible()
    assert page.evaluate("document.body.textContent.length") < 20_000

    for call in page.get_by_role("button", name="read_file").all():
        call.click()
    expect(page.get_by_role("button", name="Show all").first).to_be_visible()
    assert page.evaluate("document.body.textContent.length") < 60_000
    page.get_by_role("button", name="Show all").last.click()
    expect(page.get_by_label("Answer of the tool").last).to_contain_text("line 69")
    _assert_harmless(page)


@pytest.fixture(scope="module")
def long_session(organization: Organization) -> str:
    """A session of 10,000 events."""
    messages = [
        message
        for number in range(LONG)
        for message in _talk(
            f"Question {number}", "find_order", {"number": number}, "late", f"Answer {number}"
        )
    ]
    return _imported(organization, title="Ten thousand events", messages=messages)


class _Load:
    """Events that a page has read, and the requests for them."""

    def __init__(self, page: Page) -> None:
        self.sizes: list[int] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if "/events?" in response.url:
            self.sizes.append(len(response.json()["data"]))


def test_ten_thousand_events_are_read_and_drawn_in_parts(
    console_page: ConsolePage, organization: Organization, long_session: str
) -> None:
    page = console_page("sessions")
    load = _Load(page)
    page.goto(page.url + f"/{long_session}")
    expect(page.get_by_text("Answer 1999")).to_be_in_viewport()
    page.wait_for_timeout(300)

    assert load.sizes == [MAX_EVENTS]
    assert _nodes(page) < MAX_NODES
    region = page.get_by_role("region", name="Timeline", exact=True)
    _scroll_up(region, 2_000, lambda: len(load.sizes) >= 4)
    assert max(load.sizes) <= MAX_EVENTS
    assert _nodes(page) < MAX_NODES
    assert page.locator(".timeline-row").count() < MAX_ROWS

    page.get_by_role("button", name="First").click()
    expect(page.get_by_text("Answer 0", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="Newest").click()
    expect(page.get_by_text("Answer 1999")).to_be_in_viewport()
    page.get_by_role("searchbox").fill("Question 777")
    page.keyboard.press("Enter")
    expect(page.get_by_label("User").get_by_text("Question 777")).to_be_visible()


def _scroll_up(region: Locator, step: int, is_enough: Callable[[], bool]) -> None:
    def scroll() -> bool:
        region.evaluate("(region, step) => { region.scrollTop -= step }", step)
        region.page.wait_for_timeout(50)
        return is_enough()

    until(scroll)


def _nodes(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def test_what_is_read_stays_in_place_while_earlier_events_are_added(
    console_page: ConsolePage, long_session: str
) -> None:
    page = console_page(f"sessions/{long_session}?sequence=5000")
    selected = page.locator(".timeline-row.selected")
    expect(selected).to_be_in_viewport()
    load = _Load(page)
    region = page.get_by_role("region", name="Timeline", exact=True)
    # Upwards until an earlier part is asked for; then the place must not change by itself.
    _scroll_up(region, 300, lambda: bool(load.sizes))
    page.wait_for_timeout(500)
    visible = """region => {
      const top = region.getBoundingClientRect().top;
      const row = [...region.querySelectorAll(".timeline-row")]
        .find((one) => one.getBoundingClientRect().top >= top);
      return [row.textContent, Math.round(row.getBoundingClientRect().top - top)];
    }"""
    first = region.evaluate(visible)
    page.wait_for_timeout(500)
    assert region.evaluate(visible) == first
    assert region.evaluate("region => region.scrollTop") > 1_000


def test_revoked_key_is_asked_for_again(
    stack: RunningStack, organization: Organization, console_page: ConsolePage, watch: PageWatch
) -> None:
    watch.expect("status of 401")
    key = stack.new_key(organization=organization.id)
    session_id = _imported(organization, messages=_talk("Hi", "look", {}, "done", "Hello"))
    page = console_page(f"sessions/{session_id}", key=key.api_key)
    expect(page.get_by_text("Hello")).to_be_visible()

    headers = {"x-api-key": key.api_key}
    caller = organization.http.get("/v1/identity/whoami", headers=headers).raise_for_status()
    path = f"/v1/identity/api-keys/{caller.json()['key_id']}"
    organization.http.delete(path).raise_for_status()

    expect(page.get_by_label("API key")).to_be_visible()
    expect(page.get_by_text("The key is no longer valid")).to_be_visible()
    expect(page.get_by_text("Hello")).to_have_count(0)
    page.get_by_label("API key").fill(organization.api_key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hello")).to_be_visible()


def test_lost_connection_keeps_the_page_and_goes_on_by_itself(
    context: BrowserContext,
    organization: Organization,
    console_page: ConsolePage,
    watch: PageWatch,
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_CONNECTION")
    agent = {"name": "Order desk", "system_prompt": "Be brief."}
    created = organization.http.post("/v1/agents", json=agent).raise_for_status().json()
    body = {"agent_id": created["id"], "title": "Interrupted"}
    session = organization.http.post("/v1/sessions", json=body).raise_for_status().json()
    page = console_page(f"sessions/{session['id']}")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()

    context.set_offline(True)
    page.get_by_label("Message to the agent").fill("Are you there?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Disconnected, retrying")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Interrupted")).to_be_visible()
    expect(page.get_by_label("Message to the agent")).to_have_value("Are you there?")
    context.set_offline(False)

    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("User")).to_contain_text("Are you there?")
    expect(page.get_by_label("Assistant")).to_be_visible()
