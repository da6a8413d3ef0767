"""Sessions as stored documents, and back; for their events see ``event_items``."""

from datetime import datetime
from typing import Any, Protocol

from shared.core.clock import moment, timestamp
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.models import AgentRef, Session, SessionKind
from shared.storage.records import BY_LIST, Key, Record, Row

SESSION = "session"
EVENTS = "events"
#: In a session's document: when its newest event was, so that a log's times never run
#: backwards.
LAST_EVENT_AT = "last_event_at"


class SessionCodec[S: Session](Protocol):
    """How a kind of session keeps what only it has."""

    @property
    def kind(self) -> SessionKind:
        """Which kind of session it is."""

    def to_state(self, session: S) -> dict[str, Any]:
        """Return what only this kind has, as JSON values."""

    def from_state(self, common: dict[str, Any], state: dict[str, Any]) -> S:
        """Return the session; ``common`` are the arguments that all kinds share."""

    def rows(self, session: S) -> dict[str, Row]:
        """Return the session's index rows beside the list of its kind."""


def session_key(organization_id: OrganizationId, session_id: SessionId) -> Key:
    """Return where a session is kept, whatever its kind."""
    return Key(f"{organization_id}#session#{session_id.hex}", SESSION)


def events_sort(sequence: int) -> str:
    """Return the sort key of an item whose first event has this sequence."""
    return f"{EVENTS}#{sequence:012d}"


def session_list(organization_id: OrganizationId, kind: SessionKind) -> str:
    """Return the name of the list of all sessions of a kind."""
    return f"{organization_id}#{kind}-sessions"


def list_sort(created_at: datetime, identifier: str) -> str:
    """Return where a thing stands in a list ordered by creation."""
    return f"{timestamp(created_at)}#{identifier}"


def to_record[S: Session](codec: SessionCodec[S], session: S) -> Record:
    """Write a session as its item."""
    place = list_sort(session.created_at, session.id.hex)
    return Record(
        key=session_key(session.organization_id, session.id),
        type=f"{codec.kind}_session",
        version=session.version,
        rows={
            BY_LIST: Row(session_list(session.organization_id, codec.kind), place),
            **codec.rows(session),
        },
        body={
            "id": session.id.hex,
            "organization_id": session.organization_id.hex,
            "created_at": timestamp(session.created_at),
            "updated_at": timestamp(session.updated_at),
            "tags": list(session.tags),
            "agent": session.agent and {"id": session.agent.id.hex, "name": session.agent.name},
            "last_sequence": session.last_sequence,
            "state": codec.to_state(session),
        },
    )


def kind_of(record: Record) -> SessionKind:
    """Return the kind of a session's item."""
    return SessionKind(record.type.removesuffix("_session"))


def common_fields(record: Record) -> dict[str, Any]:
    """Read what all kinds share, as arguments of ``Session``."""
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
    }


def from_record[S: Session](codec: SessionCodec[S], record: Record) -> S:
    """Read a session from its item."""
    return codec.from_state(common_fields(record), record.body["state"])
