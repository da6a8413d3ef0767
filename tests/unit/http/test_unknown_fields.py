"""Unknown fields: rejected with the known name that was meant, or named in a header."""

import json
from typing import Any

import pytest

from shared.http.unknown_fields import nearest
from tests.unit.http.conftest import AGENT, Client

HEADER = "x-ignored-fields"


def body_with(**fields: Any) -> str:
    return json.dumps({"agent_id": AGENT} | fields)


def message(surface_name: str, client: Client, **fields: Any) -> str:
    answer = client.send(body=body_with(**fields))
    assert answer.status in (400, 422)
    if surface_name == "playground":
        return str(answer.json["detail"][0]["msg"])
    return str(answer.json["message" if surface_name == "evaluations" else "error"])


# ------------------------------------------------------------------------------ closed bodies
@pytest.mark.parametrize(
    ("fields", "path", "rule"),
    [
        ({"strict": {"a": 1}}, "strict.a", "unknown field; remove it"),
        ({"strict": {"mockWorld": 1}}, "strict.mockWorld", "did you mean mock_world?"),
        ({"strict": {"mock-world": 1}}, "strict.mock-world", "did you mean mock_world?"),
        ({"strict": {"mok_world": 1}}, "strict.mok_world", "did you mean mock_world?"),
        ({"strict": {"givenname": 1}}, "strict.givenname", "did you mean givenName?"),
        ({"strict": {"given_name": 1}}, "strict.given_name", "did you mean givenName?"),
        ({"strict": {"m" * 200_000: 1}}, "", "unknown field; remove it"),
        ({"strict": {"parts": [{"Url": 1}]}}, "Url", "did you mean url?"),
        ({"strict": {"named": {"k": {"Url": 1}}}}, "Url", "did you mean url?"),
        ({"strict": {"\udfff": 1}}, "", "unknown field; remove it"),
    ],
)
def test_unknown_field_is_named_with_the_known_one(
    surface_name: str, client: Client, fields: dict[str, Any], path: str, rule: str
) -> None:
    text = message(surface_name, client, **fields)

    name = path.rpartition(".")[2] if surface_name == "playground" else path
    assert f"{name}: unknown field; " in text or not name
    assert text.endswith(rule) or len(text) > 1000


def test_unknown_query_parameter_is_named_with_the_known_one(
    surface_name: str, client: Client
) -> None:
    answer = client.send("GET", path="/v1/pages", resource="/v1/pages", query="Limits=1")

    assert "Limits: unknown parameter; did you mean limit?" in answer.text


def test_each_of_several_unknown_fields_is_named() -> None:
    assert nearest("temprature", {"temperature", "title"}) == "temperature"
    assert nearest("zzz", {"temperature", "title"}) is None
    assert nearest("x", ()) is None


# -------------------------------------------------------------------------------- open bodies
@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, None),
        ({"name": "n", "extra": {"anything": {"at": "all"}}}, None),
        ({"temperature": 1}, "temperature"),
        ({"locale": "de", "temperature": 1}, "locale, temperature"),
        ({"inner": {"text": "a", "lang": "de"}}, "inner.lang"),
        ({"items": [{"text": "a", "x": 1}, {"text": "b", "x": 1, "y": 2}]}, "items.x, items.y"),
        ({"part": {"type": "a", "size": 1}}, "part.size"),
        ({"größe": 1}, "gr%C3%B6%C3%9Fe"),
        ({"a,b\r\nSet-Cookie: x": 1}, "a%2Cb%0D%0ASet-Cookie%3A%20x"),
        ({"\ud800": 1}, "%EF%BF%BD"),
        ({"": 1}, None),
    ],
)
def test_ignored_fields_of_an_open_body_are_named_in_a_header(
    surface_name: str, client: Client, fields: dict[str, Any], names: str | None
) -> None:
    answer = client.send(body=body_with(**fields))

    assert answer.status == 201
    assert answer.headers.get(HEADER) == (None if surface_name == "playground" else names)


def test_header_of_ignored_fields_is_short(surface_name: str, client: Client) -> None:
    for names in ([f"{n}" * 300 for n in "abcdefghijkl"], [f"f{n}" for n in range(5000)]):
        answer = client.send(body=body_with(**dict.fromkeys(names, 1)))

        header = answer.headers.get(HEADER, "")
        if surface_name != "playground":
            assert header.endswith(", ...")
            assert 50 < len(header) <= 1000
        assert header.isascii()


def test_rejected_body_names_no_ignored_fields(client: Client) -> None:
    answer = client.send(body=body_with(temperature=1, name=1))

    assert answer.status in (400, 422)
    assert HEADER not in answer.headers
    assert HEADER not in client.send(body=body_with()).headers


def test_query_parameter_of_a_route_without_any_is_rejected_or_named(
    surface_name: str, client: Client
) -> None:
    answer = client.send("DELETE", query="dry_run=1")

    if surface_name == "playground":
        assert answer.status == 422
        assert "dry_run: unknown parameter; remove it" in answer.text
    else:
        assert answer.status == 204
        assert answer.headers[HEADER] == "dry_run"
