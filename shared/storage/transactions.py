"""Several items written together or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from shared.core.backoff import CROWDED
from shared.core.errors import (
    Busy,
    Conflict,
    NotFound,
    PreconditionFailed,
    Throttled,
    TooLarge,
    Unavailable,
)
from shared.storage.conditions import absent, at_version, present
from shared.storage.errors import BUSY, STORAGE_SILENT, THROTTLED, TOO_LARGE, translated
from shared.storage.idempotency import Idempotency
from shared.storage.records import Key, Record, to_item
from shared.storage.table import Created, Table

#: Actions in one transaction, at most (DynamoDB's own limit).
MAX_ACTIONS = 100


class Refused(Exception):
    """A condition failed; nothing was written.

    ``existing`` tells, for each failed action by its position, the item that stood
    against it, or None where an item was expected and there is none.
    """

    def __init__(self, existing: dict[int, Record | None]) -> None:
        super().__init__(f"conditions failed at {sorted(existing)}")
        self.existing = existing


@dataclass(frozen=True, slots=True)
class Create:
    """Put an item that must not exist yet."""

    record: Record


@dataclass(frozen=True, slots=True)
class Replace:
    """Put the next version of an item that must still be at ``expected_version``."""

    record: Record
    expected_version: int


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove an item; of ``expected_version`` if one is given, else if it exists."""

    key: Key
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """Add to the number in an item of its own, which need not exist; see ``counters``."""

    key: Key
    by: int


type Action = Create | Replace | Delete | Add


def transact(table: Table, actions: list[Action]) -> None:
    """Write all or nothing, as one request.

    The SDK sends a client token along, so that a request repeated after a lost answer is
    carried out once, and answered as it was (DynamoDB knows a token for 10 minutes). Raises
    :class:`Refused` when a condition fails, ``Busy`` when another transaction holds one of
    the items at this moment or what stood against a create has expired since, ``TooLarge``
    for more than ``MAX_ACTIONS`` or an item of more than 400 KB.
    """
    if len(actions) > MAX_ACTIONS:
        raise TooLarge(f"What would be stored takes more than {MAX_ACTIONS} entries at once.")
    try:
        with translated():
            table.client.transact_write_items(
                TransactItems=[_request(table, action) for action in actions]
            )
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        reasons: Any = error.response["CancellationReasons"]
        meaning = _cancelled(table, actions, reasons)
        if meaning is None:
            raise
        raise meaning from error


def delete(table: Table, key: Key, *, expected_version: int | None = None) -> None:
    """Remove one item; of ``expected_version`` if one is given.

    A transaction of one, at twice the price of a plain delete, which has no client token: one
    whose answer was lost is sent again by the SDK, finds nothing, and would be told that the
    item does not exist. Raises ``NotFound`` when it does not, ``PreconditionFailed`` when it
    is at another version, ``Conflict`` when other transactions hold it time and again.
    """
    try:
        transact_patiently(table, [Delete(key, expected_version)])
    except Refused as refused:
        if refused.existing[0] is None:
            raise NotFound("It does not exist.") from refused
        raise PreconditionFailed from refused
    except Busy as busy:
        raise Conflict(BUSY) from busy


def transact_patiently(table: Table, actions: list[Action]) -> None:
    """As :func:`transact`, but wait while another transaction holds one of the items.

    For writes that need not be thought over again when the items have changed: their
    conditions are looked at anew. Raises ``Busy`` when all tries met others.
    """
    for _ in CROWDED.attempts(table.sleep):
        try:
            return transact(table, actions)
        except Busy:
            continue
    raise Busy(BUSY)


def create_together(
    table: Table,
    record: Record,
    also: Iterable[Action],
    idempotency: Idempotency | None = None,
) -> Created:
    """Create an item along with other writes, or return what the same request had made.

    As :meth:`Table.create`, in one transaction that waits for others. Raises
    :class:`Refused` when the item exists and no idempotency key is given, or when only one
    of the other writes is refused; ``Unprocessable`` for a key that was used otherwise.
    """
    if idempotency is not None:
        record = replace(record, fingerprint=idempotency.fingerprint)
    try:
        transact_patiently(table, [Create(record), *also])
    except Refused as refused:
        existing = refused.existing.get(0)
        if existing is None or idempotency is None:
            raise
        idempotency.check(existing.fingerprint)
        return Created(existing.as_created(), replayed=True)
    return Created(record, replayed=False)


def _request(table: Table, action: Action) -> Any:
    now = table.now()
    if isinstance(action, Create):
        return {"Put": _put(table, action.record) | absent(now)}
    if isinstance(action, Replace):
        following = table.next_version(action.record, action.expected_version)
        return {"Put": _put(table, following) | at_version(action.expected_version, now)}
    if isinstance(action, Add):
        return {"Update": _addition(table, action)}
    expected = action.expected_version
    condition = present(now) if expected is None else at_version(expected, now)
    return {"Delete": {"TableName": table.name, "Key": action.key.attributes()} | condition}


def _addition(table: Table, action: Add) -> dict[str, Any]:
    return {
        "TableName": table.name,
        "Key": action.key.attributes(),
        "UpdateExpression": "ADD amount :by SET #type = :type",
        "ExpressionAttributeNames": {"#type": "type"},
        "ExpressionAttributeValues": {":by": {"N": str(action.by)}, ":type": {"S": "counter"}},
    }


def _put(table: Table, record: Record) -> dict[str, Any]:
    return {"TableName": table.name, "Item": to_item(record, shards=table.shards)}


def _cancelled(
    table: Table, actions: list[Action], reasons: list[dict[str, Any]]
) -> Exception | None:
    """Return what the reasons come to, the most telling first, or None for a defect of ours."""
    codes = {reason.get("Code") for reason in reasons}
    if "ConditionalCheckFailed" in codes:
        existing = {
            position: table.alive(reason.get("Item"))
            for position, reason in enumerate(reasons)
            if reason.get("Code") == "ConditionalCheckFailed"
        }
        # What stood against a create and is not there any more expired in between.
        if any(isinstance(actions[one], Create) and not existing[one] for one in existing):
            return Busy(BUSY)
        return Refused(existing)
    if "ValidationError" in codes:
        told = " ".join(str(reason.get("Message")) for reason in reasons)
        return TooLarge(TOO_LARGE) if "size" in told else None
    if codes & {"ThrottlingError", "ProvisionedThroughputExceeded"}:
        return Throttled(THROTTLED)
    if "TransactionConflict" in codes:
        return Busy(BUSY)
    return Unavailable(STORAGE_SILENT)
