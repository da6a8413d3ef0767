"""Every page of the console's router: title, accessibility, stability, narrow screens, size."""

import os
import re
from collections.abc import Callable
from json import dumps
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from cli.agent_sessions_cli.client import Api
from cli.agent_sessions_cli.config import Login
from local.samples import Samples, read_samples
from local.settings import ROOT
from tests.browser.conftest import ConsolePage, Organization
from tests.support.running_stack import RunningStack

ROUTER = (ROOT / "console" / "src" / "router.tsx").read_text()
PATHS = re.findall(r'page\("([^"]+)"', ROUTER)
#: Bytes of the list of sessions with all of its files, compressed.
FIRST_VIEW = 250_000
#: Sum of layout shifts that Web Vitals calls good.
STABLE = 0.1
#: Notes the shifts that no input has caused, from the first one on. Answers come late, so that
#: what a page shows before them is drawn.
WATCH_SHIFTS = """
const answer = globalThis.fetch;
globalThis.fetch = async (...request) => {
  await new Promise((done) => setTimeout(done, 200));
  return answer(...request);
};
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts.push({
    value: entry.value,
    nodes: entry.sources.map(({node}) => node?.outerHTML?.slice(0, 160) ?? String(node)),
  });
}).observe({type: "layout-shift", buffered: true});
"""
#: Elements that make the page wider than its window; the parts of a scrolled one do not.
WIDER = """
() => {
  const width = document.documentElement.clientWidth;
  const isClipped = (one) => one !== document.body &&
    (getComputedStyle(one).overflowX !== "visible" || isClipped(one.parentElement));
  return document.documentElement.scrollWidth <= width ? [] :
    [...document.querySelectorAll("body *")]
      .filter((one) => one.getBoundingClientRect().right > width && !isClipped(one.parentElement))
      .map((one) => one.outerHTML.slice(0, 160));
}
"""
#: Parameters of a path, and the values of the sample data that they have.
PARAMETERS = {
    "/sessions/$sessionId": {"sessionId": "total"},
    "/playground/$sessionId": {"sessionId": "tent"},
    "/workflows/$workflowId": {"workflowId": "workflow"},
    "/scenarios/$scenarioId": {"scenarioId": "late-order"},
    "/runs/$runId": {"runId": "outage"},
    "/runs/$runId/simulations/$number": {"runId": "outage", "number": "0"},
    "/runs/$runId/compare/$baselineId": {"runId": "outage", "baselineId": "run"},
}
#: Further addresses, which show other parts.
FURTHER = (
    "/scenarios/new?session={parcel}",
    "/scenarios/new?from=brief",
    "/sessions/{parcel}",
    "/sessions/{size}",
    "/organization?tab=keys",
    "/organization?tab=catalog",
)


@pytest.fixture(scope="module")
def values(stack: RunningStack, organization: Organization) -> dict[str, Any]:
    """Values of the sample data, which is loaded."""
    document = read_samples()
    samples = Samples(document["name"], Api(Login(stack.api_url, organization.api_key)))
    assert "skipped" not in {samples.send(step) for step in document["steps"]}
    return samples.values


def test_parameters_of_each_page_are_known() -> None:
    assert {path for path in PATHS if "$" in path} == set(PARAMETERS)


@pytest.mark.parametrize("path", [*PATHS, *FURTHER])
def test_page(
    path: str,
    values: dict[str, Any],
    context: BrowserContext,
    console_page: ConsolePage,
    axe: Callable[[Page], None],
) -> None:
    context.add_init_script(WATCH_SHIFTS)

    page = console_page(_address(path, values))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    page.wait_for_timeout(300)

    shifts = page.evaluate("shifts")
    assert sum(one["value"] for one in shifts) < STABLE, shifts
    expect(page).to_have_title(re.compile(r"\S · Agent Sessions$"))
    axe(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(200)  # pages that measure themselves
    assert page.evaluate(WIDER) == []


def _address(path: str, values: dict[str, Any]) -> str:
    for name, value in PARAMETERS.get(path, {}).items():
        path = path.replace(f"${name}", values.get(value, value))
    return path.format_map(values).lstrip("/")


@pytest.mark.skipif("CONSOLE_URL" in os.environ, reason="the files of a build are measured")
def test_first_view_is_small(
    browser: Browser,
    stack: RunningStack,
    organization: Organization,
    record_property: Callable[[str, str], None],
) -> None:
    requests: list[Request] = []
    with browser.new_context() as context:  # without files of other tests
        context.on("requestfinished", lambda one: requests.append(one))  # noqa: PLW0108 - no built-in
        context.add_init_script(
            f'sessionStorage.setItem("agent-sessions.key", {dumps(organization.api_key)})'
        )
        page = context.new_page()
        page.goto(f"{stack.api_url}/console/sessions", wait_until="networkidle")
        expect(page.get_by_role("heading", name="Sessions", level=1)).to_be_visible()
        files = [one for one in requests if "/console/" in one.url]
        size = sum(one.sizes()["responseBodySize"] for one in files)
    record_property("summary", f"console, first view: {size // 1000} kB compressed")

    assert 50_000 < size <= FIRST_VIEW
