"""Wiring of session files: service and search of a session."""

__all__ = ["file_search", "files_bucket", "session_files", "staged_files"]

from shared.agents.file_objects.wiring import files_bucket
from shared.agents.files.contents import FileContents
from shared.agents.files.domain import FileLimits
from shared.agents.files.repository import WorkspaceRepository
from shared.agents.files.search import FileSearch
from shared.agents.files.service import SessionFiles
from shared.agents.files.staging import StagedFiles
from shared.agents.sessions.repository import AgentSessionRepository
from shared.core.ids import OrganizationId, SessionId
from shared.core.settings import settings
from shared.storage.table import table


def session_files(organization_id: OrganizationId, session_id: SessionId) -> SessionFiles:
    """Return the files of a session. The bucket is connected at the first content."""
    return SessionFiles(*_stored(organization_id, session_id), _limits())


def staged_files(organization_id: OrganizationId, session_id: SessionId) -> StagedFiles:
    """Return the files of a session for one step of a turn."""
    contents = FileContents(table(), files_bucket, organization_id, session_id)
    sessions = AgentSessionRepository(table())
    return StagedFiles(sessions, contents, _limits(), organization_id, session_id)


def file_search(organization_id: OrganizationId, session_id: SessionId) -> FileSearch:
    """Return the search in the files of a session."""
    return FileSearch(*_stored(organization_id, session_id))


def _limits() -> FileLimits:
    return FileLimits(file_bytes=settings().max_file_bytes, total_bytes=settings().max_files_bytes)


def _stored(
    organization_id: OrganizationId, session_id: SessionId
) -> tuple[WorkspaceRepository, FileContents]:
    sessions = AgentSessionRepository(table())
    return (
        WorkspaceRepository(sessions, organization_id, session_id),
        FileContents(table(), files_bucket, organization_id, session_id),
    )
