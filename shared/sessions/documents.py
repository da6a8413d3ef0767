"""Sessions as stored documents, and back; for their events see ``event_documents``."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.agent_ref import AgentRef
from shared.sessions.domain import ForkPoint, Segment, Session, SessionKind
from shared.storage.codec import Codec
from shared.storage.records import BY_LIST, IndexEntry, Key, Record
from shared.storage.tombstones import SEGMENTS

SESSION = "session"
EVENTS = "events"
#: Field of a session's document: the time of its newest event, so that the times of a log
#: never decrease.
LAST_EVENT_AT = "last_event_at"
#: Sorts after the id that follows the time in a sort key.
_AFTER_IDS = "#g"


class SessionCodec[S: Session](Codec[S, SessionId]):
    """The stored form of one kind of session: what all kinds share, and its own state."""

    kind: ClassVar[SessionKind]
    label = "Session"

    def __init_subclass__(cls) -> None:
        cls.type = f"{cls.kind}_session"

    @abstractmethod
    def to_state(self, session: S) -> dict[str, Any]:
        """Return the fields of this kind only, as JSON values."""

    @abstractmethod
    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> S:
        """Return the session; ``common`` are the arguments that all kinds share."""

    @abstractmethod
    def index_entries(self, session: S) -> dict[str, IndexEntry]:
        """Return the session's index entries beside the one in the list of its kind."""

    def key(self, organization_id: OrganizationId, identifier: SessionId) -> Key:
        return session_key(organization_id, identifier)

    def to_record(self, entity: S) -> Record:
        sort = list_sort(entity.created_at, entity.id.hex)
        return Record(
            key=session_key(entity.organization_id, entity.id),
            type=self.type,
            version=entity.version,
            index_entries={
                BY_LIST: IndexEntry(session_list(entity.organization_id, self.kind), sort),
                **self.index_entries(entity),
            },
            body={
                "id": entity.id.hex,
                "organization_id": entity.organization_id.hex,
                "created_at": timestamp(entity.created_at),
                "updated_at": timestamp(entity.updated_at),
                "tags": list(entity.tags),
                "agent": entity.agent and {"id": entity.agent.id.hex, "name": entity.agent.name},
                "last_sequence": entity.last_sequence,
                "state": self.to_state(entity),
                **_fork_to_document(entity),
            },
        )

    def from_record(self, record: Record) -> S:
        return self.from_state(common_fields(record), record.body["state"])


def session_key(organization_id: OrganizationId, session_id: SessionId) -> Key:
    """Return the primary key of a session of any kind."""
    return Key(f"{organization_id}#session#{session_id.hex}", SESSION)


def events_sort(sequence: int) -> str:
    """Return the sort key of an item whose first event has this sequence."""
    return f"{EVENTS}#{sequence:012d}"


def session_list(organization_id: OrganizationId, kind: SessionKind) -> str:
    """Return the name of the list of all sessions of a kind."""
    return f"{organization_id}#{kind}-sessions"


def list_sort(created_at: datetime, identifier: str) -> str:
    """Return the sort key in a list that is ordered by creation."""
    return f"{timestamp(created_at)}#{identifier}"


def list_bounds(first: datetime | None, last: datetime | None) -> tuple[str, str]:
    """Return the bounds of the sort keys of sessions created between two times, both included."""
    lowest = timestamp(first) if first else ""
    return lowest, timestamp(last) + _AFTER_IDS if last else "\U0010ffff"


def kind_of(record: Record) -> SessionKind:
    """Return the kind of a session's record."""
    return SessionKind(record.type.removesuffix("_session"))


def common_fields(record: Record) -> dict[str, Any]:
    """Return the fields that all kinds share, as arguments of ``Session``."""
    body = record.body
    agent = body["agent"]
    return {
        "id": SessionId.parse(f"session_{body['id']}"),
        "organization_id": OrganizationId.parse(f"org_{body['organization_id']}"),
        "created_at": moment(body["created_at"]),
        "updated_at": moment(body["updated_at"]),
        "tags": tuple(body["tags"]),
        "agent": agent and AgentRef(AgentId.parse(f"agent_{agent['id']}"), agent["name"]),
        "last_sequence": body["last_sequence"],
        "version": record.version,
        **_fork_from_document(body),
    }


def segments_of(body: dict[str, Any]) -> tuple[Segment, ...]:
    """Return the segments in the document of a session or of its tombstone."""
    return tuple(
        Segment(SessionId(UUID(hex=digits)), through) for digits, through in body.get(SEGMENTS, ())
    )


def _fork_to_document(session: Session) -> dict[str, Any]:
    """Return the fields that only a fork has."""
    origin = session.forked_from
    if origin is None:
        return {}
    return {
        LAST_EVENT_AT: timestamp(origin.at),
        "forked_from": {
            "session": origin.session_id.hex,
            "sequence": origin.sequence,
            "at": timestamp(origin.at),
        },
        SEGMENTS: [[one.session_id.hex, one.through] for one in session.segments],
    }


def _fork_from_document(body: dict[str, Any]) -> dict[str, Any]:
    origin = body.get("forked_from")
    if origin is None:
        return {}
    session_id = SessionId(UUID(hex=origin["session"]))
    return {
        "segments": segments_of(body),
        "forked_from": ForkPoint(session_id, origin["sequence"], moment(origin["at"])),
    }
