"""Invalid input: the documented status and body of each surface, never a 5xx."""

import json
from typing import Any

import pytest

from shared.http.request import MAX_BODY_BYTES
from tests.support.gateway import Answer, Gateway
from tests.unit.http.conftest import SURFACES, THING, Client, thing_handler

AGENT = "agent_" + "0" * 31 + "b"
KEYS = "/v1/identity/api-keys"


def body_with(**fields: Any) -> str:
    return json.dumps({"agent_id": AGENT} | fields)


def error_text(surface_name: str, answer: Answer) -> str:
    """Check that the error body has the form of its surface, and return its message."""
    content = answer.json
    if surface_name == "agents":
        assert set(content) == {"error"}
        return str(content["error"])
    if surface_name == "evaluations" or answer.status != 422:
        assert set(content) == {"error", "message"}
        return str(content["message"])
    assert set(content) == {"detail"}
    for error in content["detail"]:
        assert (
            {"loc", "msg", "type", "input"} <= set(error) <= {"loc", "msg", "type", "input", "ctx"}
        )
    return str(content["detail"][0]["msg"])


#: Statuses on the surfaces of playground, agents and evaluations.
INVALID_BODY, INVALID_ID = (422, 422, 400), (422, 400, 400)
TOO_LARGE = (413, 413, 413)
INVALID: dict[str, tuple[str | bytes | None, tuple[int, int, int]]] = {
    "no body": (None, INVALID_BODY),
    "an empty body": ("", INVALID_BODY),
    "not JSON": ("{", INVALID_BODY),
    "null": ("null", INVALID_BODY),
    "a list": ("[]", INVALID_BODY),
    "a string": ('"x"', INVALID_BODY),
    "a missing id": ("{}", INVALID_ID),
    "an id that is null": (body_with(agent_id=None), INVALID_ID),
    "an id in upper case": (body_with(agent_id=AGENT.upper()), INVALID_ID),
    "a number for an id": (body_with(agent_id=1), INVALID_ID),
    "a wrong type": (body_with(name=1), INVALID_BODY),
    "wrong type in a nested object": (body_with(inner={"text": []}), INVALID_BODY),
    "a text too long": (body_with(inner={"text": "abcdef"}), INVALID_BODY),
    "missing field in a nested object": (body_with(inner={}), INVALID_BODY),
    "NaN": (f'{{"agent_id":"{AGENT}","amount":NaN}}', INVALID_BODY),
    "Infinity": (f'{{"agent_id":"{AGENT}","amount":Infinity}}', INVALID_BODY),
    "a float out of range": (f'{{"agent_id":"{AGENT}","amount":1e999}}', INVALID_BODY),
    "nested float out of range": (f'{{"agent_id":"{AGENT}","extra":{{"x":-1e999}}}}', INVALID_BODY),
    "an integer of 5,000 digits": (f'{{"agent_id":"{AGENT}","count":{"9" * 5000}}}', INVALID_BODY),
    "an integer no float holds": (f'{{"agent_id":"{AGENT}","amount":{"9" * 400}}}', INVALID_BODY),
    "a lone surrogate in an id": ('{"agent_id":"\\ud800"}', INVALID_ID),
    "invalid UTF-8": (b'{"agent_id":"\xff"}', INVALID_BODY),
    "an encoded surrogate": (b'{"agent_id":"\xed\xa0\x80"}', INVALID_BODY),
    "UTF-16": (body_with().encode("utf-16"), INVALID_BODY),
    "lists nested 100,000 deep": ("[" * 100_000, INVALID_BODY),
    "objects nested 100,000 deep": ('{"a":' * 100_000 + "1" + "}" * 100_000, INVALID_BODY),
    "lists nested 500 deep": ("[" * 500 + "]" * 500, INVALID_BODY),
    "a binary body": (bytes(range(256)), INVALID_BODY),
    "a body over 1 MiB": (body_with(name="n" * MAX_BODY_BYTES), TOO_LARGE),
    "body over 1 MiB that is not JSON": (b"\x00" * (MAX_BODY_BYTES + 1), TOO_LARGE),
}


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}], ids=["", "with a key"])
@pytest.mark.parametrize("case", INVALID)
def test_invalid_body_is_rejected_in_the_surfaces_form(
    surface_name: str, client: Client, case: str, headers: dict[str, str | None]
) -> None:
    body, statuses = INVALID[case]
    answer = client.send(body=body, headers=headers)
    assert answer.status == statuses[list(SURFACES).index(surface_name)], answer.text
    assert error_text(surface_name, answer)
    assert "Traceback" not in answer.text
    assert "sys.set_int" not in answer.text
    assert len(answer.text) < 10_000
    assert answer.headers["x-request-id"]
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "query", "statuses"),
    [
        ("GET", "/v1/things/agent_1", "", (422, 400, 400)),
        ("GET", f"/v1/things/{AGENT.upper()}", "", (422, 400, 400)),
        ("GET", "/v1/things/%F0%9F%98%80", "", (422, 400, 400)),
        ("GET", f"/v1/things/{AGENT}%0A", "", (422, 400, 400)),
        ("DELETE", "/v1/things/x", "", (422, 400, 400)),
        ("GET", THING, "limit=0", (422, 400, 400)),
        ("GET", THING, "limit=ten", (422, 400, 400)),
        ("GET", THING, "limit=", (422, 400, 400)),
        ("GET", THING, "limit=1e3", (422, 400, 400)),
        ("GET", THING, "limit=" + "9" * 5000, (422, 400, 400)),
        ("GET", THING, "limit=NaN", (422, 400, 400)),
        ("GET", "/v1/things/a%2Fb", "", (404, 404, 404)),
        ("PATCH", THING, "", (404, 404, 404)),
        ("HEAD", THING, "", (404, 404, 404)),
    ],
)
def test_invalid_path_or_query_is_rejected_in_the_surfaces_form(
    surface_name: str,
    client: Client,
    method: str,
    path: str,
    query: str,
    statuses: tuple[int, int, int],
) -> None:
    answer = client.send(method, path, query=query)
    assert answer.status == statuses[list(SURFACES).index(surface_name)], answer.text
    assert error_text(surface_name, answer)
    assert answer.headers["x-request-id"]


