"""Large partitions of benchmarks/large_table.py: read by the real code as if written by it."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.growth import worlds_of
from benchmarks.growth_world import World

SIZE = 120


@pytest.fixture
def world() -> Iterator[World]:
    with worlds_of([SIZE]) as (_, [found]):
        yield found


def _pages(world: World, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = world.api("GET", f"{url}{cursor}").json
        found += page["data"]
        if not page.get("next_cursor"):
            return found
        cursor = f"&cursor={page['next_cursor']}"


def test_list_has_each_entry_once_in_order(world: World) -> None:
    for url in ("/v1/sessions?limit=50", f"/v1/sessions?limit=50&agent_id={world.agent}"):
        found = _pages(world, url)

        assert len({one["id"] for one in found}) == len(found) == SIZE
        times = [one["created_at"] for one in found]
        assert times == sorted(times, reverse=True)


def test_log_goes_on_behind_its_rendered_part(world: World) -> None:
    url = f"/v1/sessions/{world.session}"
    before = world.api("GET", url).json

    world.turn()

    events = _pages(world, f"{url}/events?limit=50&after_sequence=0")
    sequences = [one["sequence"] for one in events]
    assert sequences == list(range(1, len(events) + 1))
    assert len(events) > SIZE
    newest = world.api("GET", f"{url}/events?limit=1").json["data"]
    assert newest == events[-1:]
    after = world.api("GET", url).json
    assert after["status"] == before["status"] == "idle"
