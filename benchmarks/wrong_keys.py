"""Requests with wrong API keys on the local stack: python -m benchmarks.wrong_keys

Good and wrong keys alternate; each wrong key is another one of the right form, so that the
authorizer reads the table for it. All must be refused with 401, without an error of a function or a
traceback in the log, and in at most twice the time of a request with a good key. Only the ratio
carries over to another machine.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from local.aws import client
from local.logs import LOG_GROUP
from shared.identity.keys import new_api_key
from tests.support.running_stack import PATIENCE, RunningStack, running_stack

#: Limit of the ratio of the medians, wrong to good.
MAX_RATIO = 2.0
#: Seconds until the emulator has stored the last lines.
_LOG_DELAY = 2.0
_FORM, _MALFORMED = "of the right form", "of another form"


def main() -> None:
    """Send the requests, and print the figures; exit with an error if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wrong_keys")
    parser.add_argument("--keys", type=int, default=1000, help="wrong keys")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "stack") as stack:
        began = int(time.time() * 1000)
        seconds, statuses = _send(stack, options.keys)
        time.sleep(_LOG_DELAY)
        errors, tracebacks = _logged(stack, began)
    good = statistics.median(seconds["good"])
    ratios = {name: statistics.median(seconds[name]) / good for name in (_FORM, _MALFORMED)}
    print(f"good keys: {statuses['good', 200]} of {len(seconds['good'])} answered 200")
    for name, ratio in ratios.items():
        refused = f"{statuses[name, 401]} of {len(seconds[name])} answered 401"
        print(f"wrong keys {name}: {refused}; p50 {ratio:.2f} x that of a good key")
    print(f"Lambda errors: {errors}, tracebacks: {tracebacks}")
    answered = {("good", 200), (_FORM, 401), (_MALFORMED, 401)}
    if statuses.keys() - answered or errors or tracebacks or max(ratios.values()) > MAX_RATIO:
        sys.exit(f"goals: every wrong key 401, no errors, no tracebacks, at most {MAX_RATIO} x")


def _send(
    stack: RunningStack, count: int
) -> tuple[dict[str, list[float]], Counter[tuple[str, int]]]:
    """Return the seconds of each request by kind of key, and the number of each status."""
    seconds: dict[str, list[float]] = {"good": [], _FORM: [], _MALFORMED: []}
    statuses: Counter[tuple[str, int]] = Counter()
    url = f"{stack.api_url}/v1/identity/whoami"
    with httpx.Client(timeout=PATIENCE) as http:
        for _ in range(5):  # starts the functions
            http.get(url, headers={"x-api-key": stack.api_key})
        for number in range(count):
            wrong = (_MALFORMED, f"sk-{number:040}") if number % 10 == 0 else (_FORM, new_api_key())
            for kind, key in (("good", stack.api_key), wrong):
                started = time.perf_counter()
                status = http.get(url, headers={"x-api-key": key}).status_code
                seconds[kind].append(time.perf_counter() - started)
                statuses[kind, status] += 1
    return seconds, statuses


def _logged(stack: RunningStack, since: int) -> tuple[int, int]:
    """Return the errors and the tracebacks in the functions' log."""
    pages = client(stack.local, "logs").get_paginator("filter_log_events")
    lines = [
        event["message"]
        for page in pages.paginate(logGroupName=LOG_GROUP, startTime=since)
        for event in page["events"]
    ]
    marks = ("[ERROR]", '"level":"ERROR"', "errorMessage")
    errors = sum(any(mark in line for mark in marks) for line in lines)
    return errors, sum("Traceback" in line for line in lines)


if __name__ == "__main__":
    main()
