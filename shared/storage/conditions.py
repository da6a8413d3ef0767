"""Conditions of a write, as arguments of a put or a delete.

Each also asks for the item that stood against it: an answer to the client without a read.
``now`` is in seconds since the epoch: an item past its expiry is not there, although DynamoDB
removes it up to days later.
"""

from typing import Any

_ANSWER = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
_ALIVE = "(attribute_not_exists(expires_at) OR expires_at > :now)"


def absent(now: int) -> dict[str, Any]:
    """Return the condition that there is no such item."""
    return _ANSWER | {
        "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
    }


def present(now: int) -> dict[str, Any]:
    """Return the condition that there is such an item."""
    return _ANSWER | {
        "ConditionExpression": f"attribute_exists(pk) AND {_ALIVE}",
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
    }


def at_version(version: int, now: int) -> dict[str, Any]:
    """Return the condition that there is such an item, at a version."""
    return _ANSWER | {
        "ConditionExpression": f"#version = :version AND {_ALIVE}",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":version": {"N": str(version)}, ":now": {"N": str(now)}},
    }
