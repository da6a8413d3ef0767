"""Messages: posted, read back in order, counted on the session."""

from datetime import timedelta
from typing import Any

import pytest

from shared.agents import message_service
from shared.core.clock import system_clock
from shared.llm.registry import SCRIPTED_MODEL_ID
from shared.storage.table import table
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import TABLE, counted_requests

KEY = {"idempotency-key": "k"}
HI = {"message": {"role": "user", "content": [{"type": "text", "text": "hi"}]}}


@pytest.fixture
def session_id(api: Gateway) -> str:
    return str(new_session(api)["id"])


@pytest.fixture
def url(session_id: str) -> str:
    return f"/v1/sessions/{session_id}/messages"


def test_given_a_message_when_posted_then_it_is_answered_whole(
    api: Gateway, session_id: str, url: str
) -> None:
    with counted_requests() as requests:
        answer = api("POST", url, HI)
    message = answer.json
    assert answer.status == 201
    assert message["id"].startswith("message_")
    assert message["created_at"].endswith("Z")
    assert message == HI["message"] | {
        "id": message["id"],
        "session_id": session_id,
        "sequence": 1,
        "controls": None,
        "metadata": None,
        "thinking": None,
        "thinking_signature": None,
        "created_at": message["created_at"],
    }
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_everything_a_message_can_hold_then_it_is_read_back(api: Gateway, url: str) -> None:
    parts: list[dict[str, Any]] = [
        {"type": "text", "text": "Look: 🙂\n"},
        {"type": "image", "url": "https://example.com/a.png"},
        {"type": "image", "base64": "aGk=", "media_type": "image/png"},
        {"type": "image_file", "image_id": "img_1", "filename": "a.png"},
    ]
    sent = {
        "message": {"content": parts},
        "controls": {"model_id": str(SCRIPTED_MODEL_ID), "reasoning": {"effort": "low"}},
        "metadata": {"locale": "en", "n": 1.5},
        "tags": ["a"],
    }
    created = api("POST", url, sent).json
    with counted_requests() as requests:
        listed = api("GET", url)
    assert listed.status == 200
    assert listed.json == {"data": [created]}
    assert (created["role"], created["content"]) == ("user", parts)
    assert {key: created[key] for key in ("controls", "metadata", "tags")} == {
        key: sent[key] for key in ("controls", "metadata", "tags")
    }
    assert requests == {"GetItem": 1, "Query": 1}


def test_messages_are_listed_oldest_first_with_sequences_without_a_gap(
    api: Gateway, session_id: str, url: str
) -> None:
    texts = [say(api, session_id, str(number))["content"][0]["text"] for number in range(12)]
    messages = api("GET", url).json["data"]
    assert [message["content"][0]["text"] for message in messages] == texts
    assert [message["sequence"] for message in messages] == list(range(1, 13))


def test_given_no_messages_then_the_list_is_empty(api: Gateway, url: str) -> None:
    assert api("GET", url).json == {"data": []}


def test_the_session_previews_its_first_message_only(api: Gateway, session_id: str) -> None:
    before = api("GET", f"/v1/sessions/{session_id}")
    say(api, session_id, "é" * 300)
    say(api, session_id, "second")
    after = api("GET", f"/v1/sessions/{session_id}")
    assert after.json["preview"] == "é" * 200
    assert after.json["output_preview"] is None
    assert after.json["updated_at"] > before.json["updated_at"]
    assert after.headers["etag"] == '"3"'


def test_given_a_first_message_that_begins_with_an_image_then_there_is_no_preview(
    api: Gateway, session_id: str, url: str
) -> None:
    parts = [{"type": "image", "url": "https://example.com/a.png"}, {"type": "text", "text": "hi"}]
    api("POST", url, {"message": {"content": parts}})
    say(api, session_id, "second")
    assert api("GET", f"/v1/sessions/{session_id}").json["preview"] is None


def test_the_stored_events_carry_the_mark_that_starts_a_turn(
    api: Gateway, session_id: str, dynamodb_table: Any
) -> None:
    say(api, session_id, "hi")
    items = dynamodb_table.scan(TableName=TABLE)["Items"]
    marked = [item for item in items if item.get("mark_starts_turn") == {"S": "yes"}]
    assert [item["type"]["S"] for item in marked] == ["events"]


def test_given_a_foreign_session_then_it_is_as_if_there_was_none(
    other_api: Gateway, url: str
) -> None:
    for method, target in (
        ("POST", url),
        ("GET", url),
        ("POST", f"/v1/sessions/session_{'f' * 32}/messages"),
    ):
        answer = other_api(method, target, HI if method == "POST" else None)
        assert (answer.status, answer.json) == (404, {"error": "Session not found"})


def test_given_the_same_request_again_then_the_first_answer_is_given(
    api: Gateway, session_id: str, url: str
) -> None:
    first = api("POST", url, HI, headers=KEY)
    say(api, session_id, "in between")
    again = api("POST", url, HI, headers=KEY)
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert len(api("GET", url).json["data"]) == 2


def test_given_another_payload_then_the_key_is_refused(api: Gateway, url: str) -> None:
    api("POST", url, HI, headers=KEY)
    answer = api("POST", url, {**HI, "tags": ["a"]}, headers=KEY)
    assert answer.status == 422
    assert "Idempotency-Key" in answer.json["error"]
    assert len(api("GET", url).json["data"]) == 1


