"""Idempotency-Key and If-Match: parsing and validation."""

from typing import Any

import pytest

from shared.core.ids import AgentId
from shared.http.responses import etag
from tests.unit.http.conftest import Client

AGENT = AgentId.new()
BODY = f'{{"agent_id":"{AGENT}","name":"a"}}'


def keyed(client: Client, key: str, body: str | None = BODY, **options: Any) -> Any:
    answer = client.send(body=body, headers={"Idempotency-Key": key}, **options)
    assert answer.status in (200, 201), answer.text
    return answer.json


def test_same_key_and_operation_derive_the_same_id(client: Client) -> None:
    assert keyed(client, "k") == keyed(client, "k")
    assert keyed(client, "k")["key"] != keyed(client, "K")["key"]
    assert client.send(body=BODY).json["key"] is None


def test_fingerprint_ignores_the_spelling_of_the_payload(client: Client) -> None:
    first = keyed(client, "k")
    again = keyed(client, "k", f'{{ "name": "\\u0061",\n "agent_id": "{AGENT}" }}')
    other = keyed(client, "k", f'{{"agent_id":"{AGENT}","name":"b"}}')
    assert first["key"] == again["key"] == other["key"]
    assert first["fingerprint"] == again["fingerprint"] != other["fingerprint"]


def test_id_depends_on_method_and_path_without_the_base_path(client: Client) -> None:
    first = keyed(client, "k", path=f"/v1/things/{AGENT}")["key"]
    assert keyed(client, "k", path=f"/api/v1/things/{AGENT}")["key"] == first
    assert keyed(client, "k", path=f"/v1/things/{AgentId.new()}")["key"] != first
    assert keyed(client, "k", path=f"/v1/things/{AGENT}", method="PUT")["key"] != first


def test_query_is_part_of_the_payload(client: Client) -> None:
    first, other = keyed(client, "k"), keyed(client, "k", query="dry_run=true")
    assert first["key"] == other["key"]
    assert first["fingerprint"] != other["fingerprint"]


@pytest.mark.parametrize("key", ["", "k" * 256, "é", "a\tb", "a\nb", "\x7f"])
def test_invalid_idempotency_key_is_rejected(client: Client, key: str) -> None:
    answer = client.send(body=BODY, headers={"Idempotency-Key": key})
    assert answer.status == 400
    assert "Idempotency-Key" in answer.text


@pytest.mark.parametrize("key", ["k", "k" * 255, 'a "quoted" one', " "])
def test_valid_idempotency_key_is_accepted(client: Client, key: str) -> None:
    assert keyed(client, key)["key"]


@pytest.mark.parametrize("body", [None, "", "{", b"\xff", "null", "[" * 100_000])
def test_body_of_an_operation_without_one_is_not_validated(
    client: Client, body: str | bytes | None
) -> None:
    answer = client.send("PUT", body=body, headers={"Idempotency-Key": "k"})
    assert answer.status == 200
    assert answer.json["fingerprint"]


@pytest.mark.parametrize(
    ("header", "version"),
    [
        ('"1", "2"', [1, 2]),
        ('"1",W/"2" , "1"', [1, 2]),
        (', "3",, "2",', [2, 3]),
        ('"abc", "4"', 4),
        ('"a,b", "4", "01"', 4),
        ('"", "5"', 5),
        ('"1"', 1),
        ('"42"', 42),
        ('W/"7"', 7),
        (' "3" ', 3),
        ("*", None),
        (" * ", None),
    ],
)
def test_if_match_sets_the_expected_version(
    client: Client, header: str, version: int | list[int] | None
) -> None:
    assert client.send("PUT", headers={"If-Match": header}).json["version"] == version


@pytest.mark.parametrize(
    "header",
    [
        "",
        "1",
        ",",
        '"abc"',
        '"abc", "def"',
        '"1',
        '"1" "2"',
        '"1", 2',
        '"1", *',
        'w/"1"',
        '"-1"',
        '"1.5"',
        '"' + "9" * 16 + '"',
        "é",
        ", ".join(f'"{number}"' for number in range(1000)),
    ],
)
def test_invalid_if_match_fails_the_precondition(client: Client, header: str) -> None:
    assert client.send("PUT", headers={"If-Match": header}).status == 412


def test_etag_is_strong_and_round_trips(client: Client) -> None:
    answer = client.send("PUT")
    assert answer.headers["etag"] == etag(7) == '"7"'
    assert answer.headers["idempotent-replayed"] == "true"
    assert client.send("PUT", headers={"If-Match": answer.headers["etag"]}).json["version"] == 7
