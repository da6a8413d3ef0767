"""events/*.json: one a function, each handled as a user would hope."""

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
from shared.changes.event_bridge import event_bridge
from shared.identity.keys import key_hash
from shared.identity.models import ApiKey
from shared.identity.repository import IdentityRepository
from shared.identity.service import identity
from shared.storage.table import table
from tests.support.storage import moto_table
from tests.support.template import functions

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
    """A table with the example's organisation and key in it, and a bus."""
    monkeypatch.setenv("EVENT_BUS_NAME", "changes")
    with moto_table(monkeypatch):
        event_bridge.cache_clear()
        boto3.client("events").create_event_bus(Name="changes")
        identity().create_organization(ORGANIZATION, "Example")
        IdentityRepository(table()).add_key(
            ApiKey(
                id=KEY_ID,
                organization_id=ORGANIZATION,
                name="example",
                scopes=("admin",),
                hash=key_hash(API_KEY),
                hint="gsk_Exam…ple0",
                usage_key="usage",
                created_at=datetime.now(UTC),
            )
        )
        yield
    event_bridge.cache_clear()


def test_each_function_has_an_event_and_each_event_a_function() -> None:
    assert {path.name for path in EVENTS.iterdir()} == set(map(file_name, MODULES))


def test_committed_events_are_fresh() -> None:
    fresh = {file_name(module): text(event) for module, event in events().items()}

    committed = {path.name: path.read_text() for path in EVENTS.iterdir()}
    assert fresh == committed, "run `make openapi` and commit the result"


@pytest.mark.parametrize("module", sorted(EXAMPLES))
def test_event_succeeds_after_those_it_follows(module: str, stack: None) -> None:
    for earlier in EXAMPLES[module].after:
        answer = _handle(earlier)
        assert answer["statusCode"] == _success(earlier), answer

    answer = _handle(module)

    assert answer["statusCode"] == (EXAMPLES[module].refused or _success(module)), answer


@pytest.mark.parametrize("module", sorted(EXAMPLES))
def test_event_alone_is_answered(module: str, stack: None) -> None:
    """Given an empty table, then an example's things may be missing, and nothing breaks."""
    answer = _handle(module)

    assert answer["statusCode"] in {_success(module), 400, 404}, answer


def test_authorizer_lets_the_examples_key_in(stack: None) -> None:
    answer = _handle("identity.authorizer")

    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert answer["context"]["organization_id"] == str(ORGANIZATION)


@pytest.mark.parametrize("module", ["triggers.publish_changes", "triggers.run_turn"])
def test_stream_event_is_handled_whole(module: str, stack: None) -> None:
    assert _handle(module) == {"batchItemFailures": []}


def test_bus_event_of_a_deleted_session_is_handled(stack: None) -> None:
    for earlier in ("agents.create", "agent_sessions.create", "agent_sessions.delete"):
        _handle(earlier)

    assert _handle("triggers.purge_sessions") is None


def test_message_event_runs_the_turn_of_its_message(stack: None) -> None:
    for earlier in ("agents.create", "agent_sessions.create", "agent_sessions.create_message"):
        _handle(earlier)

    assert _handle("triggers.run_turn") == {"batchItemFailures": []}

    streamed = _handle("agent_sessions.stream_events")["body"]
    assert "You said: Where is my order 4711?" in streamed


def test_queue_event_makes_a_session(stack: None) -> None:
    assert _handle("triggers.import_sessions") == {"batchItemFailures": []}

    agents = json.loads(_handle("agents.list")["body"])["data"]
    assert [agent["name"] for agent in agents] == ["Order desk"]


def test_scheduled_event_finds_nothing_to_sweep(stack: None) -> None:
    assert _handle("triggers.sweep_turns") == {"stopped": 0, "woken": 0}
