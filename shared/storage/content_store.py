"""Content store: immutable documents of an organization, by the hash of their content."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId
from shared.core.json import fingerprint
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import write_unless_exists


class ContentStore[E]:
    """Base of repositories that store equal documents once, and never change or delete them.

    ``kind`` is the type of the records, ``field`` the field of their body with the document,
    which ``parse`` builds an entity from. A process caches ``cache_size`` entities.
    """

    def __init__(
        self, table: Table, kind: str, field: str, parse: Callable[[Any], E], cache_size: int
    ) -> None:
        self._table = table
        self._kind = kind
        self._field = field
        self._parse = parse
        self._cached = lru_cache(maxsize=cache_size)(self._read)

    def get(self, organization_id: OrganizationId, digest: str) -> E:
        """Return the organization's entity with this hash. Raises ``NotFound``."""
        return self._cached(organization_id, digest)

    def _store(self, organization_id: OrganizationId, document: dict[str, Any]) -> str:
        """Store a document unless it exists: one write. Return its hash."""
        digest = fingerprint(document)
        key, body = self._key(organization_id, digest), {self._field: document}
        write_unless_exists(self._table, Record(key=key, type=self._kind, body=body))
        return digest

    def _read(self, organization_id: OrganizationId, digest: str) -> E:
        record = self._table.get(self._key(organization_id, digest))
        if record is None:
            raise NotFound(f"{self._kind.replace('_', ' ').capitalize()} not found")
        return self._parse(record.body[self._field])

    def _key(self, organization_id: OrganizationId, digest: str) -> Key:
        name = self._kind.replace("_", "-")
        return Key(f"{organization_id}#{name}#{digest}", name)
