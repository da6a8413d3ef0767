"""Turns recorded in batches: conversations as pairs, all or none, and how much fits."""

from typing import Any

import pytest

from shared.evaluations import service
from shared.evaluations.models import Usage
from tests.support.evaluations import ASSISTANT, USER, World, new_session, send_batch
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

KEY = {"idempotency-key": "k"}


@pytest.fixture
def session(api: Gateway, world: World) -> str:
    return str(new_session(api, world.version)["id"])


def _usage(api: Gateway, session: str) -> Usage:
    return service.sessions().get(api.organization_id, session).usage


def _turns(api: Gateway, session: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api("GET", f"/inferenceResults?sessionIds={session}").json
    return found


def test_given_a_conversation_when_recorded_then_pairs_make_results(
    api: Gateway, session: str
) -> None:
    with counted_requests() as requests:
        answer = send_batch(
            api,
            session,
            ASSISTANT | {"content": "Welcome"},
            USER | {"content": "Hello"},
            ASSISTANT | {"content": "Hi", "retrieval_context": "Greetings"},
            USER | {"content": "Again"},
            USER | {"content": "Bye"},
        )
    assert answer.status == 201
    told = [(turn["input"], turn["actualOutput"], turn["status"]) for turn in answer.json]
    assert told == [
        (None, "Welcome", "GENERATED"),
        ({"user_message": "Hello"}, "Hi", "GENERATED"),
        ({"user_message": "Again"}, None, "PENDING"),
        ({"user_message": "Bye"}, None, "PENDING"),
    ]
    assert [turn["index"] for turn in answer.json] == [0, 1, 2, 3]
    assert answer.json[1]["retrievalContext"] == "Greetings"
    assert _turns(api, session) == answer.json
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_given_a_batch_when_repeated_under_a_key_then_it_is_recorded_once(
    api: Gateway, session: str
) -> None:
    turns = [USER | {"content": "Hello"}, ASSISTANT | {"content": "Hi"}]
    first, second = (send_batch(api, session, *turns, headers=KEY) for _ in range(2))
    assert second.text == first.text
    assert second.headers["idempotent-replayed"] == "true"
    assert len(_turns(api, session)) == 1


@pytest.mark.parametrize(
    ("fields", "status", "names"),
    [
        ({"conversationTurns": []}, 400, "conversationTurns: "),
        ({"conversationTurns": None}, 400, "conversationTurns: "),
        ({"conversationTurns": "Hello"}, 400, "conversationTurns: "),
        ({"conversationTurns": [{"role": "user"}]}, 400, "conversationTurns.0.content: "),
        ({"conversationTurns": [{"content": "a"}]}, 400, "conversationTurns.0.role: "),
        (
            {"conversationTurns": [USER | {"content": "a"}, {"role": "system", "content": "a"}]},
            400,
            "conversationTurns.1.role: ",
        ),
        ({"conversationTurns": [USER | {"content": 7}]}, 400, "conversationTurns.0.content: "),
        ({"conversationTurns": [USER | {"content": "a"}] * 101}, 400, "conversationTurns: "),
        ({"sessionId": None}, 400, "sessionId: "),
        ({"sessionId": "nonsense"}, 404, "sessionId: "),
        ({"sessionId": "session_" + "0" * 32}, 404, "sessionId: "),
    ],
)
def test_given_a_bad_batch_when_recorded_then_nothing_of_it_is(
    api: Gateway, session: str, fields: dict[str, Any], status: int, names: str
) -> None:
    body = {"sessionId": session, "conversationTurns": [USER | {"content": "a"}]} | fields
    answer = api("POST", "/inferenceResults/batch", body)
    assert answer.status == status
    assert answer.json["message"].startswith(names), answer.json
    assert _turns(api, session) == []


def test_given_100_turns_and_almost_4_megabytes_when_recorded_then_all_are_there(
    api: Gateway, session: str
) -> None:
    texts = ["ab" * 18_500 + "ä" * 1_000 + str(number) for number in range(100)]
    turns = [(ASSISTANT if n % 2 else USER) | {"content": text} for n, text in enumerate(texts)]
    raw_bytes = sum(len(text.encode()) for text in texts)
    answer = send_batch(api, session, *turns)
    assert answer.status == 201, answer.text[:200]
    assert 3_700_000 < raw_bytes < 4_000_000
    found = _turns(api, session)
    assert [turn["index"] for turn in found] == list(range(50))
    assert [turn["actualOutput"] for turn in found] == texts[1::2]


def test_given_more_than_fits_when_recorded_then_nothing_of_it_is(
    api: Gateway, session: str
) -> None:
    too_long = send_batch(api, session, *[USER | {"content": "a" * 200_000}] * 21)
    one_too_long = send_batch(
        api, session, USER | {"content": "a"}, USER | {"content": "a" * 450_000}
    )
    # What takes more than a function's answer, written within its JSON.
    unanswerable = send_batch(api, session, *[USER | {"content": '"\n' * 45_000}] * 20)
    assert (too_long.status, too_long.json["error"]) == (413, "payload_too_large")
    assert one_too_long.status == 413
    assert (unanswerable.status, unanswerable.json["message"][:19]) == (413, "conversationTurns: ")
    assert _turns(api, session) == []
