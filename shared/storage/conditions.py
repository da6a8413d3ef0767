"""Conditions of a write, as arguments of a put or a delete.

Each also asks for the item that stood against it: an answer to the client without a read.
"""

from typing import Any

_ANSWER = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def absent(now: int) -> dict[str, Any]:
    """Return the condition that there is no such item, or only one that has expired.

    ``now`` is in seconds since the epoch. DynamoDB removes late what has expired.
    """
    return _ANSWER | {
        "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
    }


def present() -> dict[str, Any]:
    """Return the condition that there is such an item."""
    return _ANSWER | {"ConditionExpression": "attribute_exists(pk)"}


def at_version(version: int) -> dict[str, Any]:
    """Return the condition that the item is at a version."""
    return _ANSWER | {
        "ConditionExpression": "#version = :version",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":version": {"N": str(version)}},
    }
