"""Imports by upload: a conversation in the bucket."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.core.ids import UploadId
from shared.imports.api import MAX_IMPORT_BODY
from shared.storage.objects import MAX_OBJECT_BYTES
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.snapshot import stored_items
from tests.support.storage import IMPORTS, restore_objects, stored_objects
from tests.unit.imports.conftest import HELLO, URL, text


def upload(api: Gateway, content: bytes) -> dict[str, Any]:
    """Create an upload, store the content at its address; return the body of its import."""
    created = api("POST", f"{URL}/uploads").json
    restore_objects({urlsplit(created["url"]).path.lstrip("/"): content}, IMPORTS)
    return {"upload_id": created["upload_id"]}


def test_created_upload_is_an_address_of_the_organization(api: Gateway) -> None:
    answer = api("POST", f"{URL}/uploads")

    created = answer.json
    assert answer.status == 201
    assert (created["method"], created["max_bytes"]) == ("PUT", 50_000_000)
    assert created["headers"] == {"Content-Type": "application/json"}
    parts = urlsplit(created["url"])
    assert parts.path == f"/uploads/{api.organization_id}/{created['upload_id']}"
    signed = parse_qs(parts.query)
    assert (signed["X-Amz-Expires"], signed["X-Amz-SignedHeaders"]) == (["900"], ["host"])


def test_uploaded_conversation_is_imported_and_deleted(api: Gateway) -> None:
    messages = [text("user", "x" * 300_000) for _ in range(20)]
    content = json.dumps({"id": "large", "messages": messages}).encode()
    assert len(content) > MAX_IMPORT_BODY
    body = upload(api, content)

    answer = api("POST", URL, body)

    assert answer.status == 201, answer.text
    session = api("GET", f"/v1/sessions/{answer.json['session_id']}").json
    assert session["title"] == "large"
    assert stored_objects(IMPORTS) == {}


def test_repeated_import_of_an_upload_returns_its_session(api: Gateway) -> None:
    body = upload(api, json.dumps(HELLO).encode())
    first = api("POST", URL, body)
    before = stored_items()

    again = api("POST", URL, body)

    assert (again.status, again.text) == (201, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert stored_items() == before


def test_upload_and_body_import_one_conversation_once(api: Gateway) -> None:
    first = api("POST", URL, HELLO)

    again = api("POST", URL, upload(api, json.dumps(HELLO).encode()))

    assert again.text == first.text
    assert again.headers["idempotent-replayed"] == "true"


def test_concurrent_imports_of_an_upload_create_one_session(api: Gateway) -> None:
    body = upload(api, json.dumps(HELLO).encode())

    answers = race(api, "POST", URL, body)

    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert api("GET", "/v1/sessions").json["total"] == 1


def test_upload_of_another_organization_is_not_found(api: Gateway, other_api: Gateway) -> None:
    body = upload(api, json.dumps(HELLO).encode())

    answer = other_api("POST", URL, body)

    assert answer.status == 404
    assert len(stored_objects(IMPORTS)) == 1
    assert api("POST", URL, body).status == 201


def test_unknown_upload_and_one_without_content_are_not_found(api: Gateway) -> None:
    created = api("POST", f"{URL}/uploads").json["upload_id"]

    for upload_id in (created, str(UploadId.new())):
        answer = api("POST", URL, {"upload_id": upload_id})
        assert answer.status == 404
        assert answer.json["error"].startswith("upload_id: nothing was uploaded under it")


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"", 400, "upload_id: must be of valid JSON"),
        (b"{", 400, "upload_id: must be of valid JSON"),
        (b"\xff\xff", 400, "upload_id: must be of valid JSON"),
        (b"[]", 400, "expected an object with id and messages"),
        (b'{"id": "x"}', 400, "messages: must be a non-empty list"),
        (b" " * (MAX_OBJECT_BYTES + 1), 413, "upload_id: a conversation must not exceed 50 MB."),
    ],
    ids=["empty", "cut", "not utf-8", "list", "no messages", "too large"],
)
def test_unreadable_upload_is_refused_and_left_to_expire(
    api: Gateway, content: bytes, status: int, error: str
) -> None:
    body = upload(api, content)

    answer = api("POST", URL, body)

    assert answer.status == status
    assert answer.json["error"].startswith(error)
    assert len(stored_objects(IMPORTS)) == 1
