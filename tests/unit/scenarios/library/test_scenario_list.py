"""GET /v1/scenarios: filters, order, pages, cost."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from shared.scenarios.library import repository
from tests.support.gateway import Gateway
from tests.support.scenarios import SCENARIOS, agent_uuid, new_scenario
from tests.support.storage import counted_requests
from tests.unit.playground.conversations import pages


def names(api: Gateway, query: str = "") -> list[str]:
    [page] = name_pages(api, query)
    return page


def name_pages(api: Gateway, query: str) -> list[list[str]]:
    return [[item["name"] for item in page] for page in pages(api, f"{SCENARIOS}{query}")]


def test_list_returns_complete_scenarios_newest_first(api: Gateway, other_api: Gateway) -> None:
    agent = agent_uuid(api)
    created = [new_scenario(api, name=f"n{number}", agent_ids=[agent]) for number in range(3)]
    new_scenario(other_api, name="foreign")

    listed = api("GET", SCENARIOS).json["items"]

    assert listed == created[::-1]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_contain_each_scenario_once(api: Gateway, limit: int) -> None:
    for number in range(7):
        new_scenario(api, name=f"n{number}")

    found = name_pages(api, f"?limit={limit}")

    assert [name for page in found for name in page] == [
        f"n{number}" for number in range(6, -1, -1)
    ]
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1]


def test_list_applies_all_filters(api: Gateway) -> None:
    desk, office, persona = agent_uuid(api), agent_uuid(api), str(uuid4())
    new_scenario(api, name="plain")
    new_scenario(api, name="desk", agent_ids=[desk], tags=["a", "b"])
    new_scenario(api, name="both", agent_ids=[desk, office], source="drafted", tags=["b"])
    new_scenario(api, name="from desk", source_agent_id=desk, source="drafted", tags=["a"])
    new_scenario(
        api, name="played", source_agent_id=desk, source_persona_id=persona, agent_ids=[office]
    )

    expected = {
        "source=drafted": ["from desk", "both"],
        "source=manual": ["played", "desk", "plain"],
        f"agent_id={desk}": ["both", "desk"],
        f"agent_id={office}": ["played", "both"],
        f"source_agent_id={desk}": ["played", "from desk"],
        f"source_persona_id={persona}": ["played"],
        f"source_persona_id={uuid4()}": [],
        f"agent_id={uuid4()}": [],
        "tags=b": ["both", "desk"],
        "tags=a&tags=b": ["desk"],
        "tags=none": [],
        f"agent_id={desk}&source=drafted": ["both"],
        f"agent_id={office}&source_agent_id={desk}": ["played"],
        f"agent_id={desk}&source_agent_id={desk}": [],
        f"source_agent_id={desk}&source_persona_id={persona}": ["played"],
        f"source_agent_id={desk}&tags=a": ["from desk"],
    }
    assert {query: names(api, f"?{query}") for query in expected} == expected


def test_update_of_agents_updates_their_lists(api: Gateway) -> None:
    first, second, third = (agent_uuid(api) for _ in range(3))
    created = new_scenario(api, name="n", agent_ids=[first, second])

    api("PUT", f"{SCENARIOS}/{created['id']}", {"agent_ids": [second, third]})

    in_lists = [names(api, f"?agent_id={one}") for one in (first, second, third)]
    assert in_lists == [[], ["n"], ["n"]]


def test_created_after_excludes_earlier_scenarios(api: Gateway) -> None:
    moments = [new_scenario(api, name=f"n{number}")["created_at"] for number in range(3)]
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    elsewhere = (
        datetime.fromisoformat(moments[1])
        .astimezone(datetime.now(UTC).astimezone().tzinfo)
        .isoformat()
    )

    assert names(api, f"?created_after={quote(moments[0])}") == ["n2", "n1"]
    assert names(api, f"?created_after={quote(elsewhere)}") == ["n2"]
    assert names(api, f"?created_after={quote(moments[2])}") == []
    assert names(api, f"?created_after={quote(later)}") == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=many",
        "source=found",
        "agent_id=x",
        "source_agent_id=x",
        "source_persona_id=x",
        "created_after=yesterday",
        "created_after=0.5",
        "created_after=2026-01-01T00:00:00",
        "tag=a",
        "offset=1",
    ],
)
def test_invalid_list_parameter_is_rejected_with_its_name(api: Gateway, query: str) -> None:
    answer = api("GET", f"{SCENARIOS}?{query}")

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == ["query", query.partition("=")[0]]


def test_cursor_of_other_filter_or_organization_is_rejected(
    api: Gateway, other_api: Gateway
) -> None:
    for number in range(3):
        new_scenario(api, name=f"n{number}", tags=["a"])
    cursor = quote(api("GET", f"{SCENARIOS}?limit=1&tags=a").json["next_cursor"])

    assert api("GET", f"{SCENARIOS}?limit=2&tags=a&cursor={cursor}").status == 200
    for caller, query in ((api, ""), (api, "&tags=b"), (other_api, "&tags=a")):
        answer = caller("GET", f"{SCENARIOS}?cursor={cursor}{query}")
        assert (answer.status, answer.json["error"]) == (400, "invalid_input")
    assert api("GET", f"{SCENARIOS}?cursor=nonsense").status == 400


def test_rare_matches_end_pages_early_without_loss(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MAX_ENTRIES", 4)
    for number in range(10):
        new_scenario(api, name=f"n{number}", tags=["rare"] if number in (1, 8) else [])

    found = name_pages(api, "?tags=rare&limit=5")

    assert [name for page in found for name in page] == ["n8", "n1"]
    assert len(found) == 3


def test_large_scenarios_are_split_into_pages(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MAX_PAGE_BYTES", 6_000)
    for number in range(5):
        new_scenario(api, name=f"n{number}", mock_world={"t": {"output": "x" * 1_000}})
    new_scenario(api, name="huge", mock_world={"t": {"output": "x" * 9_000}})

    assert name_pages(api, "?limit=10") == [["huge"], ["n4", "n3"], ["n2", "n1"], ["n0"]]


@pytest.mark.parametrize("several", [False, True])
def test_list_costs_one_query_per_shard_and_one_read_for_names(api: Gateway, several: bool) -> None:
    agents = [agent_uuid(api) for _ in range(3 if several else 1)]
    for number in range(12):
        new_scenario(api, name=f"n{number}", agent_ids=agents)
    api("GET", SCENARIOS)  # the first page creates the cursor secret

    with counted_requests() as cost:
        answer: Any = api("GET", f"{SCENARIOS}?agent_id={agents[-1]}&limit=5")

    assert len(answer.json["items"]) == 5
    assert cost["Query"] == 3
    # One for names, and one for pointers.
    assert cost["BatchGetItem"] == (2 if several else 1)
