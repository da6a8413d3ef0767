"""Pages of the console beside a blank page of the same function: python -m benchmarks.console_pages

Measures, in Chromium on this machine, for each page in an empty browser and again with its files
cached: first and largest contentful paint, time in which the page cannot react, layout shift, and
bytes. Loads the sample data. Uses a stack of its own, or that of TEST_STACK (the folder of
`make run`). No request leaves 127.0.0.1.
"""

import argparse
import json
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.long_session import measured_stack
from cli.agent_sessions_cli.client import Api
from cli.agent_sessions_cli.config import Login
from local.chromium import CHROMIUM, MISSING, launch
from local.samples import Samples, read_samples

#: The console's function answers it with a sentence.
_BLANK = "assets/none"
_PAGES = (
    "sessions",
    "sessions/{parcel}",
    "playground",
    "playground/{tent}",
    "workflows/{workflow}",
    "scenarios",
    "scenarios/{late-order}",
    "runs",
    "runs/{outage}",
    "organization",
)
_WATCH = """
window.seen = {paint: 0, largest: 0, blocked: 0, shift: 0};
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  if (one.entryType === "largest-contentful-paint") seen.largest = one.startTime;
  else if (one.entryType === "longtask") seen.blocked += Math.max(0, one.duration - 50);
  else if (one.entryType === "layout-shift") { if (!one.hadRecentInput) seen.shift += one.value; }
  else if (one.name === "first-contentful-paint") seen.paint = one.startTime;
})).observe({entryTypes: ["paint", "largest-contentful-paint", "longtask", "layout-shift"]});
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One load of a page: milliseconds, sum of shifts, bytes that came over the network."""

    paint: float
    largest: float
    blocked: float
    shift: float
    size: int


def main() -> None:
    """Load each page several times, and print medians as a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console_pages")
    parser.add_argument("--loads", type=int, default=5)
    loads = parser.parse_args().loads
    if CHROMIUM is None:
        raise SystemExit(MISSING)
    with measured_stack() as stack, sync_playwright() as playwright:
        key = stack.new_key().api_key
        document = read_samples()
        samples = Samples(document["name"], Api(Login(stack.api_url, key)))
        for step in document["steps"]:
            samples.send(step)
        browser = launch(playwright)
        print(
            "| page | first paint, empty browser, ms | cached | largest paint, empty browser, ms "
            "| cached | blocked, ms | shift | kB |\n|---|---|---|---|---|---|---|---|"
        )
        base = _medians(browser, f"{stack.api_url}/console/{_BLANK}", key, loads)
        _print_row("blank page", base, base)
        for path in _PAGES:
            url = f"{stack.api_url}/console/{path.format_map(samples.values)}"
            _print_row(path, _medians(browser, url, key, loads), base)
        browser.close()


def _medians(browser: Browser, url: str, key: str, loads: int) -> tuple[Load, Load]:
    """Return the median load in an empty browser, and with the files of the page cached."""
    empty, cached = [], []
    for number in range(loads + 1):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_init_script(f'sessionStorage.setItem("agent-sessions.key", {json.dumps(key)});')
        context.add_init_script(_WATCH)
        page = context.new_page()
        first, second = _load(page, url), _load(page, url)
        if number > 0:  # the first one warms the functions
            empty.append(first)
            cached.append(second)
        context.close()
    return _median(empty), _median(cached)


def _load(page: Page, url: str) -> Load:
    sizes: list[int] = []
    page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    page.goto("about:blank")
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1_500)
    return Load(**page.evaluate("seen"), size=sum(sizes))


def _median(loads: list[Load]) -> Load:
    return Load(
        paint=median(one.paint for one in loads),
        largest=median(one.largest for one in loads),
        blocked=median(one.blocked for one in loads),
        shift=max(one.shift for one in loads),
        size=int(median(one.size for one in loads)),
    )


def _print_row(name: str, measured: tuple[Load, Load], base: tuple[Load, Load]) -> None:
    paints, largest = (
        [
            f"{getattr(load, field):.0f} ({getattr(load, field) / getattr(blank, field):.1f})"
            for load, blank in zip(measured, base, strict=True)
        ]
        for field in ("paint", "largest")
    )
    empty = measured[0]
    cells = [name, *paints, *largest, f"{empty.blocked:.0f}", f"{empty.shift:.3f}"]
    print(f"| {' | '.join(cells)} | {empty.size / 1000:.0f} |", flush=True)


if __name__ == "__main__":
    main()
