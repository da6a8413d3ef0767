"""Conditions of a write: the version that a client expects, and arguments of a put or a delete.

Each argument also asks for the item that failed it: an answer to the client without a read.
``now`` is in seconds since the epoch: an item past its expiry does not exist, although DynamoDB
removes it up to days later.
"""

from typing import Any

from shared.core.errors import PreconditionFailed

#: Version at which a client may write an entity, one of several, or None for any.
type ExpectedVersion = int | frozenset[int] | None

_RETURN_ITEM = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def check_version(expected: ExpectedVersion, version: int) -> None:
    """Raise ``PreconditionFailed`` unless an entity is at an expected version."""
    accepted = expected if isinstance(expected, frozenset) else {expected}
    if expected is not None and version not in accepted:
        raise PreconditionFailed


def absent(now: int) -> dict[str, Any]:
    """Return the condition that the item does not exist."""
    return _RETURN_ITEM | {
        "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
    }


def at_version(version: int, now: int) -> dict[str, Any]:
    """Return the condition that the item exists at a version."""
    return _RETURN_ITEM | {
        "ConditionExpression": (
            "#version = :version AND (attribute_not_exists(expires_at) OR expires_at > :now)"
        ),
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":version": {"N": str(version)}, ":now": {"N": str(now)}},
    }


def exists() -> dict[str, Any]:
    """Return the condition that an entity exists and is not deleted (no tombstone)."""
    return _RETURN_ITEM | {
        "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(mark_deleted)"
    }
