"""Show what the functions log, as it comes."""

import time
from collections.abc import Iterator

from local.aws import client
from local.processes import running_pid
from local.settings import STACK_NAME, LocalStack

LOG_GROUP = f"/{STACK_NAME}/functions"
_POLL_SECONDS = 1.0


def follow(stack: LocalStack) -> None:
    """Print new log lines until the emulator ends."""
    since = int(time.time() * 1000)
    shown: set[str] = set()
    while running_pid(stack) is not None:
        for event_id, timestamp, message in _events(stack, since):
            if event_id not in shown:
                shown.add(event_id)
                since = max(since, timestamp)
                print(message.rstrip(), flush=True)
        time.sleep(_POLL_SECONDS)


def _events(stack: LocalStack, since: int) -> Iterator[tuple[str, int, str]]:
    pages = client(stack, "logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=LOG_GROUP, startTime=since):
        for event in page["events"]:
            yield event["eventId"], event["timestamp"], event["message"]
