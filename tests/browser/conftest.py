"""Fixtures of tests in Chromium: the console of the running stack, watched and checked.

A test fails at its end if a page logged an error, violated its policy, or asked another host. The
sync API of Playwright has an event loop in this thread as long as the browser runs, hence the
scope: it ends before tests of other folders.
"""

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from local.chromium import CHROMIUM, MISSING, launch
from local.settings import ROOT
from tests.support.accessibility import findings
from tests.support.console_files import ConsoleFiles
from tests.support.page_watch import PageWatch
from tests.support.running_stack import PATIENCE, RunningStack, until

SCREENSHOTS = ROOT / "docs" / "screenshots"
#: Of pages and pictures.
_SIZE = ViewportSize(width=1280, height=800)
#: Milliseconds: a cold function on a busy machine takes a few seconds.
_PATIENCE = 30_000
#: Once for each tab, so that a page can forget the key. Other documents than the console's have
#: no storage.
_SIGN_IN = """
if (location.origin !== "null" && !sessionStorage.getItem("test.signed-in")) {
  sessionStorage.setItem("test.signed-in", "yes");
  sessionStorage.setItem("agent-sessions.key", %s);
}
"""
_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Note for the fixtures that a test has failed."""
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium of this machine."""
    if CHROMIUM is None:
        pytest.skip(MISSING)
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def console_files() -> ConsoleFiles:
    """Files of the console, fetched once."""
    return ConsoleFiles()


@dataclass(frozen=True, slots=True)
class Organization:
    """Organization of one module of tests, which sees no data but its own."""

    id: str
    api_key: str
    http: httpx.Client


@pytest.fixture(scope="module")
def organization(stack: RunningStack) -> Iterator[Organization]:
    """A new organization, its unrestricted key, and a client with that key."""
    created = stack.new_key()
    with httpx.Client(
        base_url=stack.api_url, headers={"x-api-key": created.api_key}, timeout=PATIENCE
    ) as client:
        yield Organization(created.organization_id, created.api_key, client)


@pytest.fixture
def watch() -> PageWatch:
    """Faults of the test's pages; ``watch.expect(pattern)`` allows some."""
    return PageWatch()


@pytest.fixture
def context(
    browser: Browser,
    watch: PageWatch,
    console_files: ConsoleFiles,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[BrowserContext]:
    """A watched browser context of its own: tabs and storage."""
    context = browser.new_context(
        viewport=_SIZE, reduced_motion="reduce", locale="en-US", timezone_id="UTC"
    )
    context.set_default_timeout(_PATIENCE)
    watch.attach(context)
    console_files.serve(context)
    yield context
    if request.node.stash.get(_failed, False):
        for number, page in enumerate(context.pages):
            picture = tmp_path / f"page-{number}.png"
            page.screenshot(path=picture)
            print(f"{page.url}: {picture}")  # noqa: T201 - pytest shows it with the failure
    context.unroute_all(behavior="ignoreErrors")  # a page may still be loading its files
    context.close()  # the last events arrive before it returns
    assert not watch.unexpected(), "\n".join(watch.unexpected())


type ConsolePage = Callable[..., Page]


@pytest.fixture
def console_page(
    stack: RunningStack, organization: Organization, context: BrowserContext
) -> ConsolePage:
    """Function that opens a path of the console in a new tab, signed in.

    ``console_page("sessions")``; ``key=`` another key than the organization's, "" for none.
    CONSOLE_URL names the console of `npm run dev` instead of the stack's.
    """
    console = os.environ.get("CONSOLE_URL") or f"{stack.api_url}/console/"

    def open_page(path: str = "", *, key: str | None = None) -> Page:
        page = context.new_page()
        if key != "":
            page.add_init_script(_SIGN_IN % dumps(key or organization.api_key))
        page.goto(console + path)
        return page

    return open_page


def hold(of: Page | BrowserContext, path: str, method: str | None = None) -> list[Route]:
    """Hold requests to a path, of one method or of all; return them as they arrive.

    Each is to be continued. Those of a page that is still to be opened are held by its context.
    """
    held: list[Route] = []

    def keep(route: Route) -> None:
        if method in (None, route.request.method):
            held.append(route)
        else:
            route.continue_()

    of.route(path, keep)
    return held


def next_of(page: Page, held: list[Route]) -> Route:
    """Wait for a request that is held; return it."""
    until(lambda: page.title() and held)  # a route arrives while the page is asked
    return held.pop(0)


def wait_until_it_fits(page: Page) -> None:
    """Wait until a page has its layout for a new width, without a horizontal scroll bar."""
    until(lambda: page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Function that fails if axe-core finds anything on a page, light or dark."""

    def check(page: Page) -> None:
        found = findings(page)
        assert not found, "\n".join(found)

    return check


@pytest.fixture
def screenshot(context: BrowserContext) -> Callable[..., None]:
    """Function that writes docs/screenshots/<name>.png of the last opened tab, or of ``page``.

    Only if UPDATE_SCREENSHOTS is set; in the size of the tests' pages.
    """

    def write(name: str, page: Page | None = None) -> None:
        if os.environ.get("UPDATE_SCREENSHOTS"):
            SCREENSHOTS.mkdir(exist_ok=True)
            (page or context.pages[-1]).screenshot(
                path=SCREENSHOTS / f"{name}.png", animations="disabled"
            )

    return write
