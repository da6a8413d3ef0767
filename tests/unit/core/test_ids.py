"""Ids: what is made, shown and taken, and what is refused."""

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
def test_given_an_id_when_shown_and_parsed_then_it_is_the_same(kind: type[TypedId]) -> None:
    made = kind.new()
    assert kind.parse(str(made)) == made
    assert hash(kind.parse(str(made))) == hash(made)
    assert str(made) == f"{kind.prefix}_{made.hex}"


def test_given_all_kinds_of_ids_then_no_two_share_a_prefix() -> None:
    assert len({kind.prefix for kind in KINDS}) == len(KINDS)


@given(st.uuids())
def test_given_any_uuid_whatever_its_version_when_parsed_then_it_is_taken(uuid: UUID) -> None:
    assert SessionId.parse(f"session_{uuid.hex}").uuid == uuid


REFUSED = [
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


@pytest.mark.parametrize("text", REFUSED)
def test_given_another_form_when_parsed_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected session_ and 32 lowercase"):
        SessionId.parse(text)


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, b"agent_" + HEX.encode(), "agent"])
def test_given_a_body_with_no_id_where_one_belongs_then_the_error_names_the_kind(
    value: object,
) -> None:
    with pytest.raises(ValidationError) as caught:
        _Body.model_validate({"agent_id": value})
    (error,) = caught.value.errors()
    assert error["type"] == "invalid_id"
    assert error["msg"].startswith("Invalid agent ID: expected agent_ and 32")


def test_given_an_id_in_a_model_when_written_and_described_then_it_is_text() -> None:
    body = _Body(agent_id=AgentId(UUID(HEX)))
    assert body.model_dump(mode="json") == {"agent_id": f"agent_{HEX}"}
    assert _Body.model_json_schema()["properties"]["agent_id"]["pattern"] == "^agent_[0-9a-f]{32}$"


def test_given_equal_uuids_of_different_kinds_then_the_ids_differ() -> None:
    assert AgentId(UUID(HEX)) != SessionId(UUID(HEX))


def test_given_new_ids_then_they_are_version_7_unique_and_sort_by_time() -> None:
    made = [new_uuid() for _ in range(2000)]
    assert {uuid.version for uuid in made} == {7}
    assert len(set(made)) == len(made)
    assert made == sorted(made)
    assert [uuid.hex for uuid in made] == sorted(uuid.hex for uuid in made)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x1f")), min_size=1))
def test_given_the_same_parts_then_the_derived_id_is_the_same_and_version_8(
    parts: list[str],
) -> None:
    derived = derived_uuid(*parts)
    assert derived == derived_uuid(*parts)
    assert derived.version == 8
    assert derived.variant == "specified in RFC 4122"
    assert derived_uuid(*parts, "") != derived


def test_given_the_same_letters_divided_otherwise_then_the_derived_ids_differ() -> None:
    assert derived_uuid("ab", "c") != derived_uuid("a", "bc") != derived_uuid("abc")


def test_given_known_parts_then_the_derived_id_is_the_one_of_earlier_releases() -> None:
    # Ids of stored things depend on it: it may never change.
    assert derived_uuid("org_1", "POST /v1/agents", "key", "") == UUID(
        "f98fe9fa-cdba-8eb4-b641-72c7d21577d8"
    )
