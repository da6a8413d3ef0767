"""Concurrent writers that moto does not have: requests fail as if others wrote the same items."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from botocore.exceptions import ClientError

from tests.support.storage import hooked

type Refuse = Callable[[str, dict[str, Any]], ClientError | None]
type Refused = AbstractContextManager[list[str]]


def conflicting_transactions(times: int | None = None) -> Refused:
    """Let the next writes, or all, meet a transaction that holds one of their items.

    The context yields a list of the operations that met one.
    """
    return _refused(times, _conflict)


def concurrent_changes(times: int | None = None) -> Refused:
    """Let the next transactions, or all, find an item that was changed since it was read."""
    return _refused(times, _newer_version)


@contextmanager
def _refused(times: int | None, refuse: Refuse) -> Iterator[list[str]]:
    met: list[str] = []

    def meet(model: Any, params: dict[str, Any], **_: Any) -> None:
        if times is None or len(met) < times:
            refusal = refuse(model.name, json.loads(params["body"]))
            if refusal is not None:
                met.append(model.name)
                raise refusal

    with hooked("before-call.dynamodb", meet):
        yield met


def _conflict(operation: str, request: dict[str, Any]) -> ClientError | None:
    if operation == "PutItem":
        return _error("TransactionConflictException", operation)
    if operation == "TransactWriteItems":
        return _cancelled(["TransactionConflict"] * len(request["TransactItems"]))
    return None


def _newer_version(operation: str, request: dict[str, Any]) -> ClientError | None:
    if operation != "TransactWriteItems":
        return None
    arguments = [next(iter(action.values())) for action in request["TransactItems"]]
    versioned = ["#version" in one.get("ConditionExpression", "") for one in arguments]
    if not any(versioned):
        return None
    return _cancelled(["ConditionalCheckFailed" if one else "None" for one in versioned])


def _cancelled(codes: list[str]) -> ClientError:
    error = _error("TransactionCanceledException", "TransactWriteItems")
    answer: Any = error.response
    answer["CancellationReasons"] = [{"Code": code} for code in codes]
    return error


def _error(code: str, operation: str) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": "others are writing"},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    return ClientError(answer, operation)
