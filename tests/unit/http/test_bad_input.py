"""Input that does not fit: the documented status and body of each surface, never a 5xx."""

import json
from typing import Any

import pytest

from shared.http.request import MAX_BODY_BYTES
from tests.support.gateway import Answer, Gateway
from tests.unit.http.conftest import SURFACES, THING, Client, thing_handler

AGENT = "agent_" + "0" * 31 + "b"


def body(**fields: Any) -> str:
    return json.dumps({"agent_id": AGENT} | fields)


def told(surface: str, answer: Answer) -> str:
    """Check that the body has the form of its surface, and return its text."""
    content = answer.json
    if surface == "agents":
        assert set(content) == {"error"}
        return str(content["error"])
    if surface == "evaluations" or answer.status not in (422,):
        assert set(content) == {"error", "message"}
        return str(content["message"])
    assert set(content) == {"detail"}
    for error in content["detail"]:
        assert (
            {"loc", "msg", "type", "input"} <= set(error) <= {"loc", "msg", "type", "input", "ctx"}
        )
    return str(content["detail"][0]["msg"])


#: What is sent, and the status on the playground's, the agents' and the evaluations' surface.
REFUSED: dict[str, tuple[str | bytes | None, tuple[int, int, int]]] = {
    "no body": (None, (422, 422, 400)),
    "an empty body": ("", (422, 422, 400)),
    "not JSON": ("{", (422, 422, 400)),
    "null": ("null", (422, 422, 400)),
    "a list": ("[]", (422, 422, 400)),
    "a string": ('"x"', (422, 422, 400)),
    "a missing id": ("{}", (422, 400, 400)),
    "an id that is null": (body(agent_id=None), (422, 400, 400)),
    "an id in upper case": (body(agent_id=AGENT.upper()), (422, 400, 400)),
    "a number for an id": (body(agent_id=1), (422, 400, 400)),
    "a wrong type": (body(name=1), (422, 422, 400)),
    "a wrong type further in": (body(inner={"text": []}), (422, 422, 400)),
    "a text too long": (body(inner={"text": "abcdef"}), (422, 422, 400)),
    "a missing field further in": (body(inner={}), (422, 422, 400)),
    "NaN": (f'{{"agent_id":"{AGENT}","amount":NaN}}', (422, 422, 400)),
    "Infinity": (f'{{"agent_id":"{AGENT}","amount":Infinity}}', (422, 422, 400)),
    "a float out of range": (f'{{"agent_id":"{AGENT}","amount":1e999}}', (422, 422, 400)),
    "the same, further in": (f'{{"agent_id":"{AGENT}","extra":{{"x":-1e999}}}}', (422, 422, 400)),
    "an integer of 5,000 digits": (
        f'{{"agent_id":"{AGENT}","count":{"9" * 5000}}}',
        (422, 422, 400),
    ),
    "an integer no float holds": (
        f'{{"agent_id":"{AGENT}","amount":{"9" * 400}}}',
        (422, 422, 400),
    ),
    "a lone surrogate in an id": ('{"agent_id":"\\ud800"}', (422, 400, 400)),
    "invalid UTF-8": (b'{"agent_id":"\xff"}', (422, 422, 400)),
    "an encoded surrogate": (b'{"agent_id":"\xed\xa0\x80"}', (422, 422, 400)),
    "UTF-16": (body().encode("utf-16"), (422, 422, 400)),
    "lists nested 100,000 deep": ("[" * 100_000, (422, 422, 400)),
    "objects nested 100,000 deep": ('{"a":' * 100_000 + "1" + "}" * 100_000, (422, 422, 400)),
    "lists nested 500 deep": ("[" * 500 + "]" * 500, (422, 422, 400)),
    "a binary body": (bytes(range(256)), (422, 422, 400)),
    "a body over 1 MiB": (body(name="n" * MAX_BODY_BYTES), (413, 413, 413)),
    "that is no JSON either": (b"\x00" * (MAX_BODY_BYTES + 1), (413, 413, 413)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_given_a_body_that_does_not_fit_then_the_surface_refuses_it_in_its_form(
    surface_name: str, client: Client, case: str
) -> None:
    sent, statuses = REFUSED[case]
    answer = client.send(body=sent)
    assert answer.status == statuses[list(SURFACES).index(surface_name)], answer.text
    text = told(surface_name, answer)
    assert text
    assert "Traceback" not in answer.text
    assert "sys.set_int" not in answer.text
    assert len(answer.text) < 10_000
    assert answer.headers["x-request-id"]
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("case", REFUSED)
def test_given_an_idempotency_key_with_a_body_that_does_not_fit_then_it_is_refused_as_well(
    surface_name: str, client: Client, case: str
) -> None:
    sent, statuses = REFUSED[case]
    answer = client.send(body=sent, headers={"Idempotency-Key": "k"})
    assert answer.status == statuses[list(SURFACES).index(surface_name)], answer.text


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
def test_given_an_address_that_does_not_fit_then_the_surface_refuses_it_in_its_form(
    surface_name: str,
    client: Client,
    method: str,
    path: str,
    query: str,
    statuses: tuple[int, int, int],
) -> None:
    answer = client.send(method, path, query=query)
    assert answer.status == statuses[list(SURFACES).index(surface_name)], answer.text
    assert told(surface_name, answer)
    assert answer.headers["x-request-id"]


def test_given_a_bad_id_on_the_agents_surface_then_it_is_named_once() -> None:
    client = Client(thing_handler(SURFACES["agents"]), Gateway())
    rule = "expected agent_ and 32 lowercase hexadecimal digits"
    for answer in (
        client.send(path="/v1/things/x", body=body()),
        client.send(body=body(agent_id=1)),
    ):
        assert answer.json == {"error": f"Invalid agent ID: {rule}"}
    missing = client.send(body="{}")
    assert missing.json == {"error": "Invalid agent ID: field required"}


def test_given_a_bad_field_then_the_sentence_tells_where_it_is() -> None:
    sent = body(items=[{"text": "a"}, {"text": 1}])
    for name, key in (("agents", "error"), ("evaluations", "message")):
        answer = Client(thing_handler(SURFACES[name]), Gateway()).send(body=sent)
        assert answer.json[key] == "items.1.text: input should be a valid string"


def test_given_a_bad_body_on_the_playground_then_the_detail_has_fastapis_form() -> None:
    client = Client(thing_handler(SURFACES["playground"]), Gateway())
    answer = client.send(body=body(inner={"text": "abcdef"}, name=None))
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


#: A body, and what the sentence, or the detail, says of it.
PLAINLY: dict[str, tuple[str, str, str]] = {
    "an empty list": (
        body(filled=[]), "filled: must not be empty", "filled must not be empty"),
    "an empty text": (body(said=""), "said: must not be empty", "said must not be empty"),
    "a text of spaces": (body(said="  "), "said: must not be empty", "said must not be empty"),
    "a text for an object": (
        body(inner="x"), "inner: must be an object", "inner must be an object"),
    "a list for an object": (body(extra=[]), "extra: must be an object", "extra must be an object"),
    "an object that is none, in a list": (
        body(items=[7]), "items.0: must be an object", "items must be an object"),
    "a key that is not known": (
        body(strict={"a": 1}), "strict.a: is not known here", "a is not known here"),
    "an unknown kind": (
        body(part={"type": "c"}),
        "part: must have as 'type' one of 'a', 'b'",
        "part must have as 'type' one of 'a', 'b'",
    ),
    "no kind": (body(part={}), "part: must have a 'type'", "part must have a 'type'"),
    "a number for a UUID": (
        body(uuid=7),
        "uuid: must be a UUID, without a prefix",
        "uuid must be a UUID, without a prefix",
    ),
    "an id of another surface": (
        body(uuid="session_01a200b7023073a8809916851afb14a5"),
        "uuid: must be a UUID, without a prefix",
        "uuid must be a UUID, without a prefix",
    ),
    **{
        f"a time like {text}": (body(time=text), f"time: {told}", f"time {told}")
        for told in ["must be a time in ISO 8601 form with its zone, as in 2026-01-31T12:00:00Z"]
        for text in ("soon", "2026-01-31", "2026-01-31T12:00:00")
    },
}  # fmt: skip


@pytest.mark.parametrize("case", PLAINLY)
def test_given_a_common_slip_then_it_is_told_in_plain_words(
    surface_name: str, client: Client, case: str
) -> None:
    sent, sentence, detail = PLAINLY[case]
    answer = client.send(body=sent)
    assert told(surface_name, answer) == (detail if surface_name == "playground" else sentence)


def test_given_a_query_that_is_not_known_then_it_is_named(
    surface_name: str, client: Client
) -> None:
    answer = client.send("GET", path="/v1/pages", resource="/v1/pages", query="offset=1")
    expected = "offset is not known here" if surface_name == "playground" else "offset: is not"
    assert told(surface_name, answer).startswith(expected)


def test_given_not_json_on_the_playground_then_the_detail_tells_the_reason() -> None:
    client = Client(thing_handler(SURFACES["playground"]), Gateway())
    (error,) = client.send(body='{"a": NaN}').json["detail"]
    assert error["type"] == "json_invalid"
    assert error["ctx"] == {"error": "NaN is not JSON"}


@pytest.mark.parametrize(
    "sent",
    [
        body(items=[{} for _ in range(200_000)]),
        body(items=[{"text": "a" * 1000} for _ in range(1000)]),
        json.dumps({"name": 1, "amount": "x", "count": "y", "pad": "p" * 1_000_000}),
        body(inner={"text": "a" * 1_000_000}),
        body(agent_id="a" * 1_000_000),
        body(extra="e" * 1_000_000),
    ],
    ids=["200,000 errors", "1,000 long ones", "a huge body", "a huge text", "a huge id", "a huge"],
)
def test_given_a_megabyte_of_bad_input_then_the_answer_stays_small(
    surface_name: str, client: Client, sent: str
) -> None:
    answer = client.send(body=sent)
    assert 400 <= answer.status < 500
    assert told(surface_name, answer)
    # A function may answer 6 MB; what is beyond would become a 502.
    assert len(answer.text) < 200_000


def test_given_a_text_with_a_lone_surrogate_where_anything_goes_then_it_is_answered(
    client: Client,
) -> None:
    sent = f'{{"agent_id":"{AGENT}","name":"\\ud83d","extra":{{"a":"\\udfff"}}}}'
    answer = client.send(body=sent, headers={"Idempotency-Key": "k"})
    assert answer.status == 201
    assert answer.json["extra"] == {"a": "\udfff"}
    assert answer.json["name"] == "\ud83d"


def test_given_the_largest_body_that_is_allowed_then_it_is_read(client: Client) -> None:
    padding = MAX_BODY_BYTES - len(body(name=""))
    assert client.send(body=body(name="n" * padding)).status == 201
    assert client.send(body=body(name="n" * (padding + 1))).status == 413
