"""Contents of session files: objects of the bucket, and those created with the session."""

from collections.abc import Callable

from shared.agents.file_contents import ContentLost, decode
from shared.agents.file_objects.purging import content_prefix
from shared.agents.files.documents import initial_contents, initial_contents_key
from shared.agents.files.domain import INITIAL, FileEntry
from shared.core.errors import NotFound, Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.storage.objects import ObjectStore
from shared.storage.table import Table


def missing_content(entry: FileEntry) -> ContentLost:
    """Log that the content which a file has now is not in the bucket; return the error."""
    logger.error("content of a session file is missing", extra={"content": entry.content})
    return ContentLost(f"{entry.path}: its content cannot be read; retry.")


class FileContents:
    """Contents of the files of one session.

    An object is written once, under a name that was never used, before the metadata that names
    it. So what the metadata name exists; an object that no metadata names is deleted at once,
    or with its session if that fails.
    """

    def __init__(
        self,
        table: Table,
        objects: Callable[[], ObjectStore],
        organization_id: OrganizationId,
        session_id: SessionId,
    ) -> None:
        self._table = table
        self._objects = objects
        self._prefix = content_prefix(organization_id, session_id)
        self._initial_key = initial_contents_key(organization_id, session_id)
        self._initial: dict[str, bytes] | None = None

    def read(self, entry: FileEntry) -> bytes:
        """Return a file's content: one request, none of an empty file.

        Raises ``NotFound`` if the file was replaced or deleted since its metadata were read.
        """
        if entry.content is None:
            return b""
        if entry.content.startswith(INITIAL):
            return self._read_initial(entry.content)
        return self._objects().read(self._prefix + entry.content)

    def write(self, name: str, content: bytes) -> None:
        """Store the content of a new name: one request."""
        self._objects().write(self._prefix + name, content)

    def discard(self, names: frozenset[str]) -> None:
        """Delete contents that no file has any more, in one request if there are any.

        A failure is logged: the contents are deleted with their session.
        """
        keys = [self._prefix + name for name in sorted(names) if not name.startswith(INITIAL)]
        if not keys:
            return
        try:
            self._objects().delete(keys)
        except Unavailable:
            logger.warning("contents of session files were not deleted", exc_info=True)

    def _read_initial(self, name: str) -> bytes:
        if self._initial is None:
            record = self._table.get(self._initial_key)
            if record is None:
                raise NotFound("The session was deleted.")
            self._initial = {
                one: decode(file.content, file.encoding)
                for one, file in initial_contents(record).items()
            }
        return self._initial[name]
