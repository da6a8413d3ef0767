"""From what went wrong to an HTTP status: one table for all surfaces."""

from shared.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    Throttled,
    TooLarge,
    Unavailable,
    Unprocessable,
)

STATUS: dict[type[DomainError], int] = {
    InvalidInput: 400,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    PreconditionFailed: 412,
    TooLarge: 413,
    Unprocessable: 422,
    Throttled: 429,
    Unavailable: 503,
}


def status_of(error: DomainError) -> int:
    """Return the status of the nearest class in the table (a subclass inherits)."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500


def headers_of(error: DomainError) -> dict[str, str]:
    """Return the headers an error brings along: when to come back, where that is known."""
    if isinstance(error, Throttled | Unavailable):
        return {"Retry-After": str(error.retry_after)}
    return {}