def test_invalid_agent_id_is_named_once() -> None:
    client = Client(thing_handler(SURFACES["agents"]), Gateway())
    rule = "expected agent_ and 32 lowercase hexadecimal digits"
    for answer in (
        client.send(path="/v1/things/x", body=body_with()),
        client.send(body=body_with(agent_id=1)),
    ):
        assert answer.json == {"error": f"Invalid agent ID: {rule}"}
    missing = client.send(body="{}")
    assert missing.json == {"error": "Invalid agent ID: field required"}


def test_error_sentence_begins_with_the_fields_path() -> None:
    sent = body_with(items=[{"text": "a"}, {"text": 1}])
    for name, key in (("agents", "error"), ("evaluations", "message")):
        answer = Client(thing_handler(SURFACES[name]), Gateway()).send(body=sent)
        assert answer.json[key] == "items.1.text: input should be a valid string"


def test_playground_detail_has_the_form_of_fastapi() -> None:
    client = Client(thing_handler(SURFACES["playground"]), Gateway())
    answer = client.send(body=body_with(inner={"text": "abcdef"}, name=None))
    assert answer.status == 422
    assert answer.json["detail"] == [
        {
            "loc": ["body", "name"],
            "msg": "Input should be a valid string",
            "type": "string_type",
            "input": None,
        },
        {
            "loc": ["body", "inner", "text"],
            "msg": "String should have at most 5 characters",
            "type": "string_too_long",
            "input": "abcdef",
            "ctx": {"max_length": 5},
        },
    ]


