"""Imported session, and the upload of a large conversation."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.ids import SessionId, UploadId
from shared.sessions.domain import SessionKind

#: Kinds of sessions that can be imported.
KINDS = (SessionKind.AGENT, SessionKind.EVALUATION)
MAX_NAME_LENGTH = 255


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Kind of the imported session, and the name of the import.

    Evaluation sessions belong to a version of that name.
    """

    kind: SessionKind
    name: str


@dataclass(frozen=True, slots=True)
class ImportedSession:
    """A session and the conversation that it was imported from.

    Attributes
    ----------
    conversation_id
        Id of the conversation in the system that captured it.
    ignored
        Names of the fields that no form of a conversation reads.
    """

    conversation_id: str
    session_id: SessionId
    kind: SessionKind
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """An address that accepts one conversation until a time."""

    id: UploadId
    url: str
    expires_at: datetime
