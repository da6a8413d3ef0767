"""Lists of scenarios: which index to read, and how far to read for one page.

Agents and the persona are keys, the time of creation is the order. The source and tags are
looked at row by row: a page that would read too much for them ends early, with fewer
scenarios and the cursor to go on with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from shared.core.clock import timestamp
from shared.core.ids import OrganizationId
from shared.scenarios.documents import (
    POINTER,
    agent_list,
    all_list,
    from_record,
    list_place,
    scenario_key,
    source_agent_list,
    source_persona_list,
)
from shared.scenarios.domain import Scenario, ScenarioSource
from shared.storage.lists import ListQuery, merged
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Record
from shared.storage.table import Table

#: Rows looked at for one page, and bytes of them: a function has seconds, not minutes.
MAX_ROWS = 2_000
MAX_BYTES_READ = 10_000_000
#: Bytes of scenarios in one answer: a function answers 6 MB at most.
MAX_PAGE_BYTES = 4_000_000
#: Rows that pointers among them are looked up for at once.
_PORTION = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioQuery:
    """Which scenarios to list, newest first. ``tags`` must all be there."""

    limit: int
    source: ScenarioSource | None = None
    source_agent_id: UUID | None = None
    source_persona_id: UUID | None = None
    agent_id: UUID | None = None
    tags: frozenset[str] = frozenset()
    created_after: datetime | None = None
    after: str | None = None

    def passes(self, scenario: Scenario) -> bool:
        """Tell whether a scenario is wanted, its time aside."""
        origin, content = scenario.origin, scenario.content
        return (
            self.source in (None, origin.source)
            and self.source_agent_id in (None, origin.agent_id)
            and self.source_persona_id in (None, origin.persona_id)
            and (self.agent_id is None or self.agent_id in content.agent_ids)
            and self.tags.issubset(content.tags)
        )

    def by_key_alone(self) -> bool:
        """Tell whether every row of the list is wanted."""
        keys = (self.source_agent_id, self.source_persona_id, self.agent_id)
        return not self.tags and self.source is None and sum(key is not None for key in keys) < 2

    def list_query(self, organization_id: OrganizationId) -> ListQuery:
        """Return the list that holds all that is wanted and the fewest others."""
        if self.agent_id is not None:
            index, name = BY_PARENT, agent_list(organization_id, self.agent_id)
        elif self.source_agent_id is not None:
            index, name = BY_LINK, source_agent_list(organization_id, self.source_agent_id)
        elif self.source_persona_id is not None:
            index, name = BY_LINK, source_persona_list(organization_id, self.source_persona_id)
        else:
            index, name = BY_LIST, all_list(organization_id)
        # "$" sorts behind "#": behind all that was created at that very microsecond.
        lowest = f"{timestamp(self.created_after)}$" if self.created_after else ""
        return ListQuery(list=name, index=index, after=self.after, lowest=lowest)


@dataclass(frozen=True, slots=True)
class ScenarioPage:
    """Part of a list, and the place to go on behind, or None at the end."""

    scenarios: list[Scenario]
    after: str | None


def read_scenarios(
    table: Table, organization_id: OrganizationId, query: ScenarioQuery
) -> ScenarioPage:
    """Read a page: one query a shard for each megabyte, and one batch read for pointers."""
    wanted = query.limit + 1 if query.by_key_alone() else max(query.limit + 1, _PORTION)
    rows = merged(table, [query.list_query(organization_id)], wanted)
    found: list[Scenario] = []
    looked_at = read = answered = 0
    after: str | None = None
    for scenario, size in _scenarios(table, organization_id, rows, wanted):
        looked_at, read = looked_at + 1, read + size
        exhausted = after is not None and (looked_at > MAX_ROWS or read > MAX_BYTES_READ)
        passes = query.passes(scenario)
        full = bool(found) and passes and answered + size > MAX_PAGE_BYTES
        if exhausted or full or (passes and len(found) == query.limit):
            return ScenarioPage(found, after)
        if passes:
            found.append(scenario)
            answered += size
        after = list_place(scenario.created_at, scenario.id)
    return ScenarioPage(found, None)


def _scenarios(
    table: Table, organization_id: OrganizationId, rows: Iterator[Record], at_once: int
) -> Iterator[tuple[Scenario, int]]:
    """Go through the scenarios of rows, with their sizes; pointers are followed.

    Takes ``at_once`` rows at a time: no more than each shard was asked for, so that the first
    of them never cost a second query, wherever the rows lie.
    """
    while portion := list(islice(rows, at_once)):
        keys = {
            row.body["id"]: scenario_key(organization_id, UUID(row.body["id"]))
            for row in portion
            if row.type == POINTER
        }
        pointed = table.get_many(keys.values()) if keys else {}
        for row in portion:
            # Nothing is pointed at any more when it was deleted since the row was read.
            record = pointed.get(keys[row.body["id"]]) if row.type == POINTER else row
            if record is not None:
                yield from_record(record), record.size
