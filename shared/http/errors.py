"""Mapping of domain errors to HTTP statuses and headers: one table for all surfaces."""

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
    """Return the status of the error's nearest class in the table (subclasses inherit)."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def headers_of(error: DomainError) -> dict[str, str]:
    """Return the headers of an error: ``Retry-After``, where the delay is known."""
    if isinstance(error, Throttled | Unavailable):
        return {"Retry-After": str(error.retry_after)}
    return {}
