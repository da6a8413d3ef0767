"""Transactions: several items written together or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from shared.core.errors import (
    CONCURRENTLY_MODIFIED,
    Busy,
    Conflict,
    Throttled,
    TooLarge,
    Unavailable,
)
from shared.storage.conditions import absent, at_version, exists
from shared.storage.contention import CONTENTION, ConditionFailed
from shared.storage.errors import STORAGE_SILENT, THROTTLED, TOO_LARGE, translated
from shared.storage.records import Key, Record, to_item
from shared.storage.table import Table

#: Actions in one transaction, at most (DynamoDB's own limit).
MAX_ACTIONS = 100


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
    """Remove an item: at ``expected_version``, or whether it exists or not."""

    key: Key
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing; an entity must exist at this key, and not be deleted."""

    key: Key


type Action = Create | Replace | Delete | Check


def write(table: Table, actions: Sequence[Action]) -> None:
    """Write all or nothing: one item by a put, which costs half, several by a transaction.

    Raises as :func:`transact`.
    """
    if len(actions) == 1:
        [action] = actions
        if isinstance(action, Create):
            table.create(action.record)
            return
        if isinstance(action, Replace):
            table.replace(action.record, expected_version=action.expected_version)
            return
    transact(table, actions)


def transact(table: Table, actions: Sequence[Action]) -> None:
    """Write all or nothing, as one request.

    The SDK sends a client token along, so that a request repeated after a lost answer is
    carried out once and answered as it was (DynamoDB remembers a token for 10 minutes).
    Raises :class:`ConditionFailed` when a condition fails, ``Busy`` when another transaction
    holds one of the items or an item that failed a create has expired since, ``TooLarge``
    for more than ``MAX_ACTIONS`` or an item of more than 400 KB.
    """
    if len(actions) > MAX_ACTIONS:
        raise TooLarge(f"The request would write more than {MAX_ACTIONS} items; split it.")
    try:
        with translated():
            table.client.transact_write_items(
                TransactItems=[_request(table, action) for action in actions]
            )
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        reasons: Any = error.response["CancellationReasons"]
        cause = _cause(table, actions, reasons)
        if cause is None:
            raise
        raise cause from error


def write_when_free(table: Table, actions: Sequence[Action]) -> None:
    """As :func:`write`, but wait while another transaction holds one of the items.

    For writes whose conditions alone decide, without a new read. Raises ``Conflict`` when all
    tries meet other transactions, and :class:`ConditionFailed`.
    """
    for _ in CONTENTION.attempts(table.sleep):
        try:
            return write(table, actions)
        except Busy:
            continue
    raise Conflict(CONCURRENTLY_MODIFIED)


def write_unless_exists(table: Table, record: Record) -> bool:
    """Write an item unless it exists, and return whether it was written.

    For items named by their content: one that exists says the same. Raises ``Conflict``.
    """
    try:
        write_when_free(table, [Create(record)])
    except ConditionFailed:
        return False
    return True


def _request(table: Table, action: Action) -> Any:
    now = table.now()
    if isinstance(action, Create):
        return {"Put": _put(table, action.record) | absent(now)}
    if isinstance(action, Replace):
        following = table.next_version(action.record, action.expected_version)
        return {"Put": _put(table, following) | at_version(action.expected_version, now)}
    if isinstance(action, Check):
        return {
            "ConditionCheck": {"TableName": table.name, "Key": action.key.attributes()} | exists()
        }
    expected = action.expected_version
    condition = {} if expected is None else at_version(expected, now)
    return {"Delete": {"TableName": table.name, "Key": action.key.attributes()} | condition}


def _put(table: Table, record: Record) -> dict[str, Any]:
    return {"TableName": table.name, "Item": to_item(record, shards=table.shards)}


def _cause(
    table: Table, actions: Sequence[Action], reasons: list[dict[str, Any]]
) -> Exception | None:
    """Return the error of a cancelled transaction, the most specific first; None for a defect."""
    codes = {reason.get("Code") for reason in reasons}
    if "ConditionalCheckFailed" in codes:
        existing = {
            position: table.alive(reason.get("Item"))
            for position, reason in enumerate(reasons)
            if reason.get("Code") == "ConditionalCheckFailed"
        }
        if any(isinstance(actions[one], Create) and not existing[one] for one in existing):
            return Busy()  # the item that failed a create has expired since
        return ConditionFailed(existing)
    if "ValidationError" in codes:
        messages = " ".join(str(reason.get("Message")) for reason in reasons)
        return TooLarge(TOO_LARGE) if "size" in messages else None
    if codes & {"ThrottlingError", "ProvisionedThroughputExceeded"}:
        return Throttled(THROTTLED)
    if "TransactionConflict" in codes:
        return Busy()
    return Unavailable(STORAGE_SILENT)
