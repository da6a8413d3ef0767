"""Live log output of the functions."""

import time
from operator import itemgetter

from botocore.exceptions import EndpointConnectionError

from local.aws import client
from local.processes import running_pid
from local.settings import STACK_NAME, LocalStack

LOG_GROUP = f"/{STACK_NAME}/functions"
_POLL_SECONDS = 1.0
# A line may be stored a little later than its timestamp.
_OVERLAP_MILLISECONDS = 10_000
# Lines that the platform adds around each invocation.
_PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId")

type Line = tuple[int, str, str]
"""Time in milliseconds, log stream, text."""


def follow(stack: LocalStack) -> None:
    """Print new log lines until the emulator stops."""
    since = int(time.time() * 1000)
    shown: set[Line] = set()
    while running_pid(stack) is not None:
        try:
            lines = _lines(stack, since)
        except EndpointConnectionError:
            return
        for line in lines:
            if line not in shown and not line[2].startswith(_PLATFORM):
                print(line[2].rstrip(), flush=True)
        shown = set(lines)
        if lines:
            since = max(since, lines[-1][0] - _OVERLAP_MILLISECONDS)
        time.sleep(_POLL_SECONDS)


def _lines(stack: LocalStack, since: int) -> list[Line]:
    """Return the lines since a time, in order."""
    pages = client(stack, "logs").get_paginator("filter_log_events")
    lines = (
        (event["timestamp"], event["logStreamName"], event["message"])
        for page in pages.paginate(logGroupName=LOG_GROUP, startTime=since)
        for event in page["events"]
    )
    return sorted(lines, key=itemgetter(0))
