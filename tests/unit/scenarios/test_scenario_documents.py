"""Scenarios as stored documents: both ways, and what stands for them in lists."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from shared.core.ids import OrganizationId
from shared.core.json import dumps, loads
from shared.scenarios.documents import from_record, pointers, to_record
from shared.scenarios.domain import (
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
)
ORIGIN = st.builds(
    ScenarioOrigin,
    source=st.sampled_from(ScenarioSource),
    brief=st.none() | TEXT,
    agent_id=st.none() | st.uuids(),
    persona_id=st.none() | st.uuids(),
)
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
        version=3,
    )


@given(content=CONTENT, origin=ORIGIN)
def test_given_any_scenario_when_written_and_read_then_it_is_the_same(
    content: ScenarioContent, origin: ScenarioOrigin
) -> None:
    stored = scenario(content, origin)

    item = to_item(to_record(stored), shards=3)

    assert from_record(from_item(loads(dumps(item)))) == stored


@given(content=CONTENT, origin=ORIGIN)
def test_given_any_scenario_then_each_of_its_lists_has_exactly_one_row_of_it(
    content: ScenarioContent, origin: ScenarioOrigin
) -> None:
    stored = scenario(content, origin)

    records = [to_record(stored), *pointers(stored).values()]

    lists = [(index, row.list) for record in records for index, row in record.rows.items()]
    assert len(set(lists)) == len(lists)
    assert len({record.key for record in records}) == len(records)
    links = (origin.agent_id is not None) + (origin.persona_id is not None)
    counts = [sum(name == index for name, _ in lists) for index in (BY_LIST, BY_PARENT, BY_LINK)]
    assert counts == [1, len(content.agent_ids), links]


def test_given_an_agent_as_source_and_target_when_named_then_it_is_looked_up_once() -> None:
    agent, other = uuid4(), uuid4()
    stored = scenario(
        ScenarioContent(name="n", intent="i", agent_ids=(other, agent)),
        ScenarioOrigin(agent_id=agent),
    )

    assert stored.named_agents == (other, agent)
