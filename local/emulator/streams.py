"""Table streams that survive a restart, in order, and partial batch answers of their functions.

The emulator saves the stream position of each function, but not the stream: after a restart the
functions would wait until as much was written as before, and unread records would be lost. It
also ignores a function's answer that some records must be delivered again, and the window of a
mapping, with which an event names its shard. Records of concurrent writes may be stored in
another order than that of their sequence numbers.
"""

from contextvars import ContextVar
from threading import RLock
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb
from ministack.services import lambda_svc as functions

from local.emulator.patching import Moved, replace

_polling: ContextVar[bool] = ContextVar("polling", default=False)
#: The only shard of a stream here.
_SHARD = "shardId-00000000000000000000-00000000"


def _with_streams(get_state: Any) -> Any:
    def state() -> dict[str, Any]:
        # The items first: a concurrent write may leave a record without an item, but never an
        # item without a record.
        tables = get_state()
        records, trimmed = AccountRegionScopedDict(), AccountRegionScopedDict()
        for (account, region, table), kept in dynamodb._stream_records.all_items():
            start = dynamodb._trimmed_count(table, account, region)
            read = max(0, _read_by_all(account, region, table) - start)
            records.set_scoped(account, region, table, kept[read:])
            trimmed.set_scoped(account, region, table, start + read)
        return {**tables, "stream_records": records, "stream_trimmed": trimmed}

    return state


def _read_by_all(account: str, region: str, table: str) -> int:
    """Return the position up to which all functions have read the stream of a table."""
    return min(
        (
            functions._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"], 0)
            for (owner, place, _), mapping in functions._esms.all_items()
            if (owner, place) == (account, region)
            and f":table/{table}/stream/" in mapping.get("EventSourceArn", "")
        ),
        default=0,
    )


def _take_streams(restore: Any) -> Any:
    def restored(data: dict[str, Any]) -> None:
        restore(data)
        if data:
            dynamodb._stream_records.update(data.get("stream_records", {}))
            dynamodb._stream_trimmed.update(data.get("stream_trimmed", {}))

    return restored


def _note_polling(poll: Any) -> Any:
    def polled() -> bool:
        token = _polling.set(True)
        try:
            return bool(poll())
        finally:
            _polling.reset(token)

    return polled


def _invoke_for_batch(execute: Any) -> Any:
    def executed(func: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        if not _polling.get():
            return dict(execute(func, event))
        result: dict[str, Any] = execute(func, {**event, "shardId": _SHARD})
        answer = result.get("body")
        if isinstance(answer, dict) and answer.get("batchItemFailures"):
            # An error for the stream's reader: the batch is delivered again.
            return {**result, "error": True}
        return result

    return executed


def _in_order(emit: Any) -> Any:
    lock = RLock()

    def emitted(*arguments: Any, **options: Any) -> None:
        with lock:
            emit(*arguments, **options)

    return emitted


def apply() -> None:
    """Save and restore the unread part of streams, and deliver a refused batch again.

    The whole batch, after a second, as after an exception; AWS delivers the records from the
    first refused one on, and gives up after the mapping's number of attempts.
    """
    for owner, name in (
        (dynamodb, "_stream_records"),
        (dynamodb, "_stream_trimmed"),
        (functions, "_dynamodb_stream_positions"),
        (functions, "_esms"),
    ):
        if not isinstance(getattr(owner, name, None), AccountRegionScopedDict):
            raise Moved(f"{owner.__name__}.{name} is gone")
    replace(dynamodb, "get_state", (), _with_streams)
    replace(dynamodb, "_restore_state", ("data",), _take_streams)
    replace(functions, "_poll_dynamodb_streams", (), _note_polling)
    replace(functions, "_execute_function", ("func", "event"), _invoke_for_batch)
    arguments = ("table_name", "event_name", "old_item", "new_item", "replicate")
    replace(dynamodb, "_emit_stream_event", arguments, _in_order)
