"""Executor of sample data: a list of requests, each sent once, with values of earlier answers.

console/src/pages/organization/samples.ts does the same in the browser, with the same file and
idempotency keys: what one of them has created is there for the other.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cli.agent_sessions_cli.client import Api
from cli.agent_sessions_cli.errors import Failure, Refused
from local.settings import ROOT

type Step = dict[str, Any]

FILE = ROOT / "console" / "src" / "pages" / "organization" / "samples.json"
#: Statuses of a request for what was deleted or changed since an earlier load.
_LEFT = (404, 409, 412)
#: A value of an answer, or a time before the first load: ``{{agent}}``, ``{{iso -3d +20s}}``.
_PLACEHOLDER = re.compile(r"\{\{(\S+?)(?: -(\d+)d \+(\d+)s)?\}\}")
_POLLS_PER_SECOND = 2


class _NoValue(Exception):
    """A value that no answer has given, because its request was skipped."""


def read_samples() -> Step:
    """Return the sample data: its name, and its requests as `steps`."""
    document: Step = json.loads(FILE.read_text())
    return document


def at(value: Any, path: str) -> Any:
    """Return the value at a dotted path, such as `data.0.type`; None if there is none."""
    for key in path.split("."):
        if isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else None
        else:
            value = (value or {}).get(key)
    return value


@dataclass(slots=True)
class Samples:
    """Sends requests in their order, and keeps values of the answers for later ones."""

    name: str
    api: Api
    pause: Callable[[float], object] = time.sleep
    values: dict[str, Any] = field(default_factory=dict)

    def send(self, step: Step) -> str:
        """Send one request; return `created`, `unchanged` or `skipped`.

        Skipped is a request for what was deleted or changed since an earlier load, and one that
        needs its values. Raises ``Failure`` for any other refusal.
        """
        try:
            path, body = self._filled(step["path"]), self._filled(step.get("body"))
            return self._send(step, path, body)
        except _NoValue:
            return "skipped"
        except Refused as refused:
            if refused.code in _LEFT:
                return "skipped"
            raise

    def _send(self, step: Step, path: str, body: Any) -> str:
        if unless := step.get("unless"):
            found = self.api.json("GET", self._filled(unless["path"]))
            if at(found, unless["field"]):
                return "unchanged"
        key = {"idempotency-key": f"{self.name}:{step['id']}"} if step["method"] == "POST" else {}
        answer = self.api.send(step["method"], path, body=body, headers=key)
        if until := step.get("until"):
            self._wait(until, path)
        for name, place in step.get("capture", {}).items():
            self.values[name] = at(answer.json(), place)
        is_new = answer.status_code in (201, 202) and "idempotent-replayed" not in answer.headers
        return "created" if is_new else "unchanged"

    def _wait(self, until: Step, path: str) -> None:
        for _ in range(until["seconds"] * _POLLS_PER_SECOND):
            if at(self.api.json("GET", path), until["field"]) in until["values"]:
                return
            self.pause(1 / _POLLS_PER_SECOND)
        raise Failure(f"{path} did not end within {until['seconds']} s")

    def _filled(self, template: Any) -> Any:
        """Return a template with its values; a string that is one placeholder becomes the value."""
        if isinstance(template, dict):
            return {key: self._filled(value) for key, value in template.items()}
        if isinstance(template, list):
            return [self._filled(value) for value in template]
        if not isinstance(template, str):
            return template
        if whole := _PLACEHOLDER.fullmatch(template):
            return self._value(whole)
        return _PLACEHOLDER.sub(lambda match: str(self._value(match)), template)

    def _value(self, placeholder: re.Match[str]) -> Any:
        name, days, seconds = placeholder.groups()
        value = self.values.get(name if days is None else "since")
        if value is None:
            raise _NoValue
        if days is None:
            return value
        # Relative to the first answer, of which a repetition gets a copy: the same times again.
        whole = datetime.fromisoformat(value).replace(microsecond=0)
        time_then = whole - timedelta(days=int(days)) + timedelta(seconds=int(seconds))
        if name == "nanos":
            return f"{int(time_then.timestamp())}000000000"
        return time_then.isoformat().replace("+00:00", "Z")
