"""events/*.json: one per function, each handled successfully."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.triggers import run_turn
from local.events import EVENTS, events, file_name, text
from local.examples import ANSWERS, EXAMPLES
from local.examples.example import ORGANIZATION
from local.whole_api import routes
from tests.support.documented import undocumented
from tests.support.example_answers import (
    answer,
    example_stack,
    handle,
    recorded,
    recorded_modules,
)
from tests.support.template import functions
from tests.support.turns import QueueOfTurns

RECORDED = recorded_modules()
AGENT_SESSION = ("agents.create", "agent_sessions.create")
MODULES = sorted(f["Handler"].removesuffix(".handler") for f in functions().values())


def _success(module: str) -> int:
    """Return the status that a module's shortest route, the one of its event, declares."""
    own = [route for route in routes() if route.endpoint.__module__ == f"functions.{module}"]
    return own[0].status_code or 200


def _operation(module: str) -> tuple[str, str]:
    """Return method and path of a module's route."""
    [route] = [one for one in routes() if one.endpoint.__module__ == f"functions.{module}"]
    [method] = route.methods or set()
    return method, route.path_format


@pytest.fixture
def stack() -> Iterator[None]:
    """A table with the example's organization and API key, and a bus."""
    with example_stack():
        yield


def test_every_function_has_one_event() -> None:
    assert {path.name for path in EVENTS.iterdir()} == set(map(file_name, MODULES))


def test_committed_events_are_up_to_date() -> None:
    generated = {file_name(module): text(event) for module, event in events().items()}

    committed = {path.name: path.read_text() for path in EVENTS.iterdir()}
    assert generated == committed, "run `make openapi` and commit the result"


@pytest.mark.parametrize("module", sorted(EXAMPLES))
def test_event_succeeds_after_its_predecessors(module: str) -> None:
    found = answer(module)

    assert found["statusCode"] == _success(module), found
    if module in RECORDED:
        method, path = _operation(module)
        answered = (found["statusCode"], found["headers"], found["body"])
        assert undocumented(method, path, *answered) is None
        committed = json.loads(ANSWERS.read_text())[module]
        assert recorded(found) == committed, "run `make openapi` and commit the result"


def test_answers_are_recorded_for_documented_operations_only() -> None:
    assert json.loads(ANSWERS.read_text()).keys() == set(RECORDED)


@pytest.mark.parametrize("module", sorted(EXAMPLES))
def test_event_on_an_empty_table_has_no_server_error(module: str, stack: None) -> None:
    answer = handle(module)

    assert answer["statusCode"] in {_success(module), 400, 404}, answer


def test_authorizer_event_is_allowed(stack: None) -> None:
    answer = handle("identity.authorizer")

    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert answer["context"]["organization_id"] == str(ORGANIZATION)


@pytest.mark.parametrize(
    ("module", "before", "answer"),
    [
        ("triggers.publish_changes", (), {"batchItemFailures": [], "state": {}}),
        ("triggers.dispatch_turns", (), {"batchItemFailures": []}),
        ("triggers.run_turn", (), None),
        ("triggers.purge_sessions", (*AGENT_SESSION, "agent_sessions.delete"), None),
        ("triggers.sweep_turns", (), {"expired": 0, "restarted": 0, "oldest": 0}),
    ],
)
def test_trigger_handles_its_event(
    module: str, before: tuple[str, ...], answer: Any, stack: None
) -> None:
    for earlier in before:
        handle(earlier)

    QueueOfTurns()
    assert handle(module) == answer


def test_message_event_runs_its_turn(stack: None) -> None:
    for earlier in (*AGENT_SESSION, "agent_sessions.create_message"):
        handle(earlier)

    queue = QueueOfTurns()
    assert handle("triggers.dispatch_turns") == {"batchItemFailures": []}
    run_turn.handler({"Records": queue.receive()}, None)

    streamed = handle("agent_sessions.stream_events")["body"]
    assert "You said: Where is my order 4711?" in streamed


def test_queue_event_assembles_a_session(stack: None) -> None:
    assert handle("traces.export_traces")["statusCode"] == 200
    assert handle("triggers.assemble_traces") == {"batchItemFailures": []}

    agents = json.loads(handle("agents.list")["body"])["data"]
    assert [agent["name"] for agent in agents] == ["Order desk"]


def test_queue_event_imports_a_session(stack: None) -> None:
    assert handle("triggers.import_sessions") == {"batchItemFailures": []}

    agents = json.loads(handle("agents.list")["body"])["data"]
    assert [agent["name"] for agent in agents] == ["Order desk"]
