"""Idempotency-Key and If-Match: what is read from them, and what is refused."""

from typing import Any

import pytest

from shared.core.ids import AgentId
from shared.http.replies import etag
from tests.unit.http.conftest import Client

AGENT = AgentId.new()
BODY = f'{{"agent_id":"{AGENT}","name":"a"}}'


def keyed(client: Client, key: str, body: str | None = BODY, **options: Any) -> Any:
    answer = client.send(body=body, headers={"Idempotency-Key": key}, **options)
    assert answer.status in (200, 201), answer.text
    return answer.json


def test_given_the_same_key_and_operation_then_the_id_is_the_same(client: Client) -> None:
    assert keyed(client, "k") == keyed(client, "k")
    assert keyed(client, "k")["key"] != keyed(client, "K")["key"]
    assert client.send(body=BODY).json["key"] is None


def test_given_the_same_payload_written_otherwise_then_the_fingerprint_is_the_same(
    client: Client,
) -> None:
    first = keyed(client, "k")
    again = keyed(client, "k", f'{{ "name": "\\u0061",\n "agent_id": "{AGENT}" }}')
    other = keyed(client, "k", f'{{"agent_id":"{AGENT}","name":"b"}}')
    assert first["key"] == again["key"] == other["key"]
    assert first["fingerprint"] == again["fingerprint"] != other["fingerprint"]


def test_given_another_path_then_the_same_key_is_another_one(client: Client) -> None:
    elsewhere = keyed(client, "k", path=f"/v1/things/{AgentId.new()}")
    assert keyed(client, "k")["key"] != elsewhere["key"]


def test_given_another_method_then_the_same_key_is_another_one(client: Client) -> None:
    assert keyed(client, "k")["key"] != keyed(client, "k", method="PUT")["key"]


def test_given_a_base_path_before_it_then_the_operation_is_the_same(client: Client) -> None:
    plain = keyed(client, "k", path=f"/v1/things/{AGENT}")
    assert keyed(client, "k", path=f"/api/v1/things/{AGENT}")["key"] == plain["key"]


def test_given_another_query_then_the_payload_is_another(client: Client) -> None:
    first, other = keyed(client, "k"), keyed(client, "k", query="dry_run=true")
    assert first["key"] == other["key"]
    assert first["fingerprint"] != other["fingerprint"]


@pytest.mark.parametrize("key", ["", "k" * 256, "é", "a\tb", "a\nb", "\x7f"])
def test_given_an_unusable_key_then_the_request_is_refused(client: Client, key: str) -> None:
    answer = client.send(body=BODY, headers={"Idempotency-Key": key})
    assert answer.status == 400
    assert "Idempotency-Key" in answer.text


@pytest.mark.parametrize("key", ["k", "k" * 255, 'a "quoted" one', " "])
def test_given_a_usable_key_then_it_is_taken(client: Client, key: str) -> None:
    assert keyed(client, key)["key"]


@pytest.mark.parametrize("body", [None, "", "{", b"\xff", "null", "[" * 100_000])
def test_given_an_operation_without_a_body_then_what_is_sent_as_one_does_not_matter(
    client: Client, body: str | bytes | None
) -> None:
    answer = client.send("PUT", body=body, headers={"Idempotency-Key": "k"})
    assert answer.status == 200
    assert answer.json["fingerprint"]


@pytest.mark.parametrize(
    ("header", "version"),
    [('"1"', 1), ('"42"', 42), ('W/"7"', 7), (' "3" ', 3), ("*", None), (" * ", None)],
)
def test_given_if_match_then_the_version_in_it_is_expected(
    client: Client, header: str, version: int | None
) -> None:
    assert client.send("PUT", headers={"If-Match": header}).json["version"] == version


@pytest.mark.parametrize(
    "header", ["", "1", '"abc"', '"1', '"-1"', '"1.5"', '"1", "2"', '"' + "9" * 16 + '"', "é"]
)
def test_given_if_match_with_no_version_of_ours_then_the_precondition_fails(
    client: Client, header: str
) -> None:
    assert client.send("PUT", headers={"If-Match": header}).status == 412


def test_given_a_versioned_answer_then_its_tag_is_strong_and_reads_back(client: Client) -> None:
    answer = client.send("PUT")
    assert answer.headers["etag"] == etag(7) == '"7"'
    assert answer.headers["idempotent-replayed"] == "true"
    assert client.send("PUT", headers={"If-Match": answer.headers["etag"]}).json["version"] == 7
