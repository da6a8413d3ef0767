"""Pydantic types common to the API models of several areas."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from shared.core.ids import AgentId, SessionId, TypedId
from shared.core.json import dumps

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _check_rfc_3339(value: Any) -> Any:
    """Reject a date or a number, which Pydantic would accept as a time."""
    if not isinstance(value, datetime) and not _RFC_3339.fullmatch(str(value)):
        raise PydanticCustomError("not_rfc_3339", "must be an RFC 3339 time with its zone")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be in the years 1 to 9999 in UTC") from error


#: A moment in a request, in any zone; converted to UTC, so that the answer to a write equals
#: the answer to a later read.
UtcDatetime = Annotated[AwareDatetime, BeforeValidator(_check_rfc_3339), AfterValidator(_in_utc)]


def _without_fraction(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: For an ``int`` in a strict model: JSON has one kind of number, so 1.0 is the integer 1. Named
#: last in ``Annotated``, or the schema loses the integer's bounds.
WHOLE = BeforeValidator(_without_fraction)

#: Characters of a cursor in a request, at most: a signature and a sort key (1 KB), in base64.
MAX_CURSOR = 2_000
Cursor = Annotated[str, StringConstraints(max_length=MAX_CURSOR)]

#: Texts of requests, by length in characters. Names, ids, slugs, labels, references.
Line = Annotated[str, StringConstraints(max_length=500)]
#: Descriptions, summaries, notes.
Paragraph = Annotated[str, StringConstraints(max_length=10_000)]
#: Prompts, messages, documents; what is stored is also limited by the size of an item.
LongText = Annotated[str, StringConstraints(max_length=200_000)]


def _in_any_form(kind: type[TypedId]) -> WrapValidator:
    """Return a validator of UUIDs that also takes ``<prefix>_<32 hex>``."""

    def read(value: Any, parse_uuid: ValidatorFunctionWrapHandler) -> Any:
        try:
            if isinstance(value, str) and value.startswith(f"{kind.prefix}_"):
                return kind.parse(value).uuid
            return parse_uuid(value)
        except ValueError as error:
            raise PydanticCustomError(
                "id_in_any_form",
                "must be a UUID, or {prefix}_ and 32 lowercase hexadecimal digits",
                {"prefix": kind.prefix},
            ) from error

    return WrapValidator(read)


#: Ids of what another surface shows with a prefix: a UUID, or the form with the prefix.
SessionUuid = Annotated[UUID, _in_any_form(SessionId)]
AgentUuid = Annotated[UUID, _in_any_form(AgentId)]


def at_most_bytes(most: int) -> AfterValidator:
    """Return a validator of a JSON value's size: its bytes as it is stored."""

    def check(value: Any) -> Any:
        check_bytes(value, most)
        return value

    return AfterValidator(check)


def check_bytes(value: Any, most: int) -> None:
    """Raise the error of a field whose JSON value is too large."""
    if len(dumps(value).encode()) > most:
        raise PydanticCustomError(
            "json_too_long", "must have at most {most} bytes as JSON", {"most": most}
        )


def is_none(value: Any) -> bool:
    """Return whether a field is left out of a response: absent, not null (``exclude_if``)."""
    return value is None
