"""Checks of a scenario: suggested from a session, or read from a file, and stored."""

import json
import sys
from pathlib import Path
from typing import Any

from . import output
from .client import Api
from .errors import Failure, Status
from .kinds import session_uuid


def suggested(api: Api, path: str, session: str, *, save: bool) -> dict[str, Any]:
    """Return the checks that a session suggests, stored if ``save``."""
    query = {"session_id": str(session_uuid(session))}
    found: dict[str, Any] = api.json("GET", f"{path}/suggested", query=query)
    return _store(api, path, found["checks"]) if save else found


def stored_from(api: Api, path: str, file: Path) -> dict[str, Any]:
    """Store the checks of a file: a list, an object with ``checks``, or one check per line."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text()
        value = _read(text)
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}", Status.USAGE) from error
    except (ValueError, RecursionError) as error:
        raise Failure(f"{file}: not JSON: {error}", Status.USAGE) from error
    if isinstance(value, dict):
        value = value.get("checks", [value])
    return _store(api, path, value)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def _store(api: Api, path: str, checks: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.json("PUT", path, body={"checks": checks})
    return found


def show_checks(found: dict[str, Any], *, as_json: bool) -> None:
    """Print checks, one per line, as JSON that ``--file`` reads."""
    if as_json:
        return output.document(found)
    for one in found["checks"]:
        output.document({name: value for name, value in one.items() if value is not None})
    if not found["checks"]:
        output.note("no checks")
    return None
