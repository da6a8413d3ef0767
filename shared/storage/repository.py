"""The generic repository: get, create, change, delete and page entities of one kind.

One rule for every create under an ``Idempotency-Key``, for 30 days:

- the same payload gets the first answer, also after the entity or what it was made from has
  changed or gone: the replay check comes first;
- after a delete of the entity it is refused (``Deleted``): an id never comes back to life;
- another payload is refused (``Unprocessable``).

The id of the entity is derived from the key, so a create is one conditional put, which
returns the existing item on conflict: a replay costs no extra read. The first change of such
an entity stores its original beside it, which a replay then reads: one request more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, Deleted, DomainError, NotFound
from shared.core.ids import OrganizationId
from shared.storage.codec import Codec, Entity
from shared.storage.conditions import ExpectedVersion, check_version
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.filtered_lists import FilteredPage, read_filtered
from shared.storage.idempotency import RECEIPT_RETENTION, Idempotency
from shared.storage.lists import ListQuery, Page, read_page
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone, tombstone
from shared.storage.transactions import Action, Create, Delete, Replace, write

_ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Loaded[E]:
    """An entity and the record it was read from: what may be written back."""

    entity: E
    record: Record


@dataclass(frozen=True, slots=True)
class Created[E]:
    """The result of a create; ``replayed`` if an earlier request had created the entity."""

    entity: E
    replayed: bool = False


def _nothing(*_: Any) -> Sequence[Action]:
    return ()


class Repository[E: Entity, I]:
    """Entities of one kind, each an item."""

    def __init__(self, table: Table, codec: Codec[E, I], clock: Clock = system_clock) -> None:
        self.table = table
        self.codec = codec
        self.clock = clock

    def get(self, organization_id: OrganizationId, identifier: I) -> E:
        """Return an entity: one request. Raises ``NotFound``."""
        return self.load(organization_id, identifier).entity

    def load(
        self,
        organization_id: OrganizationId,
        identifier: I,
        expected_version: ExpectedVersion = None,
    ) -> Loaded[E]:
        """Return an entity to be written back: one request.

        Raises ``NotFound``, and ``PreconditionFailed`` at another than the expected version.
        """
        record = self.table.get(self.codec.key(organization_id, identifier))
        loaded = self.loaded(record)
        if loaded is None:
            raise NotFound(f"{self.codec.label} not found")
        check_version(expected_version, loaded.record.version)
        return loaded

    def load_many(
        self, organization_id: OrganizationId, identifiers: Iterable[I]
    ) -> dict[I, Loaded[E]]:
        """Return entities by id, 100 a request; those that do not exist are left out."""
        keys = {self.codec.key(organization_id, one): one for one in identifiers}
        records = self.table.get_many(keys)
        return {keys[key]: one for key in keys if (one := self.loaded(records.get(key)))}

    def loaded(self, record: Record | None) -> Loaded[E] | None:
        """Return the entity of a record; None of no record, another kind or a tombstone."""
        if record is None or not self.owns(record):
            return None
        return Loaded(self.codec.from_record(record), record)

    def owns(self, record: Record) -> bool:
        """Return whether a record is an entity of this kind that is not deleted."""
        return record.type == self.codec.type and not is_tombstone(record)

    def create(
        self,
        key: Key,
        build: Callable[[], tuple[E, Sequence[Action]]],
        idempotency: Idempotency | None = None,
        *,
        on_condition_failed: Callable[[ConditionFailed], None] = lambda _: None,
        stream_attributes: Callable[[E], Mapping[str, str]] = lambda _: {},
    ) -> Created[E]:
        """Store a new entity, or return what the same request created before: one write.

        ``build`` reads what the entity is made from and returns it with the actions to be
        written along, or not at all; it is called again when one of those fails, unless
        ``on_condition_failed`` raises. Its errors pass, except in a replay: that costs one
        read. ``stream_attributes`` go onto the new item.

        Raises ``Conflict`` for an id in use without a key, ``Deleted`` after a delete, and
        ``Unprocessable`` for a key that was used with another payload.
        """

        def attempt() -> Created[E]:
            try:
                entity, also = build()
            except DomainError:
                if replay := self.find_replay(key, idempotency):
                    return replay
                raise
            record = replace(
                self.codec.to_record(entity), stream_attributes=stream_attributes(entity)
            )
            if idempotency is not None:
                record = replace(record, fingerprint=idempotency.fingerprint)
            try:
                write(self.table, [Create(record), *also])
            except ConditionFailed as failed:
                if existing := failed.existing.get(0):
                    return self._replay(existing, idempotency)
                on_condition_failed(failed)
                raise
            return Created(entity)

        return retry_on_contention(self.table.sleep, attempt)

    def find_replay(self, key: Key, idempotency: Idempotency | None) -> Created[E] | None:
        """Return the answer to an earlier create by the same request, or None: one read."""
        existing = self.table.get(key) if idempotency else None
        return self._replay(existing, idempotency) if existing else None

    def change(
        self,
        organization_id: OrganizationId,
        identifier: I,
        change: Callable[[E], E],
        *,
        expected_version: ExpectedVersion = None,
        also: Callable[[E, E], Sequence[Action]] = _nothing,
    ) -> E:
        """Change an entity: one read, one write; none where nothing changes.

        ``change`` must be pure: it is called again when a concurrent writer came first.
        ``also`` gets the entity before and after, and returns what is written along. Raises
        ``NotFound``, ``PreconditionFailed``, and what ``change`` raises.
        """

        def attempt() -> E:
            loaded = self.load(organization_id, identifier, expected_version)
            changed = change(loaded.entity)
            if changed == loaded.entity:
                return changed
            return self.replace(loaded, changed, also(loaded.entity, changed)).entity

        return retry_on_contention(self.table.sleep, attempt)

    def replace(self, loaded: Loaded[E], entity: E, also: Sequence[Action] = ()) -> Loaded[E]:
        """Write the successor of what was read, once: one write.

        Raises :class:`ConditionFailed` and ``Busy`` for concurrent writers.
        """
        actions = self.replacement(loaded, entity)
        write(self.table, [*actions, *also])
        written = self.table.next_version(actions[0].record, loaded.record.version)
        return Loaded(self.codec.from_record(written), written)

    def replacement(self, loaded: Loaded[E], entity: E) -> list[Any]:
        """Return the actions of a change, the ``Replace`` of the entity's own item first."""
        return replacement(loaded.record, self.codec.to_record(entity), self.table.now())

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: I,
        *,
        expected_version: ExpectedVersion = None,
        also: Callable[[E], Sequence[Action]] = _nothing,
    ) -> E:
        """Delete an entity for every reader at once: one read, one write. Return it.

        Raises as :meth:`change`.
        """

        def attempt() -> E:
            loaded = self.load(organization_id, identifier, expected_version)
            write(self.table, [*self.deletion(loaded), *also(loaded.entity)])
            return loaded.entity

        return retry_on_contention(self.table.sleep, attempt)

    def deletion(self, loaded: Loaded[E]) -> list[Action]:
        """Return the actions of a delete: the tombstone, and the end of the original."""
        record = loaded.record
        remainder = tombstone(record, self.clock(), self.table.now())
        actions: list[Action] = [Replace(remainder, record.version)]
        if _has_original(record):
            actions.append(Delete(_original_key(record)))
        return actions

    def page(self, query: ListQuery, limit: int, *, skip: int = 0) -> Page[E]:
        """Return a page of a list; see ``lists.read_page``."""
        page = read_page(self.table, query, limit, skip=skip)
        return Page(list(map(self.codec.from_record, page.items)), page.next_cursor)

    def filtered_page(
        self, query: ListQuery, limit: int, passes: Callable[[E], bool], *, skip: int = 0
    ) -> FilteredPage[E]:
        """Return a page of the entities that pass; see ``filtered_lists.read_filtered``."""
        return read_filtered(self.table, [query], limit, self.codec.from_record, passes, skip=skip)

    def _replay(self, existing: Record, idempotency: Idempotency | None) -> Created[E]:
        if idempotency is None:
            raise Conflict(f"{self.codec.label} exists already; use another id.")
        idempotency.check(existing.fingerprint)
        if is_tombstone(existing):
            raise Deleted
        if self.codec.counts_as_deleted(self.codec.from_record(existing)):
            raise Deleted
        return Created(self.codec.from_record(self._original(existing)), replayed=True)

    def _original(self, existing: Record) -> Record:
        """Return the record of an entity as it was created."""
        if existing.version == 1:
            return existing
        body = existing.original
        if body is None:
            stored = self.table.get(_original_key(existing))
            if stored is None:
                current = self.table.get(existing.key)
                if current is None or is_tombstone(current):
                    raise Deleted  # between the create and this read
                raise Conflict("Idempotency-Key: was used more than 30 days ago; use a new key.")
            body = stored.body
        return replace(existing, body=body, version=1)


def replacement(current: Record, following: Record, now: int) -> list[Any]:
    """Return the actions that put a record in the place of another, its ``Replace`` first.

    The first change of an entity created under an idempotency key stores its original, in an
    item of its own: beside the new body it might not find room, and each write would pay for
    it. ``now`` is in seconds since the epoch.
    """
    kept = replace(following, fingerprint=current.fingerprint, original=current.original)
    actions: list[Action] = [Replace(kept, current.version)]
    if current.fingerprint is not None and current.version == 1:
        actions.append(
            Create(
                Record(
                    key=_original_key(current),
                    type=_ORIGINAL,
                    body=current.body,
                    expires_at=now + RECEIPT_RETENTION,
                )
            )
        )
    return actions


def _has_original(record: Record) -> bool:
    return record.fingerprint is not None and record.version > 1 and record.original is None


def _original_key(record: Record) -> Key:
    return Key(record.key.partition, _ORIGINAL)
