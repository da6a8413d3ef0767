"""Runs on a local stack: created by the API, watched, and compared with their sessions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from benchmarks.quiet import silent
from benchmarks.runs.scenarios import Document
from shared.core.ids import OrganizationId
from tests.support.gateway import Gateway
from tests.support.running_stack import RunningStack
from tests.support.storage import emulated_table
from tests.support.turn_storm import retry

#: Seconds after which a run must have ended.
PATIENCE = 3600
_PAGE = 200


@contextmanager
def handlers(stack: RunningStack, organization: str | None = None) -> Iterator[Gateway]:
    """Run the API's handlers in this process, over the stack's table: no process for each."""
    names = {"TABLE_NAME": stack.table_name, "FILES_BUCKET": stack.files_bucket}
    with (
        silent("CRITICAL"),
        pytest.MonkeyPatch.context() as patch,
        emulated_table(patch, endpoint_url=stack.aws_endpoint_url, **names),
    ):
        yield Gateway(OrganizationId.parse(organization or stack.organization_id))


def start(http: httpx.Client, target: Document, scenario_ids: list[str], **fields: Any) -> str:
    """Create a run by the API; return its id."""
    body = {"target": target, "scenario_ids": scenario_ids} | fields
    return str(retry(http, "POST", "/v1/runs", json=body).json()["id"])


def read(http: httpx.Client, run: str) -> Document:
    """Return a run."""
    found: Document = retry(http, "GET", f"/v1/runs/{run}").json()
    return found


def wait(http: httpx.Client, run: str, pause: float = 1.0) -> Document:
    """Return a run once all of its simulations have ended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = read(http, run)
        progress = found["progress"]
        if found["finished_at"] and progress["finished"] == progress["total"]:
            return found
        assert time.monotonic() < deadline, f"the run does not end: {progress}"
        time.sleep(pause)


def results(http: httpx.Client, run: str, **filters: Any) -> list[Document]:
    """Return the results of a run, all pages."""
    found: list[Document] = []
    query: dict[str, Any] = {"limit": _PAGE} | filters
    while True:
        page = retry(http, "GET", f"/v1/runs/{run}/results", params=query).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]
