"""Stored documents of catalog entities, sessions and turns, read back."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.core import ids
from shared.core.json import dumps, loads
from shared.evaluations.catalog import domain as catalog
from shared.evaluations.catalog.documents import PRODUCTS, TEST_CASES, TESTS, VERSIONS
from shared.evaluations.results.documents import result_of_event, turn_event
from shared.evaluations.results.domain import InferenceResult, ResultStatus, Turn, Usage
from shared.evaluations.sessions.documents import EvaluationCodec, custom_id_key
from shared.evaluations.sessions.domain import EvaluationSession, SessionStatus
from shared.sessions.domain import Event, event_id
from shared.storage.codec import Codec

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
ORGANIZATION = ids.OrganizationId.new()
USER = ids.ApiKeyId.new()
PRODUCT, VERSION = ids.ProductId.new(), ids.VersionId.new()
TEST, CASE = ids.TestId.new(), ids.TestCaseId.new()
COMMON: dict[str, Any] = {
    "organization_id": ORGANIZATION,
    "user_id": USER,
    "created_at": NOW,
    "deleted_at": NOW,
    "version": 3,
}

LEAST_SESSION = EvaluationSession(
    id=ids.SessionId.new(),
    organization_id=ORGANIZATION,
    created_at=NOW,
    updated_at=NOW,
    version_id=VERSION,
    product_id=PRODUCT,
    user_id=USER,
)
SESSION = replace(
    LEAST_SESSION,
    last_sequence=2,
    version=3,
    test_case_id=CASE,
    test_id=TEST,
    custom_id="a",
    context={"value": "x"},
    metadata={"a": [1]},
    status=SessionStatus.FAILED,
    stopping_reason="b",
    error="c",
    is_production=False,
    deleted_at=NOW,
    deleted_turns=(1,),
    usage=Usage(input_tokens=1, output_tokens=2, tokens=3, cost=0.5),
)


@pytest.mark.parametrize(
    ("codec", "entity"),
    [
        (EvaluationCodec(), SESSION),
        (EvaluationCodec(), LEAST_SESSION),
        (PRODUCTS, catalog.Product(id=PRODUCT, name="a", description="b", **COMMON)),
        (VERSIONS, catalog.Version(id=VERSION, product_id=PRODUCT, name="a", **COMMON)),
        (TESTS, catalog.Test(id=TEST, product_id=PRODUCT, name="a", metadata=[1], **COMMON)),
        (
            TEST_CASES,
            catalog.TestCase(
                id=CASE, test_id=TEST, input={"user_message": "a"}, confidence=0.5, **COMMON
            ),
        ),
    ],
    ids=lambda value: getattr(value, "type", ""),
)
def test_stored_entity_is_read_back(codec: Codec[Any, Any], entity: Any) -> None:
    record = codec.to_record(entity)
    stored = replace(record, body=loads(dumps(record.body)))
    assert codec.from_record(stored) == entity


def test_field_missing_in_an_older_document_has_its_default() -> None:
    case = catalog.TestCase(id=CASE, test_id=TEST, **COMMON)
    record = TEST_CASES.to_record(case)
    older = {key: value for key, value in record.body.items() if key != "credits_used"}
    assert TEST_CASES.from_record(replace(record, body=older)) == case


def test_recorded_turn_is_read_back() -> None:
    values: dict[str, Any] = {
        field.name: "text" if "str" in str(field.type) else 3 for field in fields(Turn)
    }
    turn = Turn(**{**values, "input": {"a": 1}, "status": ResultStatus.SKIPPED})
    new = turn_event(turn, USER)
    event = Event(id=event_id(SESSION.id, 5, NOW), type=new.type, sequence=5, at=NOW, data=new.data)
    session = replace(SESSION, deleted_turns=(2, 7))
    assert result_of_event(session, event) == InferenceResult(
        **{field.name: getattr(turn, field.name) for field in fields(Turn)},
        id=ids.InferenceResultId(SESSION.id, 5),
        session_id=SESSION.id,
        user_id=USER,
        index=3,
        created_at=NOW,
    )


def test_index_is_reduced_by_earlier_deleted_turns() -> None:
    session = replace(SESSION, deleted_turns=(2, 4))
    assert [session.index_of(sequence) for sequence in (1, 3, 5, 6)] == [0, 1, 2, 3]


def test_custom_ids_have_distinct_short_keys() -> None:
    texts = ["a", "b", "a" * 5000, "#", "\ud800"]
    keys = {custom_id_key(ORGANIZATION, text, VERSION) for text in texts}
    assert len(keys) == len(texts)
    assert max(len(key.partition) for key in keys) < 200


def test_inference_result_id_has_session_and_sequence() -> None:
    identifier = ids.InferenceResultId(SESSION.id, 2**32 - 1)
    assert len(str(identifier)) == 43
    assert ids.InferenceResultId.parse(str(identifier)) == identifier
    for text in ("", "ir_", str(SESSION.id), f"ir_{SESSION.id.hex}00000000", f"{identifier}0"):
        with pytest.raises(ValueError, match="ir_"):
            ids.InferenceResultId.parse(text)
