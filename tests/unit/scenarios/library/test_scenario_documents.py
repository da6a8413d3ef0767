"""Scenario documents: serialization both ways, and index entries."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from shared.core.ids import OrganizationId
from shared.scenarios.library.documents import ScenarioCodec, pointers
from shared.scenarios.library.domain import (
    Criterion,
    CriterionOutput,
    Scenario,
    ScenarioContent,
    ScenarioOrigin,
    ScenarioSource,
)
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, from_item, to_item

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
CONTENT = st.builds(
    ScenarioContent,
    name=TEXT,
    intent=TEXT,
    journey=TEXT,
    mock_world=st.dictionaries(TEXT, st.dictionaries(TEXT, st.none() | st.booleans() | TEXT)),
    success_criteria=st.lists(
        st.builds(Criterion, TEXT, st.sampled_from(CriterionOutput)), max_size=3
    ).map(tuple),
    tags=st.lists(TEXT, max_size=3).map(tuple),
    agent_ids=st.lists(st.uuids(), max_size=3, unique=True).map(tuple),
    user_turns=st.lists(TEXT, max_size=3).map(tuple),
)
ORIGIN = st.builds(
    ScenarioOrigin,
    source=st.sampled_from(ScenarioSource),
    brief=st.none() | TEXT,
    agent_id=st.none() | st.uuids(),
    persona_id=st.none() | st.uuids(),
)
CODEC = ScenarioCodec()
MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def scenario(content: ScenarioContent, origin: ScenarioOrigin) -> Scenario:
    return Scenario(
        id=UUID(int=7),
        organization_id=OrganizationId(UUID(int=1)),
        content=content,
        origin=origin,
        created_by="key_1",
        created_at=MOMENT,
        updated_at=MOMENT,
        agent_names=dict.fromkeys(content.agent_ids, "Desk"),
        version=3,
    )


@given(content=CONTENT, origin=ORIGIN)
def test_scenario_survives_serialization(content: ScenarioContent, origin: ScenarioOrigin) -> None:
    stored = scenario(content, origin)

    item = to_item(CODEC.to_record(stored), shards=3)

    assert CODEC.from_record(from_item(item)) == stored


@given(content=CONTENT, origin=ORIGIN)
def test_each_list_has_one_entry_of_scenario(
    content: ScenarioContent, origin: ScenarioOrigin
) -> None:
    stored = scenario(content, origin)

    records = [CODEC.to_record(stored), *pointers(stored).values()]

    entries = [entry for record in records for entry in record.index_entries.items()]
    lists = [(index, entry.list) for index, entry in entries]
    assert len(set(lists)) == len(lists)
    assert len({record.key for record in records}) == len(records)
    links = (origin.agent_id is not None) + (origin.persona_id is not None)
    counts = [sum(name == index for name, _ in lists) for index in (BY_LIST, BY_PARENT, BY_LINK)]
    assert counts == [1, len(content.agent_ids), links]


def test_agent_as_source_and_target_is_referenced_once() -> None:
    agent, other = uuid4(), uuid4()
    stored = scenario(
        ScenarioContent(name="n", intent="i", agent_ids=(other, agent)),
        ScenarioOrigin(agent_id=agent),
    )

    assert stored.referenced_agents == (other, agent)