def test_given_a_key_used_a_month_ago_then_it_brings_a_message_of_its_own(
    api: Gateway, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = api("POST", url, HI, headers=KEY)
    monkeypatch.setattr(table(), "_clock", lambda: system_clock() + timedelta(days=31))
    later = api("POST", url, HI, headers=KEY)
    assert later.status == 201
    assert "idempotent-replayed" not in later.headers
    # Also its turn is then one of its own: that takes its id from the message.
    assert later.json["id"] != first.json["id"]


def test_given_one_key_in_two_sessions_then_each_has_its_message(api: Gateway, url: str) -> None:
    first = api("POST", url, HI, headers=KEY).json
    other = f"/v1/sessions/{new_session(api)['id']}/messages"
    second = api("POST", other, HI, headers=KEY)
    assert second.status == 201
    assert second.json["id"] != first["id"]


def test_given_twenty_clients_at_once_then_there_is_one_message(api: Gateway, url: str) -> None:
    answers = race(api, "POST", url, HI, headers=KEY)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(api("GET", url).json["data"]) == 1


def test_given_twenty_clients_without_a_key_then_all_messages_are_kept_in_one_order(
    api: Gateway, url: str
) -> None:
    answers = race(api, "POST", url, HI)
    assert {answer.status for answer in answers} == {201}
    assert sorted(answer.json["sequence"] for answer in answers) == list(range(1, 21))


def test_given_more_messages_than_an_answer_holds_then_a_cursor_goes_on(
    api: Gateway, session_id: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_service, "MAX_PAGE_BYTES", 2500)
    for number in range(5):
        say(api, session_id, str(number) * 1000)
    found: list[int] = []
    target = url
    for _ in range(3):
        page = api("GET", target).json
        found += [message["sequence"] for message in page["data"]]
        if "next_cursor" in page:
            target = f"{url}?cursor={page['next_cursor']}"
    assert found == [1, 2, 3, 4, 5]
    other = f"/v1/sessions/{new_session(api)['id']}/messages"
    assert api("GET", target.replace(url, other)).status == 400


def test_given_a_limit_then_pages_hold_so_many_and_bring_each_once(
    api: Gateway, session_id: str, url: str
) -> None:
    for number in range(5):
        say(api, session_id, str(number))
    pages: list[list[int]] = []
    cursor = ""
    for _ in range(3):
        page = api("GET", f"{url}?limit=2{cursor}").json
        pages.append([message["sequence"] for message in page["data"]])
        cursor = f"&cursor={page.get('next_cursor')}"
    assert pages == [[1, 2], [3, 4], [5]]
    assert "next_cursor" not in page


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=1", "role=user"])
def test_given_a_query_that_does_not_fit_then_it_is_refused_by_name(
    api: Gateway, url: str, query: str
) -> None:
    answer = api("GET", f"{url}?{query}")
    assert answer.status == 400
    assert answer.json["error"].startswith(query.split("=", maxsplit=1)[0] + ": ")


def part(**fields: Any) -> dict[str, Any]:
    return {"message": {"content": [fields]}}


#: A body, the status, and how the error begins.
REFUSED: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "no message": ({}, (422, "message: ")),
    "message null": ({"message": None}, (422, "message: ")),
    "no content": ({"message": {}}, (422, "message.content: ")),
    "empty content": ({"message": {"content": []}}, (422, "message.content: ")),
    "content a text": ({"message": {"content": "hi"}}, (422, "message.content: ")),
    "unknown part": (part(type="video", url="u"), (422, "message.content.0: ")),
    "part without type": (part(text="hi"), (422, "message.content.0: ")),
    "a tool's part": (part(type="tool_call", id="1", name="n", arguments={}), (422, "message.")),
    "empty text": (part(type="text", text=""), (422, "message.content.0.text.text: ")),
    "text null": (part(type="text", text=None), (422, "message.content.0.text.text: ")),
    "image from nowhere": (part(type="image"), (422, "message.content.0.image: ")),
    "image from two": (part(type="image", url="u", base64="b"), (422, "message.content.0.image")),
    "image file without id": (part(type="image_file"), (422, "message.content.0.image_file")),
    "role agent": ({"message": {**HI["message"], "role": "agent"}}, (422, "message.role: ")),
    "role unknown": ({"message": {**HI["message"], "role": "boss"}}, (422, "message.role: ")),
    "model malformed": ({**HI, "controls": {"model_id": "gpt"}}, (400, "Invalid model ID: ")),
    "model unknown": (
        {**HI, "controls": {"model_id": "model_" + "f" * 32}},
        (404, "Model not found"),
    ),
    "metadata a list": ({**HI, "metadata": []}, (422, "metadata: ")),
    "too many tags": ({**HI, "tags": ["t"] * 51}, (400, "Input exceeds allowed limits")),
    "image too large": (
        part(type="image", base64="a" * 330_000, media_type="image/png"),
        (413, "A message may have 320 KiB in all."),
    ),
}


@pytest.mark.parametrize("body, refused", REFUSED.values(), ids=REFUSED)
def test_bad_messages_are_refused(
    api: Gateway, url: str, body: dict[str, Any], refused: tuple[int, str]
) -> None:
    answer = api("POST", url, body)
    assert answer.status == refused[0], answer.text
    assert set(answer.json) == {"error"}
    assert answer.json["error"].startswith(refused[1])
    assert api("GET", url).json == {"data": []}


def test_the_largest_message_is_stored(api: Gateway, url: str) -> None:
    largest = part(type="image", base64="a" * 327_000, media_type="image/png")
    created = api("POST", url, largest, headers=KEY)
    assert created.status == 201, created.text
    assert api("GET", url).json["data"] == [created.json]
