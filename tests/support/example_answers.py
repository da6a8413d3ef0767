"""Answers to the examples of local/examples/, from this process: always the same.

    python -m tests.support.example_answers

records them in local/examples/answers.json, from where they go into openapi.json.
"""

import importlib
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import boto3
import pytest

from local.events import EVENTS, events, file_name
from local.examples import ANSWERS, EXAMPLES
from local.examples.example import IDEMPOTENCY_KEY, KEY_ID, ORGANIZATION, example_id
from local.examples.lambda_events import API_KEY
from local.examples.reports import BASELINE_ID, FINISH_RUNS
from local.examples.worlds import BEGIN_RELAY, BEGIN_SIMULATION, RUN_ID, WORLD
from local.json_text import render
from local.whole_api import routes
from shared.changes.wiring import event_bridge
from shared.core.json import dumps
from shared.core.observability import logger
from shared.identity.documents import ApiKeyCodec
from shared.identity.domain import ApiKey
from shared.identity.keys import key_hash
from shared.identity.wiring import identity
from shared.playground.turns.service import TurnEnvironment
from shared.storage.table import table
from tests.support.clocks import stop_clock
from tests.support.finished_runs import store_run
from tests.support.relayed_runs import begin_relayed_run
from tests.support.storage import moto_table
from tests.support.turns import Turns
from tests.support.worlds import begin_simulation

#: Time of every example.
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
#: Predecessors of examples that are no requests, and what is done in their place.
STAND_INS: dict[str, Callable[[], object]] = {
    # The stream, the queue and the run of a turn.
    "triggers.run_turn": lambda: Turns().run(),
    BEGIN_SIMULATION: lambda: begin_simulation(ORGANIZATION, WORLD, run_id=RUN_ID),
    BEGIN_RELAY: lambda: begin_relayed_run(
        ORGANIZATION, example_id("/v1/scenarios"), key=IDEMPOTENCY_KEY
    ),
    FINISH_RUNS: lambda: [
        store_run(ORGANIZATION, scenarios, run_id=run_id)
        for run_id, scenarios in ((BASELINE_ID, ["pp", "pp"]), (RUN_ID, ["ff", "pp"]))
    ],
}
_TURNS = "shared.playground.turns.wiring"
#: Its answer is the document that the recorded answers go into.
_DOCUMENT = "service.openapi"


@contextmanager
def example_stack() -> Iterator[None]:
    """A table with the example's organization and API key, and a bus; time and ids are fixed."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("EVENT_BUS_NAME", "changes")
        stop_clock(monkeypatch, NOW)
        numbers = count(1)
        monkeypatch.setattr("shared.core.ids.uuid7", lambda: _uuid(next(numbers)))
        monkeypatch.setattr(secrets, "token_hex", lambda size: f"{next(numbers):0{2 * size}x}")
        monkeypatch.setattr(secrets, "choice", lambda letters: letters[0])
        # A signature is of the moment.
        monkeypatch.setattr("shared.storage.objects.ObjectStore.upload_url", _upload_url)
        monkeypatch.setattr("shared.storage.objects.ObjectStore.link", _link)
        _stop_watch(monkeypatch)
        with moto_table(monkeypatch):
            event_bridge.cache_clear()
            boto3.client("events").create_event_bus(Name="changes")
            identity().create_organization(ORGANIZATION, "Example")
            table().create(ApiKeyCodec().to_hash_record(_api_key()))
            yield
        event_bridge.cache_clear()


def _upload_url(_: Any, key: str, *, seconds: int) -> str:
    host = "https://imports.s3.eu-west-1.amazonaws.com"
    return f"{host}/{key}?X-Amz-Expires={seconds}&X-Amz-Signature=0000"


def _link(_: Any, key: str, *, seconds: int, file_name: str) -> str:
    return _upload_url(None, key, seconds=seconds)


def _stop_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the turns of the playground take the time that they sleep, and no other."""
    slept = [0.0]
    environment = partial(TurnEnvironment, monotonic=lambda: sum(slept))
    monkeypatch.setattr(f"{_TURNS}.TurnEnvironment", environment)
    monkeypatch.setattr(f"{_TURNS}._sleep", slept.append)


def _uuid(number: int) -> UUID:
    """Return a UUIDv7 (RFC 9562) of the examples' time, numbered."""
    return UUID(int=int(NOW.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | number)


def _api_key() -> ApiKey:
    return ApiKey(
        id=KEY_ID,
        organization_id=ORGANIZATION,
        name="example",
        scopes=("admin",),
        hash=key_hash(API_KEY),
        hint="gsk_Exam…ple0",
        usage_key="usage",
        created_at=NOW,
    )


def committed(module: str) -> dict[str, Any]:
    """Return the committed event of a function."""
    event: dict[str, Any] = json.loads((EVENTS / file_name(module)).read_text())
    return event


def handle(module: str, event: dict[str, Any] | None = None) -> Any:
    """Return the answer of a function to an event; the committed one unless another is given."""
    handler: Callable[..., Any] = importlib.import_module(f"functions.{module}").handler
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 120_000)
    return handler(event or committed(module), context)


def answer(module: str, event_of: Callable[[str], dict[str, Any]] = committed) -> Any:
    """Return the answer to an example on an empty table, after its predecessors."""
    with example_stack():
        for earlier in EXAMPLES[module].after:
            name, *bodies = (earlier,) if isinstance(earlier, str) else earlier
            if name in STAND_INS:
                STAND_INS[name]()
                continue
            event = event_of(name)
            for body in bodies:
                headers = {k: v for k, v in event["headers"].items() if k != "Idempotency-Key"}
                event = event | {"body": dumps(body), "headers": headers, "multiValueHeaders": {}}
            before = handle(name, event)
            assert before["statusCode"] < 300, (name, before)
        return handle(module, event_of(module))


def recorded(found: dict[str, Any]) -> Any:
    """Return the body of an answer as recorded: a JSON value, a text, or None."""
    if not found.get("body"):
        return None
    if not found["headers"]["content-type"].startswith("application/json"):
        return found["body"]
    return json.loads(found["body"])


def recorded_modules() -> list[str]:
    """Return the modules whose answers are recorded: those of documented operations."""
    documented = [route.endpoint.__module__ for route in routes() if route.include_in_schema]
    names = [module.removeprefix("functions.") for module in documented]
    return [name for name in names if name != _DOCUMENT]


def _main() -> None:
    logger.setLevel("ERROR")
    generated = events()
    answers = {}
    for module in recorded_modules():
        found = answer(module, generated.__getitem__)
        assert found["statusCode"] < 300, (module, found)
        answers[module] = recorded(found)
    ANSWERS.write_text(render(answers) + "\n")


if __name__ == "__main__":
    _main()
