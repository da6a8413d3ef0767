"""Imports by request: one conversation in the body."""

import json
from typing import Any

import pytest

from shared.core.errors import Unavailable
from shared.imports.api import MAX_IMPORT_BODY
from tests.support.gateway import Gateway
from tests.support.imports import body_of, deliver
from tests.support.racing import race
from tests.support.snapshot import stored_items
from tests.support.storage import counted_requests
from tests.unit.imports.conftest import HELLO, URL, text
from tests.unit.triggers.captured import AGENT, CAPTURED, EVALUATION, KINDS, TALK, session_id

INVALID = {"role": "assistant", "function_call": 1}
OTHER = {**HELLO, "messages": [text("user", "Bye")]}


@pytest.mark.parametrize("kind", KINDS)
def test_imported_conversation_is_a_session(api: Gateway, kind: Any) -> None:
    answer = api("POST", f"{URL}?kind={kind}&name=march", TALK)

    expected = str(session_id(api, kind, TALK))
    assert answer.status == 201, answer.text
    assert answer.json == {"id": "talk-1", "session_id": expected, "kind": kind}
    assert "idempotent-replayed" not in answer.headers
    path = f"/v1/sessions/{expected}" if kind is AGENT else f"/sessions/{expected}"
    session = api("GET", path).json
    if kind is EVALUATION:
        version = api("GET", f"/versions/{session['versionId']}").json
        assert (session["customId"], version["name"]) == ("talk-1", "march")
    else:
        assert (session["status"], session["title"]) == ("idle", "talk-1")


def test_kind_is_agent_by_default(api: Gateway) -> None:
    assert api("POST", URL, HELLO).json["kind"] == "agent"


def test_field_that_no_form_reads_is_named(api: Gateway) -> None:
    answer = api("POST", URL, {**HELLO, "temperature": 1, "tag": "refund"})

    assert answer.status == 201
    assert answer.headers["x-ignored-fields"] == "tag, temperature"


@pytest.mark.parametrize("kind", KINDS)
def test_repeated_conversation_returns_the_first_session(api: Gateway, kind: Any) -> None:
    first = api("POST", f"{URL}?kind={kind}", HELLO)
    before = stored_items()

    again = api("POST", f"{URL}?kind={kind}", HELLO)

    assert (again.status, again.text) == (201, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert stored_items() == before


@pytest.mark.parametrize("kind", KINDS)
def test_request_and_queue_import_one_conversation_once(api: Gateway, kind: Any) -> None:
    assert deliver(body_of(api.organization_id, kind, TALK)) == []
    before = stored_items()

    answer = api("POST", f"{URL}?kind={kind}", TALK)

    assert answer.headers["idempotent-replayed"] == "true"
    assert stored_items() == before


@pytest.mark.parametrize("kind", KINDS)
def test_other_conversation_under_the_id_is_refused(api: Gateway, kind: Any) -> None:
    api("POST", f"{URL}?kind={kind}", HELLO)

    answer = api("POST", f"{URL}?kind={kind}", OTHER)

    assert answer.status == 422
    assert answer.json == {
        "error": "id: was imported before with another conversation; use another id."
    }


@pytest.mark.parametrize("kind", KINDS)
def test_conversation_of_a_deleted_session_is_refused(api: Gateway, kind: Any) -> None:
    identifier = api("POST", f"{URL}?kind={kind}", HELLO).json["session_id"]
    api("DELETE", f"/v1/sessions/{identifier}" if kind is AGENT else f"/sessions/{identifier}")

    answer = api("POST", f"{URL}?kind={kind}", HELLO)

    assert answer.status == 409
    assert "the session was deleted; use another id" in answer.json["error"]


def test_ids_of_one_organization_do_not_meet_those_of_another(
    api: Gateway, other_api: Gateway
) -> None:
    ids = {one("POST", URL, HELLO).json["session_id"] for one in (api, other_api)}

    assert len(ids) == 2
    assert api("GET", "/v1/sessions").json["total"] == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "id: is required"),
        ({"id": "x"}, "messages: must be a non-empty list"),
        ({"id": 7, "messages": []}, "id: must be a non-blank string"),
        (
            {"id": "x", "messages": [text("user", "Hi"), INVALID]},
            "messages.1.function_call: must be an object",
        ),
        ({"upload_id": "x"}, "Invalid upload ID"),
        ({"upload_id": "x", "id": "x"}, "messages: must be a non-empty list"),
    ],
    ids=json.dumps,
)
def test_unreadable_conversation_is_refused_by_its_field(
    api: Gateway, body: dict[str, Any], error: str
) -> None:
    before = stored_items()

    answer = api("POST", URL, body)

    assert answer.status == 400
    assert answer.json["error"].startswith(error)
    assert stored_items() == before


