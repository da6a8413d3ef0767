"""Where scenarios are kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from shared.core.backoff import CROWDED
from shared.core.errors import Busy, Conflict, NotFound, PreconditionFailed
from shared.core.ids import OrganizationId
from shared.scenarios.documents import (
    ORIGINAL,
    from_record,
    original_key,
    pointers,
    scenario_key,
    to_record,
)
from shared.scenarios.domain import Scenario
from shared.storage.idempotency import Idempotency
from shared.storage.records import Record
from shared.storage.table import Table
from shared.storage.transactions import (
    Action,
    Create,
    Delete,
    Refused,
    Replace,
    create_together,
    transact,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A scenario, and whether an earlier request with the same key stored it."""

    scenario: Scenario
    replayed: bool = False


class ScenarioRepository:
    """Scenarios, each an item, with what points at it and what it was at first."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, scenario: Scenario, idempotency: Idempotency | None) -> Stored:
        """Store a new scenario: one write, whatever the number of its lists.

        The replay of a request is answered as the first time; where the scenario has been
        changed since, with one read more.
        """
        record, further = to_record(scenario), pointers(scenario).values()
        if further:
            created = create_together(self._table, record, map(Create, further), idempotency)
        else:
            created = self._table.create(record, idempotency)
        return self._as_created(created.record) if created.replayed else Stored(scenario)

    def get(self, organization_id: OrganizationId, scenario_id: UUID) -> Scenario:
        """Read a scenario: one request. Raises ``NotFound``."""
        return from_record(self._record(organization_id, scenario_id))

    def change(
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        change: Callable[[Scenario], Scenario],
        expected_version: int | None,
    ) -> Scenario:
        """Change a scenario and the lists it stands in: one read, one write.

        With ``expected_version`` a scenario at any other version raises
        ``PreconditionFailed``; without, a writer that comes between is waited for.
        """

        def write(current: Record) -> Scenario:
            before = from_record(current)
            after = replace(change(before), version=current.version + 1)
            following = replace(to_record(after), fingerprint=current.fingerprint)
            actions: list[Action] = [Replace(following, current.version)]
            old, new = pointers(before), pointers(after)
            actions += [Delete(key) for key in old.keys() - new.keys()]
            actions += [Create(new[key]) for key in new.keys() - old.keys()]
            if current.fingerprint is not None and current.version == 1:
                # On an item of its own: beside the new one it might not find room.
                key = original_key(organization_id, scenario_id)
                actions.append(Create(Record(key=key, type=ORIGINAL, body=current.body)))
            self._write(actions)
            return after

        return self._persistently(organization_id, scenario_id, write, expected_version)

    def remove(
        self, organization_id: OrganizationId, scenario_id: UUID, expected_version: int | None
    ) -> None:
        """Remove a scenario and all that stands for it: one read, one write.

        Raises as :meth:`change`.
        """

        def write(current: Record) -> None:
            actions: list[Action] = [Delete(current.key, current.version)]
            actions += [Delete(key) for key in pointers(from_record(current))]
            if current.fingerprint is not None and current.version > 1:
                actions.append(Delete(original_key(organization_id, scenario_id)))
            self._write(actions)

        self._persistently(organization_id, scenario_id, write, expected_version)

    def _persistently[T](
        self,
        organization_id: OrganizationId,
        scenario_id: UUID,
        write: Callable[[Record], T],
        expected_version: int | None,
    ) -> T:
        for _ in CROWDED.attempts(self._table.sleep):
            current = self._record(organization_id, scenario_id)
            if expected_version is not None and current.version != expected_version:
                raise PreconditionFailed
            try:
                return write(current)
            except (Refused, PreconditionFailed, NotFound, Busy):
                continue  # another writer came first: read again, and see what is left to do
        raise Conflict("Too many writers at this scenario at once; try again.")

    def _write(self, actions: list[Action]) -> None:
        """Write one item by a put, which costs half, and all else by a transaction."""
        first, *further = actions
        if isinstance(first, Replace) and not further:
            self._table.replace(first.record, expected_version=first.expected_version)
        else:
            transact(self._table, actions)

    def _as_created(self, existing: Record) -> Stored:
        """Return a scenario as the request that made it was answered."""
        scenario = from_record(existing)
        if existing.version > 1:
            key = original_key(scenario.organization_id, scenario.id)
            original = self._table.get(key)
            if original is not None:
                scenario = from_record(replace(existing, body=original.body, version=1))
        return Stored(scenario, replayed=True)

    def _record(self, organization_id: OrganizationId, scenario_id: UUID) -> Record:
        record = self._table.get(scenario_key(organization_id, scenario_id))
        if record is None:
            raise NotFound("Scenario not found")
        return record
