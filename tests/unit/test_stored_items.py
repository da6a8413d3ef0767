"""Table written by the last version: today's code reads it, changes it, and keeps its replays.

tests/fixtures/stored_items/README.md describes the files.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from functions.identity import authorizer
from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.json import dumps
from tests.support.clocks import stop_clock
from tests.support.creates import assert_refused_as_deleted
from tests.support.gateway import Answer, Gateway
from tests.support.imports import deliver
from tests.support.snapshot import stored_items
from tests.support.storage import TABLE, forget_process_state, moto_table
from tests.support.template import ROOT

FOLDER = ROOT / "tests" / "fixtures" / "stored_items"

type Line = dict[str, Any]


def lines(name: str) -> list[Line]:
    return [json.loads(line) for line in (FOLDER / name).read_text().splitlines()]


KNOWN: Line = json.loads((FOLDER / "known.json").read_text())
DRAFT = "POST /v1/scenarios/draft-from-session"
#: New fields with values: positions in the log, counted when it is read.
DERIVED = {"sequence", "said_sequences"}
READS, REPEATS = lines("reads.jsonl"), lines("repeats.jsonl")


def repeats(*rules: str) -> pytest.MarkDecorator:
    """Run a test once for each repeated create that has these fields, or one of these rules."""
    found = [line for line in REPEATS if line["rule"] in rules or rules[0] in line]
    return pytest.mark.parametrize("line", found, ids=[line["key"] for line in found])


@pytest.fixture(scope="module")
def loaded() -> Iterator[Any]:
    """Table with all items, at the moment of the recorded answers."""
    with pytest.MonkeyPatch.context() as monkeypatch, moto_table(monkeypatch) as client:
        stop_clock(monkeypatch, datetime.fromisoformat(KNOWN["at"]))
        for item in lines("items.jsonl"):
            client.put_item(TableName=TABLE, Item=item)
        yield client


@pytest.fixture
def restored(loaded: Any) -> Iterator[Any]:
    """The same table for a test that writes; the items are restored after it."""
    before = stored_items()
    yield loaded
    after = stored_items()
    for partition, sort in after.keys() - before.keys():
        loaded.delete_item(TableName=TABLE, Key={"pk": {"S": partition}, "sk": {"S": sort}})
    for key, item in before.items():
        if after.get(key) != item:
            loaded.put_item(TableName=TABLE, Item=item)
    forget_process_state()


def gateway(organization: Line) -> Gateway:
    return Gateway(
        OrganizationId.parse(organization["organization_id"]),
        ApiKeyId.parse(organization["key_id"]),
    )


def send(line: Line, route: str | None = None, body: Any = None) -> Answer:
    """Send the request of a line, or another in its organization."""
    headers = None
    if route is None:
        route, body = line["route"], line.get("body")
        headers = {"idempotency-key": line["key"]} if "key" in line else None
    method, url = route.split(" ", 1)
    return gateway(KNOWN["other"] if "as" in line else KNOWN)(method, url, body, headers=headers)


def answered(line: Line) -> tuple[Any, ...]:
    """Return the recorded answer of a line: status, body, ``ETag`` and next cursor."""
    answer = line.get("answer", "")
    text = answer if isinstance(answer, str) else dumps(answer)
    return line["status"], text, line.get("etag"), line.get("next")


def content(answer: Answer, recorded: Line) -> tuple[Any, ...]:
    # Of an error only the status counts: its words may change.
    text = answer.text if answer.status < 400 else ""
    if text and not isinstance(recorded.get("answer", ""), str):
        text = dumps(without_new_fields(json.loads(text), recorded["answer"]))
    names = ("etag", "x-next-cursor")
    return answer.status, text, *(answer.headers.get(name) for name in names)


def without_new_fields(today: Any, recorded: Any) -> Any:
    """Return a value without the fields that a later version added, empty or derived."""
    if isinstance(today, list) and isinstance(recorded, list) and len(today) == len(recorded):
        return [without_new_fields(*pair) for pair in zip(today, recorded, strict=True)]
    if isinstance(today, dict) and isinstance(recorded, dict):
        return {
            name: without_new_fields(value, recorded.get(name))
            for name, value in today.items()
            if name in recorded or (name not in DERIVED and value not in (None, [], {}))
        }
    return today


def assert_first_answer(answer: Answer, line: Line) -> None:
    assert content(answer, line) == answered(line)
    assert answer.headers.get("idempotent-replayed") == "true"


@pytest.mark.parametrize(
    "line", READS, ids=[f"{line['route']}{' (other)' * ('as' in line)}" for line in READS]
)
def test_stored_items_are_read_as_by_the_last_version(loaded: Any, line: Line) -> None:
    answer = send(line)

    if line["route"] == DRAFT:
        # Today's rules write a draft; the transcript that they read is that of the last version.
        assert transcript_of(answer.json) == transcript_of(line["answer"])
    else:
        assert content(answer, line) == answered(line)


def transcript_of(draft: Any) -> Any:
    tools = {tool: world["output"] for tool, world in draft["mock_world"].items()}
    new = {
        "name": None,
        "intent": None,
        "mock_world": tools,
        "user_turns": None,
        "replacements": None,
    }
    return {**draft, **new}


@pytest.mark.parametrize(("key", "valid"), KNOWN["api_keys"].items())
def test_stored_api_keys_are_recognized(loaded: Any, key: str, valid: bool) -> None:
    event = {"type": "REQUEST", "methodArn": "arn", "headers": {"x-api-key": key}}
    found = authorizer.handler(event, None)
    [statement] = found["policyDocument"]["Statement"]
    assert statement["Effect"] == ("Allow" if valid else "Deny")
    if valid:
        assert found["context"]["organization_id"] == KNOWN["organization_id"]


def test_stored_imports_are_not_imported_again(loaded: Any) -> None:
    before = stored_items()
    assert deliver(*map(json.dumps, KNOWN["imports"])) == []
    assert stored_items() == before


@repeats("same", "new", "lost")
def test_repeated_create_of_the_last_version_is_answered_by_the_rule(
    loaded: Any, line: Line
) -> None:
    before = stored_items()

    answer = send(line)

    assert stored_items() == before
    if line["rule"] == "lost" and content(answer, line["last_version"]) == answered(
        line["last_version"]
    ):
        return
    if "deleted" in line:
        assert_refused_as_deleted(answer)
    else:
        assert_first_answer(answer, line)


@repeats("change")
def test_repeat_after_change_of_stored_entity_returns_first_answer(
    restored: Any, line: Line
) -> None:
    changed = send(line, *line["change"])
    assert changed.status in (200, 201), changed.text

    assert_first_answer(send(line), line)


@repeats("delete")
def test_repeat_after_delete_of_stored_entity_is_refused(restored: Any, line: Line) -> None:
    deleted = send(line, line["delete"])
    assert deleted.status == 204, deleted.text
    before = stored_items()

    answer = send(line)

    assert_refused_as_deleted(answer)
    assert stored_items() == before
