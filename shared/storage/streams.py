"""Records of the table's stream, as a function receives them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.storage.records import Record, from_item


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRecord:
    """One write of one item.

    Attributes
    ----------
    id
        Id of the write, unique in the stream; the same each time it is delivered.
    position
        Position of the write in its shard. A function that returns it gets the batch again
        from there on.
    at
        Time of the write, to the second.
    old, new
        The item before and after; None where it did not exist.
    """

    id: str
    position: str
    at: datetime
    old: Record | None
    new: Record | None

    @property
    def record(self) -> Record:
        """The item after the write, or its last state where it was removed."""
        record = self.new or self.old
        if record is None:
            raise ValueError(f"the stream record {self.id} carries no image")
        return record


def stream_records(event: dict[str, Any]) -> Iterator[StreamRecord]:
    """Return the records of an invocation, in the order of the stream."""
    for entry in event["Records"]:
        written = entry["dynamodb"]
        yield StreamRecord(
            id=entry["eventID"],
            position=written["SequenceNumber"],
            at=datetime.fromtimestamp(written["ApproximateCreationDateTime"], UTC),
            old=_image(written, "OldImage"),
            new=_image(written, "NewImage"),
        )


def shard_of(event: dict[str, Any]) -> str | None:
    """Return the shard of an invocation's records; None without a tumbling window."""
    shard: str | None = event.get("shardId")
    return shard


def resume_at(*positions: str | None) -> dict[str, Any]:
    """Return the answer of a function: all done, or deliver again from a position on.

    Of several positions it is the first one.
    """
    position = earliest(positions)
    return {"batchItemFailures": [{"itemIdentifier": position}] if position else []}


def earliest(positions: Iterable[str | None]) -> str | None:
    """Return the first of some positions in a shard, or None if there is none."""
    return min((one for one in positions if one is not None), key=int, default=None)


def _image(written: dict[str, Any], name: str) -> Record | None:
    return from_item(written[name]) if name in written else None
