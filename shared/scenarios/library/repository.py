"""Scenario repository: records, pointer records and lists.

Agents and the persona are keys of lists; creation time is the order. Source and tags are
filtered after the read: a page that would read too much ends early, with fewer scenarios and
a cursor.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from shared.core.clock import timestamp
from shared.core.ids import OrganizationId
from shared.scenarios.library.documents import (
    POINTER,
    ScenarioCodec,
    agent_list,
    all_list,
    list_sort_key,
    pointers,
    source_agent_list,
    source_persona_list,
)
from shared.scenarios.library.domain import Scenario, ScenarioQuery
from shared.simulation.scenario_keys import checks_key
from shared.storage.idempotency import Idempotency
from shared.storage.lists import MAX_PAGE_BYTES, ListQuery, Page, merged, page_bytes
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Record
from shared.storage.repository import Created, Loaded, Repository
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Delete

#: Index entries examined for one page, and their bytes; bounded by the function timeout.
MAX_ENTRIES = 2_000
MAX_BYTES_READ = 10_000_000
#: What the name of an agent, which is not stored with a scenario, counts in a page, at most:
#: 2 KB of control characters, each escaped as six characters.
_NAME_BYTES = 7_200
#: Index entries whose pointers are resolved by one batch read.
_BATCH = 100


class ScenarioRepository(Repository[Scenario, UUID]):
    """Scenarios, each a record with pointer records for its further lists."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, ScenarioCodec())

    def add(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        build: Callable[[], Scenario],
        idempotency: Idempotency | None,
    ) -> Created[Scenario]:
        """Create a scenario with its pointers: one write. Raises as :meth:`create`."""

        def build_with_pointers() -> tuple[Scenario, list[Action]]:
            scenario = build()
            return scenario, [Create(record) for record in pointers(scenario).values()]

        key = self.codec.key(organization_id, scenario_id)
        return self.create(key, build_with_pointers, idempotency)

    def replacement(self, loaded: Loaded[Scenario], entity: Scenario) -> list[Any]:
        """Return the actions of a change, those of its pointers included."""
        old, new = pointers(loaded.entity), pointers(entity)
        return [
            *super().replacement(loaded, entity),
            *(Delete(key) for key in old.keys() - new.keys()),
            *(Create(new[key]) for key in new.keys() - old.keys()),
        ]

    def deletion(self, loaded: Loaded[Scenario]) -> list[Action]:
        """Return the actions of a delete, those of its pointers and its checks included."""
        scenario = loaded.entity
        also = [*pointers(scenario), checks_key(scenario.organization_id, scenario.id)]
        return [*super().deletion(loaded), *map(Delete, also)]

    def list(self, organization_id: OrganizationId, query: ScenarioQuery) -> Page[Scenario]:
        """Return a page: one query a shard for each megabyte, one batch read for pointers."""
        unfiltered = query.matches_whole_list()
        batch = query.limit + 1 if unfiltered else max(query.limit + 1, _BATCH)
        entries = merged(self.table, [list_query(organization_id, query)], batch)
        matches: list[Scenario] = []
        examined = read = answered = 0
        cursor: str | None = None
        for scenario, size in self._resolve(organization_id, entries, batch):
            examined, read = examined + 1, read + size
            exhausted = cursor is not None and (examined > MAX_ENTRIES or read > MAX_BYTES_READ)
            matched = query.matches(scenario)
            shown = page_bytes(size) + _NAME_BYTES * len(scenario.referenced_agents)
            full = bool(matches) and matched and answered + shown > MAX_PAGE_BYTES
            if exhausted or full or (matched and len(matches) == query.limit):
                return Page(matches, cursor)
            if matched:
                matches.append(scenario)
                answered += shown
            cursor = list_sort_key(scenario.created_at, scenario.id)
        return Page(matches, None)

    def _resolve(
        self, organization_id: OrganizationId, entries: Iterator[Record], batch_size: int
    ) -> Iterator[tuple[Scenario, int]]:
        """Yield the scenarios of index entries with their sizes, pointers resolved.

        A batch is no larger than one shard's first query, so it never costs a second one.
        """
        while batch := tuple(islice(entries, batch_size)):
            ids = [UUID(entry.body["id"]) for entry in batch if entry.type == POINTER]
            targets = self.load_many(organization_id, ids) if ids else {}
            for entry in batch:
                is_pointer = entry.type == POINTER
                loaded = targets.get(UUID(entry.body["id"])) if is_pointer else self.loaded(entry)
                # The scenario may have been deleted since its pointer was read.
                if loaded is not None:
                    yield loaded.entity, loaded.record.size


def list_query(organization_id: OrganizationId, query: ScenarioQuery) -> ListQuery:
    """Return the list that contains all matches and the fewest other scenarios."""
    if query.agent_id is not None:
        index, name = BY_PARENT, agent_list(organization_id, query.agent_id)
    elif query.source_agent_id is not None:
        index, name = BY_LINK, source_agent_list(organization_id, query.source_agent_id)
    elif query.source_persona_id is not None:
        index, name = BY_LINK, source_persona_list(organization_id, query.source_persona_id)
    else:
        index, name = BY_LIST, all_list(organization_id)
    # "$" sorts behind "#": excludes everything created in that microsecond.
    lowest = f"{timestamp(query.created_after)}$" if query.created_after else ""
    return ListQuery(list=name, index=index, after=query.after, lowest=lowest)
