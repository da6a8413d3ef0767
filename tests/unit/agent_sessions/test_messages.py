"""Messages through the API: create, list, limits and errors."""

from datetime import timedelta
from typing import Any

import pytest

from shared.agents.messages import service as message_service
from shared.agents.messages.domain import MessageRole, NewMessage
from shared.agents.messages.wiring import messages
from shared.core.ids import SessionId
from shared.llm.registry import SCRIPTED_MODEL_ID
from tests.support.agents import HI, new_session, pages, say
from tests.support.clocks import move_clock
from tests.support.gateway import Gateway
from tests.support.racing import race
from tests.support.storage import TABLE, counted_requests
from tests.support.turns import BEGUN, Model, Turns, text

KEY = {"idempotency-key": "k"}


@pytest.fixture
def url(session_id: str) -> str:
    return f"/v1/sessions/{session_id}/messages"


def test_create_returns_the_whole_message(api: Gateway, session_id: str, url: str) -> None:
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


def test_all_fields_of_a_message_are_stored(api: Gateway, url: str) -> None:
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


def test_image_in_a_data_url_is_stored(api: Gateway, url: str) -> None:
    image = {"type": "image", "url": "data:image/png;base64," + "a" * 9_000}
    created = api("POST", url, {"message": {"content": [image]}})
    assert (created.status, created.json["content"]) == (201, [image])


def test_message_that_exceeds_later_limits_stays_readable(
    api: Gateway, session_id: str, url: str
) -> None:
    parts: list[dict[str, Any]] = [
        {"type": "text", "text": ""},
        {"type": "image", "url": "u" * 2_000, "media_type": "m" * 600},
        {"type": "image", "url": "u", "base64": "b"},
        {"type": "image_file", "image_id": "i" * 600, "filename": "f" * 600},
    ]
    controls = {"model_id": str(SCRIPTED_MODEL_ID), "reasoning": {"effort": "e" * 600}}
    stored = NewMessage(role=MessageRole.USER, content=tuple(parts), controls=controls)
    messages().create(api.organization_id, SessionId.parse(session_id), stored)

    listed = api("GET", url)
    events = api("GET", f"/v1/sessions/{session_id}/events")

    assert (listed.status, events.status) == (200, 200)
    for message in (listed.json["data"][0], events.json["data"][0]["data"]["message"]):
        assert (message["content"], message["controls"]) == (parts, controls)


def sequences(number: int) -> list[int]:
    """Return the sequences of messages, of which the first begins its turn."""
    return [1, *range(2 + len(BEGUN), number + 1 + len(BEGUN))]


def test_list_returns_messages_oldest_first(api: Gateway, session_id: str, url: str) -> None:
    texts = [say(api, session_id, str(number))["content"][0]["text"] for number in range(12)]
    listed = api("GET", url).json["data"]
    assert [message["content"][0]["text"] for message in listed] == texts
    assert [message["sequence"] for message in listed] == sequences(12)


def test_list_of_new_session_is_empty(api: Gateway, url: str) -> None:
    assert api("GET", url).json == {"data": []}


def test_session_preview_is_its_first_message(api: Gateway, session_id: str) -> None:
    before = api("GET", f"/v1/sessions/{session_id}")
    say(api, session_id, "é" * 300)
    say(api, session_id, "second")
    after = api("GET", f"/v1/sessions/{session_id}")
    assert after.json["preview"] == "é" * 200
    assert after.json["output_preview"] is None
    assert after.json["updated_at"] > before.json["updated_at"]
    assert after.headers["etag"] == '"3"'


def test_first_message_that_begins_with_an_image_has_no_preview(
    api: Gateway, session_id: str, url: str
) -> None:
    parts = [{"type": "image", "url": "https://example.com/a.png"}, {"type": "text", "text": "hi"}]
    api("POST", url, {"message": {"content": parts}})
    say(api, session_id, "second")
    assert api("GET", f"/v1/sessions/{session_id}").json["preview"] is None


def test_stored_event_has_the_stream_attribute_that_starts_a_turn(
    api: Gateway, session_id: str, dynamodb_table: Any
) -> None:
    say(api, session_id, "hi")
    items = dynamodb_table.scan(TableName=TABLE)["Items"]
    starting = [item for item in items if item.get("mark_starts_turn") == {"S": "yes"}]
    assert [item["type"]["S"] for item in starting] == ["events"]


