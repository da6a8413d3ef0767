"""Imports by request: a conversation in the body, or one that was uploaded."""

from typing import Any

from shared.core.clock import Clock
from shared.core.ids import OrganizationId, UploadId
from shared.imports.domain import ImportedSession, ImportOptions
from shared.imports.service import ImportService
from shared.imports.uploads import Uploads
from shared.storage.repository import Created


class RequestImports:
    """Use case of the import endpoint."""

    def __init__(self, service: ImportService, uploads: Uploads, clock: Clock) -> None:
        self._service = service
        self._uploads = uploads
        self._clock = clock

    def add(
        self,
        organization_id: OrganizationId,
        content: dict[str, Any] | UploadId,
        options: ImportOptions,
    ) -> Created[ImportedSession]:
        """Store a conversation as a session. Raises as the two ways."""
        if isinstance(content, UploadId):
            return self._uploads.add(organization_id, content, options)
        return self._service.add(organization_id, content, options, at=self._clock())
