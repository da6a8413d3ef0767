"""Runs of the API: start, read, report, cancel."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from .client import Api
from .errors import Failure, Status
from .kinds import pages

PATH = "/v1/runs"
#: Statuses of a run that goes on.
OPEN = ("pending", "running")


def path(run: str) -> str:
    """Return the path of a run."""
    return f"{PATH}/{quote(run, safe='')}"


def start(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    """Start a run; options that were not given are left to the API."""
    given = {name: value for name, value in body.items() if value not in (None, [], {})}
    started: dict[str, Any] = api.json("POST", PATH, body=given)
    return started


def get(api: Api, run: str) -> dict[str, Any]:
    """Return a run."""
    found: dict[str, Any] = api.json("GET", path(run))
    return found


def cancel(api: Api, run: str) -> dict[str, Any]:
    """Cancel a run; its simulations end within a turn."""
    found: dict[str, Any] = api.json("POST", f"{path(run)}/cancel")
    return found


def results(api: Api, run: str, limit: int | None, **filters: str) -> Iterator[dict[str, Any]]:
    """Yield results in the order of their numbers."""
    return pages(api, f"{path(run)}/results", {**filters}, limit)


def report(api: Api, run: str, form: str) -> Iterator[bytes]:
    """Yield the content of a report."""
    return api.download(f"{path(run)}/report", {"format": form})


def last_run(api: Api, name: str) -> str | None:
    """Return the newest completed run of a name, or None among the last 200 runs."""
    for one in pages(api, PATH, {}, 200):
        if one["name"] == name and one["status"] == "completed":
            return str(one["id"])
    return None


def baseline_of(api: Api, given: str | None, name: str) -> str | None:
    """Return the id of the baseline: that which was given, or the last run of the name."""
    return last_run(api, name) if given == "last" else given


def only_one(**options: object) -> str:
    """Return the name of the one option that was given. Raises ``Failure`` otherwise."""
    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        names = ", ".join(f"--{name}" for name in options)
        raise Failure(f"{names}: exactly one is required", Status.USAGE)
    return given[0]