def test_repeat_after_retention_creates_another_message(
    api: Gateway, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = api("POST", url, HI, headers=KEY)
    move_clock(monkeypatch, timedelta(days=31))
    later = api("POST", url, HI, headers=KEY)
    assert later.status == 201
    assert "idempotent-replayed" not in later.headers
    # The turn derives its id from the message, so it is another turn too.
    assert later.json["id"] != first.json["id"]


def test_same_key_in_two_sessions_creates_two_messages(api: Gateway, url: str) -> None:
    first = api("POST", url, HI, headers=KEY).json
    other = f"/v1/sessions/{new_session(api)['id']}/messages"
    second = api("POST", other, HI, headers=KEY)
    assert second.status == 201
    assert second.json["id"] != first["id"]


def test_concurrent_creates_without_key_are_stored_in_one_order(api: Gateway, url: str) -> None:
    answers = race(api, "POST", url, HI)
    assert {answer.status for answer in answers} == {201}
    assert sorted(answer.json["sequence"] for answer in answers) == sequences(20)


def test_page_that_exceeds_response_size_ends_with_cursor(
    api: Gateway, session_id: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_service, "MAX_PAGE_BYTES", 2500)
    for number in range(5):
        say(api, session_id, str(number) * 1000)
    found = pages(api, url)
    assert [[message["sequence"] for message in page] for page in found] == [[1, 5], [6, 7], [8]]
    other = f"/v1/sessions/{new_session(api)['id']}/messages"
    cursor = api("GET", url).json["next_cursor"]
    assert api("GET", f"{other}?cursor={cursor}").status == 400


def test_pages_contain_each_message_once(api: Gateway, session_id: str, url: str) -> None:
    for number in range(5):
        say(api, session_id, str(number))
    found = pages(api, f"{url}?limit=2")
    assert [[message["sequence"] for message in page] for page in found] == [[1, 5], [6, 7], [8]]


def test_page_reads_on_where_few_events_are_messages(
    api: Gateway, session_id: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_service, "MESSAGE_EVENTS", {"input.message"})
    monkeypatch.setattr(message_service, "_ITEMS_OF_A_MESSAGE", 1)
    for number in range(5):
        say(api, session_id, str(number))
        Turns(Model(text("Done."))).run()

    found = pages(api, f"{url}?limit=3")

    assert [len(page) for page in found] == [3, 2]
    assert [*found[0], *found[1]] == api("GET", url).json["data"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=1", "role=user"])
def test_invalid_list_parameter_is_rejected_by_name(api: Gateway, url: str, query: str) -> None:
    answer = api("GET", f"{url}?{query}")
    assert answer.status == 400
    assert answer.json["error"].startswith(query.split("=", maxsplit=1)[0] + ": ")


def part(**fields: Any) -> dict[str, Any]:
    return {"message": {"content": [fields]}}


#: A body, the status, and the beginning of the error.
INVALID: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "no message": ({}, (422, "message: ")),
    "message null": ({"message": None}, (422, "message: ")),
    "no content": ({"message": {}}, (422, "message.content: ")),
    "empty content": ({"message": {"content": []}}, (422, "message.content: ")),
    "content a string": ({"message": {"content": "hi"}}, (422, "message.content: ")),
    "unknown part": (part(type="video", url="u"), (422, "message.content.0: ")),
    "part without type": (part(text="hi"), (422, "message.content.0: ")),
    "tool call part": (part(type="tool_call", id="1", name="n", arguments={}), (422, "message.")),
    "empty text": (part(type="text", text=""), (422, "message.content.0.text.text: ")),
    "text null": (part(type="text", text=None), (422, "message.content.0.text.text: ")),
    "image without source": (part(type="image"), (422, "message.content.0.image: ")),
    "image with 2 sources": (
        part(type="image", url="u", base64="b"),
        (422, "message.content.0.image"),
    ),
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
        (413, "message: must not exceed 320 KiB in all."),
    ),
}


@pytest.mark.parametrize(("body", "expected"), INVALID.values(), ids=INVALID)
def test_invalid_message_is_rejected(
    api: Gateway, url: str, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = api("POST", url, body)
    assert answer.status == expected[0], answer.text
    assert set(answer.json) == {"error"}
    assert answer.json["error"].startswith(expected[1])
    assert api("GET", url).json == {"data": []}


def test_largest_message_is_stored(api: Gateway, url: str) -> None:
    largest = part(type="image", base64="a" * 327_000, media_type="image/png")
    created = api("POST", url, largest, headers=KEY)
    assert created.status == 201, created.text
    assert api("GET", url).json["data"] == [created.json]
