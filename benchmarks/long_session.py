"""A session of 10,000 events in the console: python -m benchmarks.long_session

Measures, in Chromium on this machine, the time from the navigation to the session's first message,
the memory of the page, and the frames while the session is scrolled from its end to its beginning.
Uses a stack of its own, or that of TEST_STACK (the folder of `make run`); CONSOLE_URL names another
console than the stack's. No request leaves 127.0.0.1.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Page, sync_playwright

from local.chromium import CHROMIUM, MISSING, launch
from tests.support.running_stack import RunningStack, attached_stack, running_stack

#: Events of a turn: question, call, start and end of the tool, answer.
_PER_TURN = 5
#: Pixels of one frame's scrolling: a fast fling.
_STEP = 300
#: Milliseconds of the first message after the begin of the navigation.
_NOTE_FIRST_MESSAGE = """
sessionStorage.setItem("agent-sessions.key", %s);
new MutationObserver((_, observer) => {
  if (!document.querySelector(".message")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstMessage = performance.now(); }));
}).observe(document, {childList: true, subtree: true});
"""
#: Milliseconds for which the page waited for the API: for the session, then for its events.
_API_TIME = """performance.getEntriesByType("resource")
  .filter(({name}) => /captured-sessions[/]|[/]events[?]/.test(name))
  .slice(0, 2).reduce((sum, one) => sum + one.duration, 0)"""
#: Scrolls up by so many pixels each frame until the first turn is there, and returns the frames.
_SCROLL = """async ([pixels, seconds]) => {
  const region = document.querySelector("[role=region][aria-label=Timeline]");
  const frames = [], end = performance.now() + seconds * 1000;
  let last = performance.now();
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
    region.scrollTop -= pixels;
    const first = region.querySelector("h3");
    if (region.scrollTop === 0 && first?.textContent === "Turn 1") break;
  }
  return frames;
}"""


@dataclass(frozen=True)
class Memory:
    """Memory of a page after a garbage collection."""

    megabytes: float
    nodes: int


def main() -> None:
    """Import the session, open and scroll it, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_session")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60, help="of scrolling, at most")
    options = parser.parse_args()
    if CHROMIUM is None:
        raise SystemExit(MISSING)
    with measured_stack() as stack, sync_playwright() as playwright:
        key = stack.new_key().api_key
        path = f"sessions/{_import(stack, key, options.events)}"
        console = os.environ.get("CONSOLE_URL") or f"{stack.api_url}/console/"
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(_NOTE_FIRST_MESSAGE % json.dumps(key))
        print(f"{options.events:,} events, {options.loads} loads")
        _print_loads(page, console, path, options.loads)
        print(_sentence("after loading", _memory(page)))
        _print_scrolling(page, options.seconds)
        print(_sentence("after scrolling", _memory(page)))
        browser.close()


@contextmanager
def measured_stack() -> Iterator[RunningStack]:
    """Yield the stack of TEST_STACK, or one that ends with the measurement."""
    if folder := os.environ.get("TEST_STACK"):
        yield attached_stack(Path(folder).absolute())
        return
    with tempfile.TemporaryDirectory() as home, running_stack(Path(home) / "stack") as stack:
        yield stack


def _import(stack: RunningStack, key: str, events: int) -> str:
    """Import a conversation of so many events, and return the session's id."""
    messages: list[dict[str, Any]] = []
    for number in range(events // _PER_TURN):
        function = {"name": "find_order", "arguments": json.dumps({"number": number})}
        call = {"id": f"call_{number}", "type": "function", "function": function}
        answer = json.dumps({"status": "late", "note": "x" * (number % 50) * 10})
        text = f"Answer {number}." + " It arrives on Tuesday." * (number % 20)
        messages += [
            {"role": "user", "content": f"Question {number}: where is my order?"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": call["id"], "content": answer},
            {"role": "assistant", "content": text},
        ]
    answered = httpx.post(
        f"{stack.api_url}/v1/sessions/import",
        headers={"x-api-key": key},
        json={"id": f"long-{uuid4()}", "agent": "Order desk", "messages": messages},
        timeout=120,
    )
    return str(answered.raise_for_status().json()["session_id"])


def _print_loads(page: Page, console: str, path: str, loads: int) -> None:
    """Print how long loads take; one before them warms the functions and the browser's cache."""
    times, answers = [], []
    for _ in range(loads + 1):
        page.goto("about:blank")
        page.goto(console + path)
        page.locator(".message").first.wait_for()
        while not (painted := page.evaluate("window.firstMessage")):
            page.wait_for_timeout(20)  # wait_for_function needs eval, which the policy forbids
        times.append(float(painted))
        answers.append(float(page.evaluate(_API_TIME)))
    warm = sorted(times[1:])
    print(
        f"first message painted: {median(warm):,.0f} ms (median), {warm[-1]:,.0f} ms (longest); "
        f"first load {times[0]:,.0f} ms; of the median, the API's answers "
        f"{median(answers[1:]):,.0f} ms"
    )


def _print_scrolling(page: Page, seconds: int) -> None:
    frames = sorted(page.evaluate(_SCROLL, [_STEP, seconds]))
    late = sum(frame > 50 for frame in frames)
    print(
        f"scrolling: {len(frames):,} frames, {median(frames):.0f} ms (median), "
        f"{frames[len(frames) * 95 // 100]:.0f} ms (95th percentile), {frames[-1]:.0f} ms "
        f"(longest), {late} above 50 ms"
    )
    print(f"first turn in view: {page.locator('h3').first.text_content()}")


def _memory(page: Page) -> Memory:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    nodes = page.evaluate("document.querySelectorAll('*').length")
    return Memory(used / 1e6, nodes)


def _sentence(when: str, memory: Memory) -> str:
    return f"{when}: JavaScript heap {memory.megabytes:.1f} MB, {memory.nodes:,} elements"


if __name__ == "__main__":
    main()
