"""The table's stream, as its event source hands it to a function."""

from itertools import count
from typing import Any

from shared.storage.records import Record, to_item

_position = count(1)


def stream_event(*writes: tuple[Record | None, Record | None]) -> dict[str, Any]:
    """Return the event of writes, each the item before and after it."""
    return {"Records": [_entry(old, new) for old, new in writes]}


def _entry(old: Record | None, new: Record | None) -> dict[str, Any]:
    number = next(_position)
    name = "REMOVE" if new is None else "INSERT" if old is None else "MODIFY"
    subject = new or old
    assert subject is not None
    written: dict[str, Any] = {
        "ApproximateCreationDateTime": 1_760_000_000.0,
        "Keys": subject.key.attributes(),
        "SequenceNumber": f"{number:021d}",
        "SizeBytes": 200,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    if old is not None:
        written["OldImage"] = to_item(old, shards=2)
    if new is not None:
        written["NewImage"] = to_item(new, shards=2)
    return {
        "eventID": f"{number:032x}",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": written,
        "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026",
    }