UUID_RULE = "must be a UUID, without a prefix"
TIME_RULE = "must be an RFC 3339 time with its zone, such as 2026-01-31T12:00:00Z"
#: Body, the path of its invalid field, and the rule.
MISTAKES: dict[str, tuple[str, str, str]] = {
    "an empty list": (body_with(filled=[]), "filled", "must not be empty"),
    "an empty text": (body_with(text=""), "text", "must not be empty"),
    "a text of spaces": (body_with(text="  "), "text", "must not be empty"),
    "a text for an object": (body_with(inner="x"), "inner", "must be an object"),
    "a list for an object": (body_with(extra=[]), "extra", "must be an object"),
    "a number for an object in a list": (body_with(items=[7]), "items.0", "must be an object"),
    "an unknown type": (
        body_with(part={"type": "c"}), "part", "must have a 'type' that is one of 'a', 'b'"),
    "no type": (body_with(part={}), "part", "must have a 'type'"),
    "a number for a UUID": (body_with(uuid=7), "uuid", UUID_RULE),
    "an id of another surface": (
        body_with(uuid="session_01a200b7023073a8809916851afb14a5"), "uuid", UUID_RULE),
    "a text for a time": (body_with(time="soon"), "time", TIME_RULE),
    "a date for a time": (body_with(time="2026-01-31"), "time", TIME_RULE),
    "a time without a zone": (body_with(time="2026-01-31T12:00:00"), "time", TIME_RULE),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_common_mistake_names_field_and_rule(surface_name: str, client: Client, case: str) -> None:
    body, path, rule = MISTAKES[case]
    name = path.removesuffix(".0").rpartition(".")[2]
    expected = f"{name} {rule}" if surface_name == "playground" else f"{path}: {rule}"
    assert error_text(surface_name, client.send(body=body)) == expected


def test_unknown_query_parameter_is_named(surface_name: str, client: Client) -> None:
    answer = client.send("GET", path="/v1/pages", resource="/v1/pages", query="offset=1")
    assert error_text(surface_name, answer) == "offset: unknown parameter; remove it"


def test_invalid_json_on_the_playground_has_a_reason() -> None:
    client = Client(thing_handler(SURFACES["playground"]), Gateway())
    (error,) = client.send(body='{"a": NaN}').json["detail"]
    assert error["type"] == "json_invalid"
    assert error["ctx"] == {"error": "NaN is not JSON"}


@pytest.mark.parametrize(
    "sent",
    [
        body_with(items=[{} for _ in range(200_000)]),
        body_with(items=[{"text": "a" * 1000} for _ in range(1000)]),
        json.dumps({"name": 1, "amount": "x", "count": "y", "pad": "p" * 1_000_000}),
        body_with(inner={"text": "a" * 1_000_000}),
        body_with(agent_id="a" * 1_000_000),
        body_with(extra="e" * 1_000_000),
    ],
    ids=["200,000 errors", "1,000 long ones", "a huge body", "a huge text", "a huge id", "a huge"],
)
def test_response_to_a_megabyte_of_invalid_input_is_small(
    surface_name: str, client: Client, sent: str
) -> None:
    answer = client.send(body=sent)
    assert 400 <= answer.status < 500
    assert error_text(surface_name, answer)
    # A function's response is limited to 6 MB; a larger one becomes a 502.
    assert len(answer.text) < 200_000


def test_lone_surrogate_in_free_text_is_replaced(client: Client) -> None:
    sent = f'{{"agent_id":"{AGENT}","name":"\\ud83d","extra":{{"a":"\\udfff"}}}}'
    answer = client.send(body=sent, headers={"Idempotency-Key": "k"})
    assert answer.status == 201
    assert answer.json["extra"] == {"a": "\ufffd"}
    assert answer.json["name"] == "\ufffd"


def test_body_of_maximum_size_is_accepted(client: Client) -> None:
    padding = MAX_BODY_BYTES - len(body_with(name=""))
    assert client.send(body=body_with(name="n" * padding)).status == 201
    assert client.send(body=body_with(name="n" * (padding + 1))).status == 413


def test_encoded_slash_in_an_id_has_no_route(api: Gateway) -> None:
    """API Gateway reads it as one segment, the adapter decodes it into two."""
    answer = api("DELETE", KEYS + "/a%2Fb")

    assert answer.status == 404
    assert answer.json == {"error": "not_found", "message": "No route has this path and method"}
    assert answer.headers["x-request-id"]
