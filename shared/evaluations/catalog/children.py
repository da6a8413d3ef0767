"""Children of a catalog entity, which prevent its deletion.

Indexes are eventually consistent, so the first child is also read by its key: an entity whose
only child is new does not pass for childless.
"""

from itertools import islice
from typing import Any

from shared.core.ids import EvaluationRunId, OrganizationId, SessionId
from shared.evaluations.catalog.documents import PRODUCTS, TEST_CASES, TESTS, VERSIONS, CatalogKind
from shared.evaluations.catalog.domain import CatalogEntity
from shared.evaluations.client_ids import parse_id
from shared.evaluations.list_names import SESSION, children_list
from shared.sessions.documents import session_key
from shared.storage.lists import ListQuery, merged
from shared.storage.records import BY_LINK, BY_PARENT, Key
from shared.storage.table import Table
from shared.storage.tombstones import is_tombstone

#: Children of each kind that an error names, at most.
_NAMED = 3
#: Type of evaluation runs, as their documents have it.
_RUN = "evaluation-run"
#: Types of children, with the index that lists them, by the entity's type.
_CHILDREN = {
    PRODUCTS.type: {VERSIONS.type: BY_PARENT, TESTS.type: BY_PARENT, _RUN: BY_PARENT},
    VERSIONS.type: {SESSION: BY_PARENT},
    TESTS.type: {TEST_CASES.type: BY_PARENT},
    TEST_CASES.type: {SESSION: BY_LINK},
}


class ChildFinder:
    """Finds the children of catalog entities of one kind."""

    def __init__(self, table: Table, kind: CatalogKind[Any]) -> None:
        self._table = table
        self._indexes = _CHILDREN.get(kind.type, {})

    def find(self, entity: CatalogEntity) -> list[str]:
        """Return the children by kind, as in "versions version_1, version_2".

        One query a shard for each kind of children; none without a first child.
        """
        if entity.first_child is None:
            return []
        listed = [self._listed(entity, *child) for child in self._indexes.items()]
        return [one for one in listed if one] or self._first(entity, entity.first_child)

    def _listed(self, entity: CatalogEntity, child: str, index: str) -> str:
        name = children_list(entity.organization_id, entity.id, child)
        records = merged(self._table, [ListQuery(list=name, index=index)], _NAMED + 1)
        prefix = f"{SessionId.prefix}_" if child == SESSION else ""
        ids = [f"{prefix}{record.body['id']}" for record in islice(records, _NAMED + 1)]
        more = " and more" if len(ids) > _NAMED else ""
        return f"{_label(child)} {', '.join(ids[:_NAMED])}{more}" if ids else ""

    def _first(self, entity: CatalogEntity, first_child: str) -> list[str]:
        child, key = _child_key(entity.organization_id, first_child)
        record = self._table.get(key)
        exists = record is not None and not is_tombstone(record)
        return [f"{_label(child)} {first_child}"] if exists else []


def _label(child: str) -> str:
    return f"{child.replace('-', ' ')}s"


def _child_key(organization_id: OrganizationId, text: str) -> tuple[str, Key]:
    """Return type and key of the child that an id names."""
    for kind in (VERSIONS, TESTS, TEST_CASES):
        if identifier := kind.parse_id(text):
            return kind.type, kind.key(organization_id, identifier)
    if run := parse_id(EvaluationRunId.parse, text):
        return _RUN, Key(f"{organization_id}#{_RUN}#{run.hex}", _RUN)
    return SESSION, session_key(organization_id, SessionId.parse(text))
