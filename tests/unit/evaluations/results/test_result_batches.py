"""Batches of inference results: pairing of messages, atomicity and size limits."""

from tests.support.evaluations import ASSISTANT, USER, send_batch, turns_of
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests


def test_messages_are_paired_to_turns(api: Gateway, session: str) -> None:
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
    pairs = [(turn["input"], turn["actualOutput"], turn["status"]) for turn in answer.json]
    assert pairs == [
        (None, "Welcome", "GENERATED"),
        ({"user_message": "Hello"}, "Hi", "GENERATED"),
        ({"user_message": "Again"}, None, "PENDING"),
        ({"user_message": "Bye"}, None, "PENDING"),
    ]
    assert [turn["index"] for turn in answer.json] == [0, 1, 2, 3]
    assert answer.json[1]["retrievalContext"] == "Greetings"
    assert turns_of(api, session) == answer.json
    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_batch_of_100_messages_and_almost_4_megabytes_is_recorded(
    api: Gateway, session: str
) -> None:
    texts = ["ab" * 18_500 + "ä" * 1_000 + str(number) for number in range(100)]
    turns = [(ASSISTANT if n % 2 else USER) | {"content": text} for n, text in enumerate(texts)]
    raw_bytes = sum(len(text.encode()) for text in texts)
    answer = send_batch(api, session, *turns)
    assert answer.status == 201, answer.text[:200]
    assert 3_700_000 < raw_bytes < 4_000_000
    found = turns_of(api, session)
    assert [turn["index"] for turn in found] == list(range(50))
    assert [turn["actualOutput"] for turn in found] == texts[1::2]


def test_too_large_batch_records_nothing(api: Gateway, session: str) -> None:
    too_long = send_batch(api, session, *[USER | {"content": "a" * 200_000}] * 21)
    one_too_long = send_batch(
        api, session, USER | {"content": "a"}, USER | {"content": "a" * 450_000}
    )
    # Larger than a function's response once its JSON is escaped.
    unanswerable = send_batch(api, session, *[USER | {"content": '"\n' * 45_000}] * 20)
    assert (too_long.status, too_long.json["error"]) == (413, "payload_too_large")
    assert one_too_long.status == 413
    assert (unanswerable.status, unanswerable.json["message"][:19]) == (413, "conversationTurns: ")
    assert turns_of(api, session) == []
