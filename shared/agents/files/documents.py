"""Workspaces as stored documents: one item of all metadata, and one of the initial files.

Both are in the session's partition, behind the session's own item. A session that never had a
file has neither.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.agents.agents.documents import initial_files_from_document, initial_files_to_document
from shared.agents.agents.domain import InitialFile
from shared.agents.files.domain import FileEntry, Workspace
from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.documents import session_key
from shared.storage.records import Key, Record
from shared.storage.transactions import Action, Create

_WORKSPACE = "workspace"
_INITIAL = "workspace#initial"


def workspace_key(organization_id: OrganizationId, session_id: SessionId) -> Key:
    """Return the key of the metadata of a session's files."""
    return Key(session_key(organization_id, session_id).partition, _WORKSPACE)


def initial_contents_key(organization_id: OrganizationId, session_id: SessionId) -> Key:
    """Return the key of the files that were created with the session, and their contents."""
    return Key(session_key(organization_id, session_id).partition, _INITIAL)


def workspace_to_record(workspace: Workspace) -> Record:
    """Return the record of a workspace."""
    return Record(
        key=workspace_key(workspace.organization_id, workspace.session_id),
        type=_WORKSPACE,
        body={
            "created_at": timestamp(workspace.created_at),
            "updated_at": timestamp(workspace.updated_at),
            "entries": [entry_to_document(one) for one in workspace.entries.values()],
        },
    )


def workspace_from_record(
    organization_id: OrganizationId, session_id: SessionId, record: Record
) -> Workspace:
    """Parse the record of a workspace."""
    body = record.body
    entries = map(entry_from_document, body["entries"])
    return Workspace(
        organization_id=organization_id,
        session_id=session_id,
        created_at=moment(body["created_at"]),
        updated_at=moment(body["updated_at"]),
        entries={one.path: one for one in entries},
        version=record.version,
    )


def entry_to_document(entry: FileEntry) -> dict[str, Any]:
    """Return the document of a file or directory, without what is false, 0 or absent."""
    flags = {"directory": entry.is_directory, "readonly": entry.is_readonly}
    return {
        "id": entry.id.hex,
        "path": entry.path,
        "created_at": timestamp(entry.created_at),
        "updated_at": timestamp(entry.updated_at),
        "version": entry.version,
        **{name: True for name, given in flags.items() if given},
        **({"size": entry.size_bytes} if entry.size_bytes else {}),
        **({"content": entry.content} if entry.content else {}),
    }


def entry_from_document(document: dict[str, Any]) -> FileEntry:
    """Parse the document of a file or directory."""
    return FileEntry(
        id=UUID(hex=document["id"]),
        path=document["path"],
        created_at=moment(document["created_at"]),
        updated_at=moment(document["updated_at"]),
        version=document["version"],
        is_directory=document.get("directory", False),
        is_readonly=document.get("readonly", False),
        size_bytes=document.get("size", 0),
        content=document.get("content"),
    )


def creation_actions(workspace: Workspace, contents: Mapping[str, InitialFile]) -> list[Action]:
    """Return the writes of a session's first files, none where there are none."""
    if not workspace.entries:
        return []
    files = [one for one in workspace.entries.values() if not one.is_directory]
    empty = [{"path": one.path, "readonly": one.is_readonly} for one in files if not one.content]
    body = {
        "names": list(contents),
        **initial_files_to_document(contents.values()),
        **({"empty": empty} if empty else {}),
    }
    key = initial_contents_key(workspace.organization_id, workspace.session_id)
    initial = Record(key=key, type=_INITIAL, body=body)
    return [Create(workspace_to_record(workspace)), Create(initial)]


def initial_contents(record: Record) -> dict[str, InitialFile]:
    """Return the initial files that have a content, by its name."""
    return dict(zip(record.body["names"], initial_files_from_document(record.body), strict=True))


def initial_files(record: Record) -> list[InitialFile]:
    """Return all initial files; records of earlier code lack those without a content."""
    empty = [
        InitialFile(path=one["path"], content="", is_readonly=one["readonly"])
        for one in record.body.get("empty", ())
    ]
    return [*initial_files_from_document(record.body), *empty]
