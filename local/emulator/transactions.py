"""Size of a transaction.

DynamoDB counts the items, in UTF-8. The emulator counts the request, as JSON in ASCII: in it an
accented letter has three times its bytes, and a quotation mark in a document twice.
"""

import sys
from typing import Any

from ministack.services import dynamodb

from local.emulator.patching import Moved, replace

_LIMIT = "_DDB_TXN_MAX_BYTES"
_MAX_BYTES = 4 * 1024 * 1024


def _counting_items(check: Any) -> Any:
    def checked(data: Any, items_list: Any) -> Any:
        refused = check(data, items_list)
        if refused is None and sum(map(_size, items_list)) > _MAX_BYTES:
            message = "Transaction request exceeds the 4MB transaction size limit"
            return dynamodb.error_response_json("ValidationException", message, 400)
        return refused

    return checked


def _size(member: Any) -> int:
    """Return the bytes that one action sends: its item, or its key and values."""
    _, action = dynamodb._extract_transact_op(member)
    parts = (action.get(name) for name in ("Item", "Key", "ExpressionAttributeValues"))
    return sum(dynamodb._item_size_bytes(part) for part in parts)


def apply() -> None:
    """Count the items of a transaction as DynamoDB does."""
    if getattr(dynamodb, _LIMIT, None) != _MAX_BYTES:
        raise Moved(f"ministack.services.dynamodb.{_LIMIT} is not {_MAX_BYTES}")
    setattr(dynamodb, _LIMIT, sys.maxsize)
    arguments = ("data", "items_list")
    replace(dynamodb, "_transact_write_members_error", arguments, _counting_items)
