"""Walks through runs in the console: start, watch, read, cancel, repeat, compare."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ConsolePage, Organization
from tests.support.page_watch import PageWatch
from tests.support.relayed_words import get, post
from tests.support.running_stack import RunningStack
from tests.support.shop_runs import HOSTILE, REFUND, Library, new_library, two_shop_runs

type Axe = Callable[[Page], None]
type Screenshot = Callable[..., None]
type Json = dict[str, Any]


@pytest.fixture(scope="module")
def library(organization: Organization) -> Library:
    return new_library(organization.http)


@pytest.fixture(scope="module")
def two_runs(organization: Organization, library: Library) -> tuple[Json, Json]:
    return two_shop_runs(organization.http, library)


def _row(page: Page, name: str, table: str = ".matrix") -> Locator:
    return page.locator(f"{table} tbody tr").filter(has_text=name)


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f}".removesuffix(".0") + " %"


def _no_code_ran(page: Page) -> None:
    assert page.evaluate("document.title").endswith("Agent Sessions")
    expect(page.locator('img[src="x"]')).to_have_count(0)


def test_run_is_started_once_and_watched_to_its_end(
    console_page: ConsolePage,
    organization: Organization,
    library: Library,
    watch: PageWatch,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page = console_page("runs/new")
    page.get_by_label("Search").fill("shop")
    page.get_by_role("checkbox", name=REFUND).check()
    page.evaluate("scrollTo(0, 0)")
    screenshot("run-new")
    page.get_by_label("Search").fill("")
    page.get_by_role("checkbox", name="<img").check()
    page.get_by_label("Repeats").fill("40")
    page.get_by_role("button", name="Start the run").click()

    # Each fault stands at its field.
    watch.expect("status of 422")
    repeats = page.get_by_label("Repeats")
    expect(repeats).to_have_accessible_description(re.compile("less than or equal to 16"))
    expect(page.get_by_role("combobox", name="Agent")).to_be_focused()
    axe(page)
    repeats.fill("2")
    page.get_by_role("combobox", name="Agent").select_option(library.agent)
    known = len(get(organization.http, "/v1/runs")["items"])
    page.get_by_role("button", name="Start the run").dblclick()

    expect(page.get_by_text("4 of 4 simulations ended")).to_be_visible()
    [run] = get(organization.http, "/v1/runs")["items"][: -known or None]
    assert page.url.endswith(f"/runs/{run['id']}")
    expect(page.get_by_role("link", name="Failed, repeat 2")).to_have_count(1)
    expect(_row(page, "gnol").get_by_role("link", name="Passed, repeat")).to_have_count(2)
    expect(page.locator(".run-scores")).to_contain_text(f"Pass rate{_percent(run['pass_at_1'])}")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    _no_code_ran(page)
    axe(page)
    page.goto(f"{page.url}/compare/{run['id']}")
    expect(_row(page, "gnol", ".changes")).to_contain_text("Still passing")
    _no_code_ran(page)


def test_failed_check_leads_to_its_event(
    console_page: ConsolePage,
    organization: Organization,
    library: Library,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page = console_page(f"runs/new?scenarios={library.refund}")
    page.get_by_role("radio", name="Catalog workflow").check()
    page.get_by_role("combobox", name="Workflow").select_option("order-status")
    page.get_by_label("Repeats").fill("1")
    page.get_by_role("button", name="Start the run").click()
    page.get_by_role("link", name="Failed, repeat 1").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"{REFUND}, repeat 1")
    words = "“refunded” is in no message of the agent."
    expect(page.get_by_role("region", name="Verdict")).to_contain_text(words)
    expect(page.locator(".conversation .marks")).to_contain_text(words)
    axe(page)
    screenshot("run-simulation")
    run = page.url.split("/runs/")[1].split("/")[0]
    [check] = [
        one
        for one in get(organization.http, f"/v1/runs/{run}/simulations/0")["checks"]
        if one["outcome"] == "failed"
    ]
    page.get_by_role("link", name=f"Event {check['sequence']}").first.click()

    page.wait_for_url(re.compile(rf"/sessions/[^/]+\?sequence={check['sequence']}$"))
    expect(page.locator(".selected")).to_contain_text("order")


def test_run_shows_scores_failures_and_results(
    console_page: ConsolePage, two_runs: tuple[Json, Json], axe: Axe, screenshot: Screenshot
) -> None:
    run, _ = two_runs
    page = console_page(f"runs/{run['id']}")

    expect(_row(page, REFUND)).to_contain_text("Flaky")
    expect(_row(page, "Late order")).not_to_contain_text("Flaky")
    rate = _row(page, REFUND, ".rates")
    # Wilson's interval of two of three, as reports have it.
    expect(rate).to_contain_text("20.8 % to 93.9 %")
    expect(rate).to_contain_text("66.7 % 2/3")
    curve = page.locator(".curve-table tbody tr").first
    expected = [_percent(run["pass_at_1"]), "58.3 %", _percent(run["pass_hat_k"])]
    expect(curve.get_by_role("cell")).to_have_text(expected)
    curve_image = page.get_by_role("img", name="pass^k by k")
    expect(curve_image).to_have_accessible_description(re.compile(f"k = 3: {expected[2]}"))
    axe(page)
    screenshot("run")
    page.get_by_role("heading", name="pass^k").scroll_into_view_if_needed()
    curve.scroll_into_view_if_needed()
    screenshot("run-plots")

    page.get_by_role("tab", name="Failures").click()
    failures = page.get_by_role("article")
    expect(failures.first).to_contain_text("3 ×“code” is in no message")
    expect(failures.last).to_contain_text("1 ×“refunded” is in no message")
    axe(page)
    page.get_by_role("link", name="8 passed").click()
    expect(page.get_by_label("Outcome")).to_have_value("passed")
    expect(page.locator(".results tbody tr")).to_have_count(8)
    page.get_by_label("Scenario").select_option(REFUND)
    expect(page.locator(".results tbody tr")).to_have_count(2)
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report").click()
        page.get_by_role("menuitem", name="Download as JSON").click()
    report = json.loads(download.value.path().read_text())
    assert report["scores"]["pass_at_1"] == run["pass_at_1"]
    page.get_by_role("tab", name="Settings").click()
    expect(page.get_by_role("region", name="Record of the run")).to_contain_text(run["id"])
    axe(page)


def test_two_runs_are_chosen_in_the_list_and_compared(
    console_page: ConsolePage,
    organization: Organization,
    two_runs: tuple[Json, Json],
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    earlier, later = two_runs
    page = console_page("runs")
    row = page.locator(".runs-table tbody tr").filter(has_text="Version 2")
    expect(row).to_contain_text(f"{_percent(later['pass_at_1'])}")
    axe(page)
    screenshot("runs")
    page.get_by_role("checkbox", name="Compare Version 2").check()
    page.get_by_role("checkbox", name="Compare Version 1").check()
    page.get_by_role("button", name="Compare (2 of 2)").click()

    page.wait_for_url(f"**/runs/{later['id']}/compare/{earlier['id']}")
    compared = get(organization.http, f"/v1/runs/{later['id']}/compare?with={earlier['id']}")
    refund = next(one for one in compared["items"] if one["scenario_name"] == REFUND)
    change = _row(page, REFUND, ".changes")
    expect(change).to_contain_text(refund["change"].capitalize())
    expect(change).to_contain_text(f"{refund['p_value']:.2f}")
    expect(change).to_contain_text("2/3 passed")
    expect(change.get_by_role("link", name="Failed, repeat")).to_have_count(4)
    rates = _row(page, "scenarios in both", ".differences")
    expect(rates).to_contain_text(_percent(compared["rate_now"]))
    expect(rates).to_contain_text("−16.7 points")
    _no_code_ran(page)
    axe(page)
    screenshot("run-comparison")
    page.get_by_role("button", name=re.compile("Still passing")).click()
    expect(change).to_have_count(0)
    page.get_by_role("button", name=re.compile("Still passing")).click()
    late = _row(page, "Late order", ".changes")
    expect(late).to_contain_text("Regressed")
    sessions = late.get_by_role("link", name=re.compile("session of repeat"))
    expect(sessions).to_have_count(2)
    sessions.last.click()
    expect(page.get_by_text("gnol Please wait.")).to_be_visible()
    _no_code_ran(page)


def test_run_is_cancelled_and_repeated(
    console_page: ConsolePage,
    organization: Organization,
    library: Library,
    watch: PageWatch,
    axe: Axe,
) -> None:
    scenarios = [library.refund, library.hostile]
    fields: Json = {"target": {"relay": True}, "repeats": 2, "scenario_ids": scenarios}
    fields |= {"name": HOSTILE, "max_turns": 7, "budget": {"max_tokens": 500}}
    run = post(organization.http, "/v1/runs", fields)["id"]
    page = console_page(f"runs/{run}")
    expect(page.get_by_text(f"agent-sessions run --resume {run}")).to_be_visible()

    # What was read stays while the API does not answer.
    watch.expect("Failed to load resource")
    page.route("**/v1/runs/*", lambda route: route.abort())
    expect(page.get_by_text("The API does not answer.", exact=True)).to_be_visible()
    expect(page.get_by_text("0 of 4 simulations ended")).to_be_visible()
    page.unroute("**/v1/runs/*")
    expect(page.get_by_text("The API does not answer.", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Cancel the run").click()
    axe(page)
    page.get_by_role("dialog").get_by_role("button", name="Cancel the run").click()

    expect(page.get_by_text("4 cancelled")).to_be_visible()
    expect(page.get_by_role("link", name="Cancelled, repeat")).to_have_count(4)
    page.get_by_role("link", name="Repeat", exact=True).click()

    _no_code_ran(page)
    expect(page.get_by_role("checkbox", name=REFUND)).to_be_checked()
    expect(page.get_by_role("radio", name="Relay")).to_be_checked()
    expect(page.get_by_label("Turns of a simulation")).to_have_value("7")
    expect(page.get_by_label("Tokens")).to_have_value("500")
    expect(page.get_by_role("combobox", name="Baseline")).to_have_value(run)
    axe(page)


def test_key_that_may_only_read_is_offered_no_change(
    stack: RunningStack,
    console_page: ConsolePage,
    organization: Organization,
    two_runs: tuple[Json, Json],
) -> None:
    key = stack.new_key(organization=organization.id, scopes=["read"]).api_key
    page = console_page("runs", key=key)

    page.get_by_role("link", name="Version 1").click()

    expect(page.get_by_role("button", name="Compare")).to_be_visible()
    expect(page.get_by_role("link", name="Repeat", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()
    expect(page.get_by_role("link", name="New run")).to_have_count(0)
