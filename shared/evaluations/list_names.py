"""Lists of the area: names of lists of children, and sort keys in creation order."""

from typing import Any

from shared.core.ids import OrganizationId, TypedId
from shared.sessions.documents import list_sort

#: Type of sessions in the names of lists.
SESSION = "session"


def children_list(organization_id: OrganizationId, parent_id: TypedId, child: str) -> str:
    """Return the name of the list of an entity's children of a type."""
    return f"{organization_id}#{parent_id}#{child}s"


def creation_key(entity: Any) -> str:
    """Return the sort key of an entity in creation order."""
    return list_sort(entity.created_at, entity.id.hex)
