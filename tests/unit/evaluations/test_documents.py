"""What is stored, and back: sessions, turns, products, versions, tests and test cases."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.core import ids
from shared.core.json import dumps, loads
from shared.evaluations import parents
from shared.evaluations.models import (
    EvaluationSession,
    InferenceResult,
    ResultStatus,
    SessionStatus,
    Turn,
    Usage,
)
from shared.evaluations.parent_documents import (
    PRODUCTS,
    TEST_CASES,
    TESTS,
    VERSIONS,
    ParentKind,
    from_record,
    to_record,
)
from shared.evaluations.session_documents import (
    EvaluationCodec,
    custom_id_key,
    result_from_event,
    turn_to_event,
)
from shared.sessions import documents
from shared.sessions.models import Event, event_id

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

SESSION = EvaluationSession(
    id=ids.SessionId.new(),
    organization_id=ORGANIZATION,
    created_at=NOW,
    updated_at=NOW,
    last_sequence=2,
    version=3,
    version_id=VERSION,
    product_id=PRODUCT,
    user_id=USER,
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
LEAST_SESSION = EvaluationSession(
    id=ids.SessionId.new(),
    organization_id=ORGANIZATION,
    created_at=NOW,
    updated_at=NOW,
    version_id=VERSION,
    product_id=PRODUCT,
    user_id=USER,
)


@pytest.mark.parametrize("session", [SESSION, LEAST_SESSION])
def test_given_a_session_when_stored_then_it_is_read_back_whole(
    session: EvaluationSession,
) -> None:
    codec = EvaluationCodec()
    record = documents.to_record(codec, session)
    stored = replace(record, body=loads(dumps(record.body)))
    assert documents.from_record(codec, stored) == session


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        (PRODUCTS, parents.Product(id=PRODUCT, name="a", description="b", **COMMON)),
        (VERSIONS, parents.Version(id=VERSION, product_id=PRODUCT, name="a", **COMMON)),
        (TESTS, parents.Test(id=TEST, product_id=PRODUCT, name="a", metadata=[1], **COMMON)),
        (
            TEST_CASES,
            parents.TestCase(
                id=CASE, test_id=TEST, input={"user_message": "a"}, confidence=0.5, **COMMON
            ),
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_given_a_parent_when_stored_then_it_is_read_back_whole(
    kind: ParentKind[Any], entity: Any
) -> None:
    record = to_record(kind, entity)
    stored = replace(record, body=loads(dumps(record.body)))
    assert from_record(kind, stored) == entity


def test_given_a_document_of_an_earlier_day_when_read_then_new_fields_have_their_defaults() -> None:
    case = parents.TestCase(id=CASE, test_id=TEST, **COMMON)
    record = to_record(TEST_CASES, case)
    earlier = {key: value for key, value in record.body.items() if key != "credits_used"}
    assert from_record(TEST_CASES, replace(record, body=earlier)) == case


def test_given_a_turn_when_recorded_then_it_is_read_back_whole() -> None:
    values: dict[str, Any] = {
        field.name: "text" if "str" in str(field.type) else 3 for field in fields(Turn)
    }
    turn = Turn(**{**values, "input": {"a": 1}, "status": ResultStatus.SKIPPED})
    new = turn_to_event(turn, USER)
    event = Event(id=event_id(SESSION.id, 5, NOW), type=new.type, sequence=5, at=NOW, data=new.data)
    session = replace(SESSION, deleted_turns=(2, 7))
    assert result_from_event(session, event) == InferenceResult(
        **{field.name: getattr(turn, field.name) for field in fields(Turn)},
        id=ids.InferenceResultId(SESSION.id, 5),
        session_id=SESSION.id,
        user_id=USER,
        index=3,
        created_at=NOW,
    )


def test_given_custom_ids_of_any_kind_when_keyed_then_keys_are_short_and_their_own() -> None:
    texts = ["a", "b", "a" * 5000, "#", "\ud800"]
    keys = {custom_id_key(ORGANIZATION, text, VERSION) for text in texts}
    assert len(keys) == len(texts)
    assert max(len(key.partition) for key in keys) < 200


def test_given_an_id_of_a_turn_when_read_then_it_tells_session_and_place() -> None:
    identifier = ids.InferenceResultId(SESSION.id, 2**32 - 1)
    assert len(str(identifier)) == 43
    assert ids.InferenceResultId.parse(str(identifier)) == identifier
    for text in ("", "ir_", str(SESSION.id), f"ir_{SESSION.id.hex}00000000", f"{identifier}0"):
        with pytest.raises(ValueError, match="ir_"):
            ids.InferenceResultId.parse(text)
