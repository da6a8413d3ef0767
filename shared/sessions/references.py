"""References to a log: the items by which forks keep a part of another session's log.

They sort behind the session's own item: no read of a log reads them.
"""

from collections.abc import Iterable

from shared.core.errors import Conflict
from shared.core.ids import SessionId
from shared.storage.records import Key, Record
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, Replace

#: Sort keys: of the marker, and the beginning of those of the references.
MARKER, REFERENCE = "shared", "shared#"
_LAST_REFERENCE = "shared#~"


class SharedLog(Conflict):
    """Part of a log that a fork refers to: it cannot be rewritten."""

    code = "log_is_shared"

    def __init__(self) -> None:
        super().__init__("The log is shared with forks of the session up to a later event.")


def reference_key(partition: str, fork: SessionId) -> Key:
    """Return the key of a fork's reference to the log of a partition."""
    return Key(partition, f"{REFERENCE}{fork.hex}")


def reference_record(partition: str, fork: SessionId, through: int) -> Record:
    """Return the reference of a fork that needs a log up to a sequence."""
    key = reference_key(partition, fork)
    return Record(key=key, type="fork_reference", body={"through": through})


def marker_key(partition: str) -> Key:
    """Return the key of the marker of a log."""
    return Key(partition, MARKER)


def marker_record(partition: str, through: int) -> Record:
    """Return the marker of a log: the highest sequence that any fork ever referred to."""
    return Record(key=marker_key(partition), type="shared_log", body={"through": through})


def through_of(record: Record | None) -> int:
    """Return the last sequence that a reference or a marker keeps; 0 without one."""
    return record.body["through"] if record else 0


def is_reference(record: Record) -> bool:
    """Return whether a record is the reference of a fork."""
    return record.key.sort.startswith(REFERENCE)


def query_references(table: Table, session: Key) -> Iterable[Record]:
    """Return a session's item, its marker and the references to its log: one query."""
    return table.query(session, upto=_LAST_REFERENCE)


def rewrite_guard(marker: Record | None, partition: str, first: int) -> Action:
    """Return the write that goes with a rewrite of a log from a sequence on.

    The marker is read before the log. The write fails if a fork was made since; and a fork that
    was to be made at the same time is made anew, with the rewritten log. Raises
    :class:`SharedLog` if a fork refers to the sequence or to one behind it.
    """
    if through_of(marker) >= first:
        raise SharedLog
    again = marker_record(partition, through_of(marker))
    return Replace(again, marker.version) if marker else Create(again)
