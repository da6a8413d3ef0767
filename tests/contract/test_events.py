"""events/*.json: one per function, each handled successfully."""

import importlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from local.events import EVENTS, events, file_name, text
from local.examples import EXAMPLES
from local.examples.example import KEY_ID, ORGANIZATION
from local.examples.lambda_events import API_KEY
from local.whole_api import routes
from shared.changes.wiring import event_bridge
from shared.identity.documents import ApiKeyCodec
from shared.identity.domain import ApiKey
from shared.identity.keys import key_hash
from shared.identity.wiring import identity
from shared.storage.table import table
from tests.support.storage import moto_table
from tests.support.template import functions

AGENT_SESSION = ("agents.create", "agent_sessions.create")
MODULES = sorted(f["Handler"].removesuffix(".handler") for f in functions().values())


def _event(module: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / file_name(module)).read_text())
    return event


def _handle(module: str) -> Any:
    handler: Callable[..., Any] = importlib.import_module(f"functions.{module}").handler
    return handler(_event(module), None)


def _success(module: str) -> int:
    """Return the status that a module's route declares for success."""
    [status] = {
        route.status_code or 200
        for route in routes()
        if route.endpoint.__module__ == f"functions.{module}"
    }
    return status


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table with the example's organization and API key, and a bus."""
    monkeypatch.setenv("EVENT_BUS_NAME", "changes")
    with moto_table(monkeypatch):
        event_bridge.cache_clear()
        boto3.client("events").create_event_bus(Name="changes")
        identity().create_organization(ORGANIZATION, "Example")
        key = ApiKey(
            id=KEY_ID,
            organization_id=ORGANIZATION,
            name="example",
            scopes=("admin",),
            hash=key_hash(API_KEY),
            hint="gsk_Exam…ple0",
            usage_key="usage",
            created_at=datetime.now(UTC),
        )
        table().create(ApiKeyCodec().to_hash_record(key))
        yield
    event_bridge.cache_clear()


def test_every_function_has_one_event() -> None:
    assert {path.name for path in EVENTS.iterdir()} == set(map(file_name, MODULES))


def test_committed_events_are_up_to_date() -> None:
    generated = {file_name(module): text(event) for module, event in events().items()}

    committed = {path.name: path.read_text() for path in EVENTS.iterdir()}
    assert generated == committed, "run `make openapi` and commit the result"


@pytest.mark.parametrize("module", sorted(EXAMPLES))
def test_event_succeeds_after_its_predecessors(module: str, stack: None) -> None:
    for earlier in EXAMPLES[module].after:
        answer = _handle(earlier)
        assert answer["statusCode"] == _success(earlier), answer

    answer = _handle(module)

    assert answer["statusCode"] == (EXAMPLES[module].error_status or _success(module)), answer


@pytest.mark.parametrize("module", sorted(EXAMPLES))
def test_event_on_an_empty_table_has_no_server_error(module: str, stack: None) -> None:
    answer = _handle(module)

    assert answer["statusCode"] in {_success(module), 400, 404}, answer


def test_authorizer_event_is_allowed(stack: None) -> None:
    answer = _handle("identity.authorizer")

    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert answer["context"]["organization_id"] == str(ORGANIZATION)


@pytest.mark.parametrize(
    ("module", "before", "answer"),
    [
        ("triggers.publish_changes", (), {"batchItemFailures": []}),
        ("triggers.run_turn", (), {"batchItemFailures": []}),
        ("triggers.purge_sessions", (*AGENT_SESSION, "agent_sessions.delete"), None),
        ("triggers.sweep_turns", (), {"expired": 0, "restarted": 0}),
    ],
)
def test_trigger_handles_its_event(
    module: str, before: tuple[str, ...], answer: Any, stack: None
) -> None:
    for earlier in before:
        _handle(earlier)

    assert _handle(module) == answer


def test_message_event_runs_its_turn(stack: None) -> None:
    for earlier in (*AGENT_SESSION, "agent_sessions.create_message"):
        _handle(earlier)

    assert _handle("triggers.run_turn") == {"batchItemFailures": []}

    streamed = _handle("agent_sessions.stream_events")["body"]
    assert "You said: Where is my order 4711?" in streamed


def test_queue_event_imports_a_session(stack: None) -> None:
    assert _handle("triggers.import_sessions") == {"batchItemFailures": []}

    agents = json.loads(_handle("agents.list")["body"])["data"]
    assert [agent["name"] for agent in agents] == ["Order desk"]
