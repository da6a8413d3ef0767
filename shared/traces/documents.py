"""Stored spans: those of one trace in one request, compressed and divided over items."""

import base64
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

from shared.core.errors import TooLarge
from shared.core.ids import OrganizationId, SessionId
from shared.sessions.captured_log import LogState
from shared.storage.records import Key, Record
from shared.traces.domain import Owner, Span

#: Type, and begin of the sort key, of items with spans; the digest follows.
SPANS = "spans"
#: Item of a trace's partition with its owner; it sorts before the spans.
OWNER = "owner"
#: Items of a conversation's partition: the state of its assembly, and its traces.
STATE, TRACES = "state", "trace"
_LAST = "~"
#: Characters of an item's data, at most.
_MAX_ITEM = 340_000
#: Bytes of the spans of a conversation as JSON, at most: what an assembly holds in memory.
MAX_CONVERSATION_BYTES = 64 * 1024 * 1024


def trace_partition(organization_id: OrganizationId, trace: str) -> str:
    """Return the partition of a trace's spans."""
    return f"{organization_id}#trace#{trace}"


def owner_key(organization_id: OrganizationId, trace: str) -> Key:
    """Return the key of the item with a trace's owner."""
    return Key(trace_partition(organization_id, trace), OWNER)


def last_sort(prefix: str) -> str:
    """Return a sort key behind those that begin with a prefix."""
    return f"{prefix}{_LAST}"


def state_key(organization_id: OrganizationId, session_id: SessionId) -> Key:
    """Return the key of a conversation's state; ``session_id`` is that of its first session."""
    return Key(f"{organization_id}#capture#{session_id.hex}", STATE)


def membership(organization_id: OrganizationId, session_id: SessionId, trace: str) -> Record:
    """Return the item that makes a trace one of a conversation's."""
    partition = state_key(organization_id, session_id).partition
    return Record(key=Key(partition, f"{TRACES}#{trace}"), type=TRACES, body={"trace": trace})


def state_record(
    key: Key, state: LogState, owner: Owner, *, expires_at: int | None = None
) -> Record:
    """Return the item with the state of a conversation's assembly."""
    body = {"kind": owner.kind, "name": owner.name, **asdict(state)}
    return Record(key=key, type=STATE, body=body, expires_at=expires_at)


def state_in(record: Record | None) -> LogState:
    """Return the state in an item; that of a new conversation without one."""
    if record is None:
        return LogState()
    return LogState(**{one.name: record.body[one.name] for one in fields(LogState)})


def pointer(organization_id: OrganizationId, session_id: SessionId, first: SessionId) -> Record:
    """Return the item of a successor, which names the conversation's first session."""
    return Record(
        key=state_key(organization_id, session_id), type="successor", body={"first": first.hex}
    )


@dataclass(frozen=True, slots=True)
class Ownership:
    """Owner of a trace, and former ones whose sessions are still to be cleaned of it.

    ``purged`` is true of a trace whose spans were removed with its session.
    """

    owner: Owner
    former: tuple[Owner, ...] = ()
    purged: bool = False

    def to_record(self, key: Key, *, expires_at: int | None = None) -> Record:
        body = {
            "owner": [self.owner.kind, self.owner.name],
            "former": [[one.kind, one.name] for one in self.former],
            "purged": self.purged,
        }
        return Record(key=key, type=OWNER, body=body, expires_at=expires_at)

    @classmethod
    def of(cls, record: Record) -> "Ownership":
        body = record.body
        former = tuple(Owner(*one) for one in body["former"])
        return cls(Owner(*body["owner"]), former, body["purged"])


def span_items(organization_id: OrganizationId, spans: Sequence[Span]) -> list[Record]:
    """Return the items of a request's spans. Equal spans of a trace have equal items."""
    by_trace: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        by_trace[span.trace].append(span)
    return [
        record
        for trace, group in by_trace.items()
        for record in _items(trace_partition(organization_id, trace), group)
    ]


def _items(partition: str, spans: Iterable[Span]) -> list[Record]:
    documents = sorted(_json(span.document) for span in spans)
    text = f"[{','.join(documents)}]"
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    data = base64.b85encode(zlib.compress(text.encode(), 6)).decode()
    parts = [data[start : start + _MAX_ITEM] for start in range(0, len(data), _MAX_ITEM)]
    return [
        Record(
            key=Key(partition, f"{SPANS}#{digest}#{number:03d}"),
            type=SPANS,
            body={"parts": len(parts), "bytes": len(text), "data": part},
        )
        for number, part in enumerate(parts)
    ]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


class StoredSpans:
    """Reader of items with spans; counts what they take in memory."""

    def __init__(self) -> None:
        self._bytes = 0

    def read(self, trace: str, records: Iterable[Record]) -> list[Span]:
        """Return the spans of a trace; incomplete ones, whose request failed, are left out.

        Raises ``TooLarge`` above :data:`MAX_CONVERSATION_BYTES` in all.
        """
        parts: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            if record.type == SPANS:
                parts[record.key.sort.split("#")[1]].append(record)
        found: list[Span] = []
        for group in parts.values():
            if len(group) != group[0].body["parts"]:
                continue
            self._bytes += group[0].body["bytes"]
            if self._bytes > MAX_CONVERSATION_BYTES:
                limit = MAX_CONVERSATION_BYTES // 1024**2
                raise TooLarge(f"spans: those of a conversation must not exceed {limit} MiB.")
            data = "".join(record.body["data"] for record in group)
            documents = json.loads(zlib.decompress(base64.b85decode(data)))
            found += [Span(trace, one["spanId"], one) for one in documents]
        return found
