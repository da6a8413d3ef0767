"""Purge of the contents of a deleted session's files."""

from shared.core.ids import OrganizationId, SessionId
from shared.storage.objects import ObjectStore


def purge_contents(
    objects: ObjectStore, organization_id: OrganizationId, session_id: SessionId
) -> None:
    """Delete all contents of a deleted session, also those that no file had.

    One request to list and one to delete for each 1,000. Safe to repeat.
    """
    objects.delete(objects.keys(content_prefix(organization_id, session_id)))


def content_prefix(organization_id: OrganizationId, session_id: SessionId) -> str:
    """Return the beginning of the keys of a session's contents."""
    return f"{organization_id}/{session_id}/"