@pytest.mark.parametrize("raw", ["", "[]", '"x"', "{", "[" * 200, '{"id": NaN}'])
def test_body_that_is_no_json_object_is_refused(api: Gateway, raw: str) -> None:
    assert api("POST", URL, raw=raw).status in (400, 422)


@pytest.mark.parametrize("query", ["kind=playground", "kind=", "name=%20", f"name={'x' * 256}"])
def test_unknown_kind_or_blank_name_is_refused(api: Gateway, query: str) -> None:
    assert api("POST", f"{URL}?{query}", HELLO).status == 400


def test_body_of_the_limit_is_imported_and_one_byte_more_is_refused(api: Gateway) -> None:
    messages = [text("user", "x" * 300_000) for _ in range(17)]
    line = {"id": "x", "messages": messages, "note": ""}
    line["note"] = "x" * (MAX_IMPORT_BODY - len(json.dumps(line)))
    whole = json.dumps(line)

    assert len(whole) == MAX_IMPORT_BODY
    assert api("POST", URL, raw=whole + " ").status == 413
    assert api("POST", URL, raw=whole).status == 201


def test_message_beyond_its_limit_is_refused(api: Gateway) -> None:
    answer = api("POST", URL, {"id": "x", "messages": [text("user", "x" * 330_000)]})

    assert answer.status == 413
    assert "must not exceed 320 KiB" in answer.json["error"]


@pytest.mark.parametrize("kind", KINDS)
def test_concurrent_imports_of_one_conversation_create_one_session(api: Gateway, kind: Any) -> None:
    answers = race(api, "POST", f"{URL}?kind={kind}", HELLO)

    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert replayed.count(None) == 1


def test_reader_without_write_scope_may_not_import(api: Gateway) -> None:
    api.scopes = "read"

    assert api("POST", URL, HELLO).status == 403
    assert api("POST", f"{URL}/uploads").status == 403


def test_further_imports_cost_only_their_writes(api: Gateway) -> None:
    for kind in KINDS:
        api("POST", f"{URL}?kind={kind}", HELLO)

    with counted_requests() as agent:
        api("POST", URL, {**HELLO, "id": "two"})
    with counted_requests() as evaluation:
        api("POST", f"{URL}?kind=evaluation", {**HELLO, "id": "two"})

    assert agent == {"TransactWriteItems": 1}
    assert evaluation == {"GetItem": 1, "TransactWriteItems": 1}


def test_every_captured_conversation_is_accepted(api: Gateway) -> None:
    assert [api("POST", URL, line).status for line in CAPTURED] == [201] * len(CAPTURED)


def test_repetition_of_an_interrupted_import_leaves_nothing_of_the_first_try(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def long(word: str, size: int) -> dict[str, Any]:
        return {"id": "long", "messages": [text("user", word * size) for _ in range(32)]}

    def broken(*_: Any, **__: Any) -> None:
        raise Unavailable("The storage does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr("shared.sessions.store.SessionStore.create", broken)
        assert api("POST", URL, long("a", 150_000)).status == 503
    again = api("POST", URL, long("b", 100_001))

    assert again.status == 201
    messages = f"/v1/sessions/{again.json['session_id']}/messages"
    texts = [one["content"][0]["text"] for one in api("GET", messages).json["data"]]
    assert texts == ["b" * 100_001] * 32
    partition = f"{api.organization_id}#session#"
    sorts = [key for key in map(str, stored_items()) if partition in key and "events#" in key]
    assert len(sorts) == 16  # two messages an item
