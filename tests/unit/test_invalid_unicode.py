"""Text that is not valid Unicode: lone surrogates become U+FFFD at every door.

JSON can escape half of a surrogate pair (RFC 8259, section 8.2), as JavaScript's ``slice``
leaves it; UTF-8 cannot encode it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared.llm.port import ModelAnswer, ToolCall
from shared.sessions.domain import SessionKind
from tests.support.creates import CASES, CreateCase, Ids, request_of, send
from tests.support.gateway import Answer, Gateway
from tests.support.imports import body_of, deliver, known
from tests.support.unicode import is_valid

#: As sent, and as it is from then on. Control characters are text like any other.
CUT, REPAIRED = "\ud83d\x00\x1f\x85\u2028", "\ufffd\x00\x1f\x85\u2028"


def _variants(value: Any, mark: str) -> Iterator[Any]:
    """Yield a JSON value with the mark in one text, or in one key, at a time."""
    if isinstance(value, str):
        yield value + mark
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            for variant in _variants(inner, mark):
                yield [*value[:place], variant, *value[place + 1 :]]
    elif isinstance(value, dict):
        for name, inner in value.items():
            for variant in _variants(inner, mark):
                yield value | {name: variant}
            yield {key + mark if key == name else key: kept for key, kept in value.items()}


def _shape(answer: Answer) -> str:
    """Return an answer without what differs from one create to the next: ids and times."""
    text = re.sub(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", "ID", answer.text)
    text = re.sub(r"gsk_[^\"]*", "KEY", text)
    text = re.sub(r"(ir_|event_|call_)[0-9a-f]+", "ID", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)", "TIME", text)


def _outcome(api: Gateway, case: CreateCase, ids: Ids, body: Any) -> list[tuple[int, str]]:
    """Return the answers to a create and to a read of what it created."""
    method, url, filled = request_of(case.route, body, ids)
    answers = [api(method, url, raw=json.dumps(filled))]
    if answers[0].status == case.status and answers[0].text.startswith(("{", "[")):
        content = answers[0].json
        entity = content[0] if isinstance(content, list) else content
        answers.append(send(api, f"GET {case.read}", None, ids | {"it": entity[case.id_field]}))
    assert all(map(is_valid, answers))
    return [(answer.status, _shape(answer)) for answer in answers]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_lone_surrogate_in_any_field_is_taken_as_replacement_character(
    dynamodb_table: Any, case: CreateCase
) -> None:
    """Refusals, as for length or form, have the same words."""

    def outcomes(mark: str) -> list[list[tuple[int, str]]]:
        found = []
        for body in _variants(case.body, mark):
            api = Gateway()
            found.append(_outcome(api, case, case.prepare(api), body))
        return found

    sent, repaired = outcomes(CUT), outcomes(REPAIRED)

    assert sent == repaired
    assert {status for answers in sent for status, _ in answers} <= {200, 201, 400, 404, 409, 422}


@pytest.mark.parametrize(
    "place", ["body", "queryStringParameters", "multiValueQueryStringParameters", "headers"]
)
def test_lone_surrogate_in_the_event_of_a_gateway_is_replaced(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """API Gateway replaces invalid UTF-8 itself; another gateway may not."""
    build = Gateway.event

    def event(*arguments: Any) -> dict[str, Any]:
        built = build(*arguments)
        text = json.dumps(built[place]).replace("MARK", r"\ud83d")
        return built | {place: json.loads(text)}

    monkeypatch.setattr(Gateway, "event", event)

    query = "?a=MARK" if "uery" in place else ""
    answer = api("POST", f"/v1/workflows{query}", {"name": "MARK"}, headers={"x-a": "MARK"})

    assert answer.status in (201, 422), answer.text
    assert is_valid(answer)
    assert place != "body" or answer.json["name"] == "\ufffd"


def test_valid_pair_that_is_escaped_in_two_halves_stays_its_character(api: Gateway) -> None:
    created = api("POST", "/v1/workflows", raw=r'{"name": "a \ud83d\ude00 b"}')

    assert created.json["name"] == "a \U0001f600 b"


@pytest.mark.parametrize("url", ["/v1/agents?search=%ED%A0%BD", "/v1/scenarios?tags=%ED%A0%BD"])
def test_invalid_utf8_in_a_query_is_searched_as_replacement_character(
    api: Gateway, url: str
) -> None:
    assert api("GET", url).status == 200


@pytest.mark.parametrize("name", ["idempotency-key", "if-match", "x-request-id", "last-event-id"])
def test_header_that_is_not_valid_unicode_is_refused_or_ignored(api: Gateway, name: str) -> None:
    answer = api("POST", "/v1/workflows", {"name": "a"}, headers={name: "\ufffd\x01"})

    assert answer.status in (201, 400, 412)
    answer.headers["x-request-id"].encode("ascii")


#: A conversation as a program cut it: every text, a tool call's arguments, and its result.
CUT_TALK: dict[str, Any] = {
    "id": "cut \ud83d",
    "agent": "Desk \ud83d",
    "tags": ["web \ud83d"],
    "messages": [
        {"role": "system", "content": "Be brief \ud83d"},
        {"role": "user", "content": "cut \ud83d"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "c \ud83d",
                    "type": "function",
                    "function": {"name": "find\ud83d", "arguments": '{"a \\ud83d": "\\ud83d"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c \ud83d", "content": '{"b": "\\ud83d \ude00"}'},
        {"role": "assistant", "content": "done \ude00"},
    ],
}


@pytest.mark.parametrize("kind", [SessionKind.AGENT, SessionKind.EVALUATION])
def test_imported_lone_surrogate_never_fails_a_read(api: Gateway, kind: SessionKind) -> None:
    known(api)
    assert deliver(body_of(api.organization_id, kind, CUT_TALK)) == []

    if kind is SessionKind.AGENT:
        lists = ["/v1/sessions", "/v1/agents", "/v1/sessions?search=cut"]
        session = api("GET", "/v1/sessions").json["data"][0]["id"]
        url = f"/v1/sessions/{session}"
        reads = [url, f"{url}/events", f"{url}/messages", f"{url}/sse"]
    else:
        lists = ["/sessions", "/versions", "/products"]
        session = api("GET", "/sessions").json[0]["id"]
        reads = [f"/sessions/{session}", f"/inferenceResults?sessionIds={session}"]
    for read in (*lists, *reads):
        answer = api("GET", read)
        assert answer.status == 200, answer.text
        assert is_valid(answer)
        assert kind is not SessionKind.AGENT or "\ufffd" in answer.text
    draft = api("POST", "/v1/scenarios/draft-from-session", {"session_id": session.split("_")[-1]})
    assert draft.status == 200, draft.text
    assert is_valid(draft)


def test_lone_surrogates_of_a_model_are_replaced() -> None:
    call = ToolCall("c\ud83d", "find\ud83d", {"a\ud83d": ["\ude00"]})

    answer = ModelAnswer(text="cut \ud83d", tool_calls=(call,))

    assert answer.text == "cut \ufffd"
    assert answer.tool_calls == (ToolCall("c\ufffd", "find\ufffd", {"a\ufffd": ["\ufffd"]}),)
