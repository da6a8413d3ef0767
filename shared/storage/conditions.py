"""Conditions of a write, as arguments of a put or a delete.

Each also asks for the item that failed it: an answer to the client without a read. ``now`` is
in seconds since the epoch: an item past its expiry does not exist, although DynamoDB removes
it up to days later.
"""

from typing import Any

_RETURN_ITEM = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


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
