"""What stands below a product, version, test or test case: looked up before it is deleted.

The indexes are asked, and they tell late of what was written a moment ago. So the first
child is also asked for by its key: a parent whose only child is new is not taken for
childless.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shared.core.ids import OrganizationId, SessionId, TypedId
from shared.evaluations.models import EvaluationSession
from shared.evaluations.parent_documents import (
    PRODUCTS,
    TEST_CASES,
    TESTS,
    VERSIONS,
    ParentKind,
    children_list,
)
from shared.evaluations.parent_repository import Kept, ParentRepository
from shared.evaluations.session_documents import sessions_list
from shared.sessions.reader import SessionReader
from shared.storage.lists import ListQuery, merged
from shared.storage.records import BY_LINK, BY_PARENT
from shared.storage.table import Table

#: Children named in a refusal, at most, of each kind.
_NAMED = 3

_BELOW: dict[str, list[ParentKind[Any]]] = {
    PRODUCTS.name: [VERSIONS, TESTS],
    TESTS.name: [TEST_CASES],
}


@dataclass(frozen=True, slots=True)
class Children:
    """Children of one kind, the newest of them by id."""

    label: str
    ids: list[str]

    def __str__(self) -> str:
        more = " and more" if len(self.ids) > _NAMED else ""
        return f"{self.label} {', '.join(self.ids[:_NAMED])}{more}"


class Offspring:
    """Finds children of any of the four."""

    def __init__(
        self, table: Table, parents: ParentRepository, sessions: SessionReader[EvaluationSession]
    ) -> None:
        self._table = table
        self._parents = parents
        self._sessions = sessions

    def of(self, kept: Kept[Any]) -> list[Children]:
        """Return what stands below one of the four, as the indexes and the first child tell.

        One query a shard for each kind of children; without a first child, none.
        """
        if kept.entity.first_child is None:
            return []
        found = [children for children in self._listed(kept) if children.ids]
        return found or list(self._first(kept))

    def _listed(self, kept: Kept[Any]) -> Iterator[Children]:
        organization_id, identifier = kept.entity.organization_id, kept.entity.id
        for kind in _BELOW.get(kept.kind.name, []):
            name = children_list(kind, organization_id, identifier)
            ids = self._newest(ListQuery(list=name, index=BY_PARENT))
            yield Children(f"{kind.label.lower()}s", ids)
        if kept.kind.name in (VERSIONS.name, TEST_CASES.name):
            index = BY_PARENT if kept.kind.name == VERSIONS.name else BY_LINK
            name = sessions_list(organization_id, identifier)
            ids = [f"session_{one}" for one in self._newest(ListQuery(list=name, index=index))]
            yield Children("sessions", ids)

    def _newest(self, query: ListQuery) -> list[str]:
        rows = merged(self._table, [query], _NAMED + 1)
        return [str(row.body["id"]) for row in islice(rows, _NAMED + 1)]

    def _first(self, kept: Kept[Any]) -> Iterator[Children]:
        text, organization_id = kept.entity.first_child, kept.entity.organization_id
        for kind in _BELOW.get(kept.kind.name, []):
            identifier: TypedId | None = kind.read_id(text)
            if identifier and self._parents.get(kind, organization_id, identifier):
                yield Children(f"{kind.label.lower()}s", [text])
        if text.startswith(f"{SessionId.prefix}_") and self._is_session(organization_id, text):
            yield Children("sessions", [text])

    def _is_session(self, organization_id: OrganizationId, text: str) -> bool:
        return bool(self._sessions.get_many(organization_id, [SessionId.parse(text)]))
