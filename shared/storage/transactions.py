"""Several items written together or not at all."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from shared.core.errors import Throttled, TooLarge, Unavailable
from shared.storage.errors import translated
from shared.storage.records import Key, Record, from_item, to_item
from shared.storage.table import Table

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


type Action = Create | Replace | Delete


def transact(table: Table, actions: list[Action]) -> None:
    """Write all or nothing, as one request.

    The SDK sends a client token along, so that a request repeated after a lost answer is
    carried out once. Raises :class:`Refused` when a condition fails, ``Unavailable`` when
    another transaction holds one of the items at this moment.
    """
    try:
        with translated():
            table.client.transact_write_items(
                TransactItems=[_request(table, action) for action in actions]
            )
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        raise _cancelled(error.response["CancellationReasons"]) from error  # type: ignore[typeddict-item]  # of this error only


def _request(table: Table, action: Action) -> Any:
    if isinstance(action, Create):
        return {"Put": _conditional(table, action.record, None)}
    if isinstance(action, Replace):
        following = table.next_version(action.record, action.expected_version)
        return {"Put": _conditional(table, following, action.expected_version)}
    return {
        "Delete": {
            "TableName": table.name,
            "Key": action.key.attributes(),
            **_condition(action.expected_version, "attribute_exists(pk)"),
        }
    }


def _conditional(table: Table, record: Record, expected_version: int | None) -> dict[str, Any]:
    return {
        "TableName": table.name,
        "Item": to_item(record, shards=table.shards),
        **_condition(expected_version, "attribute_not_exists(pk)"),
    }


def _condition(expected_version: int | None, otherwise: str) -> dict[str, Any]:
    if expected_version is None:
        condition: dict[str, Any] = {"ConditionExpression": otherwise}
    else:
        condition = {
            "ConditionExpression": "#version = :version",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {":version": {"N": str(expected_version)}},
        }
    return condition | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def _cancelled(reasons: list[dict[str, Any]]) -> Exception:
    codes = {reason.get("Code") for reason in reasons}
    if "ConditionalCheckFailed" in codes:
        return Refused(
            {
                position: from_item(reason["Item"]) if reason.get("Item") else None
                for position, reason in enumerate(reasons)
                if reason.get("Code") == "ConditionalCheckFailed"
            }
        )
    if codes & {"ThrottlingError", "ProvisionedThroughputExceeded"}:
        return Throttled("The service is receiving too many requests; try again shortly.")
    if "TransactionConflict" in codes:
        return Unavailable("It is being changed right now; try again.", code="busy")
    if "ItemCollectionSizeLimitExceeded" in codes or "ValidationError" in codes:
        return TooLarge("What would be stored is larger than the 400 KB an entry may have.")
    return Unavailable("The storage does not answer; try again shortly.")
