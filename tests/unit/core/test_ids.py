"""Ids: generation, text form, and validation."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.core import ids
from shared.core.ids import AgentId, SessionId, TypedId, derived_uuid, new_uuid

KINDS = [
    kind for kind in vars(ids).values() if isinstance(kind, type) and issubclass(kind, TypedId)
]
KINDS.remove(TypedId)
HEX = "0190f3c8e5a07b0c9d1e2f3a4b5c6d7e"


class _Body(BaseModel):
    agent_id: AgentId


@pytest.mark.parametrize("kind", KINDS)
def test_id_round_trips_as_text(kind: type[TypedId]) -> None:
    identifier = kind.new()
    assert kind.parse(str(identifier)) == identifier
    assert hash(kind.parse(str(identifier))) == hash(identifier)
    assert str(identifier) == f"{kind.prefix}_{identifier.hex}"


def test_prefixes_are_unique() -> None:
    assert len({kind.prefix for kind in KINDS}) == len(KINDS)


@given(st.uuids())
def test_id_with_any_uuid_version_is_accepted(uuid: UUID) -> None:
    assert SessionId.parse(f"session_{uuid.hex}").uuid == uuid


MALFORMED = [
    "",
    "session_",
    HEX,
    f"_{HEX}",
    f"agent_{HEX}",
    f"sessions_{HEX}",
    f"SESSION_{HEX}",
    f"session-{HEX}",
    f"session_{HEX.upper()}",
    f"session_{HEX[:-1]}",
    f"session_{HEX}0",
    f"session_{HEX}\n",
    f" session_{HEX}",
    f"session_{UUID(HEX)}",
    f"session_{HEX[:-1]}g",
    f"session_{HEX[:-1]}٣",  # a digit, but not an ASCII one
    f"session__{HEX}",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_id_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="expected session_ and 32 lowercase"):
        SessionId.parse(text)


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, b"agent_" + HEX.encode(), "agent"])
def test_invalid_id_in_a_body_names_its_kind(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        _Body.model_validate({"agent_id": value})
    (error,) = caught.value.errors()
    assert error["type"] == "invalid_id"
    assert error["msg"].startswith("Invalid agent ID: expected agent_ and 32")


def test_id_in_a_model_is_a_string_with_a_pattern() -> None:
    body = _Body(agent_id=AgentId(UUID(HEX)))
    assert body.model_dump(mode="json") == {"agent_id": f"agent_{HEX}"}
    assert _Body.model_json_schema()["properties"]["agent_id"]["pattern"] == "^agent_[0-9a-f]{32}$"


def test_ids_of_different_kinds_differ() -> None:
    assert AgentId(UUID(HEX)) != SessionId(UUID(HEX))


def test_new_uuids_are_version_7_unique_and_sorted_by_time() -> None:
    uuids = [new_uuid() for _ in range(2000)]
    assert {uuid.version for uuid in uuids} == {7}
    assert len(set(uuids)) == len(uuids)
    assert uuids == sorted(uuids)
    assert [uuid.hex for uuid in uuids] == sorted(uuid.hex for uuid in uuids)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x1f")), min_size=1))
def test_derived_uuid_is_deterministic_and_version_8(parts: list[str]) -> None:
    derived = derived_uuid(*parts)
    assert derived == derived_uuid(*parts)
    assert derived.version == 8
    assert derived.variant == "specified in RFC 4122"
    assert derived_uuid(*parts, "") != derived


def test_derived_uuid_depends_on_the_division_into_parts() -> None:
    assert derived_uuid("ab", "c") != derived_uuid("a", "bc") != derived_uuid("abc")


def test_derived_uuid_equals_that_of_earlier_releases() -> None:
    # Ids of stored items depend on it: it must never change.
    assert derived_uuid("org_1", "POST /v1/agents", "key", "") == UUID(
        "f98fe9fa-cdba-8eb4-b641-72c7d21577d8"
    )
