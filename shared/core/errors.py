"""Errors of the domain. HTTP is not known here.

Each error carries a ``code`` for machines and a message for people. The message is shown
to the client: it names the field or the resource, and never another organization's data.
"""

#: Answer to every write that kept meeting concurrent writers.
CONCURRENTLY_MODIFIED = "The resource is being modified concurrently; retry."


class DomainError(Exception):
    """Base of all errors that a use case raises on purpose."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(DomainError):
    """Input that is not acceptable, whatever the state of the system."""

    code = "invalid_input"


class Unprocessable(DomainError):
    """Well-formed input that contradicts itself or an earlier request."""

    code = "unprocessable"


class NotFound(DomainError):
    """Resource that does not exist or belongs to another organization; both look the same."""

    code = "not_found"


class Forbidden(DomainError):
    """API key without the scope that the operation needs."""

    code = "forbidden"


class Conflict(DomainError):
    """State of the resource that does not allow the operation now."""

    code = "conflict"


class Deleted(Conflict):
    """Repeated create of a resource that was deleted; its id is not used again."""

    code = "deleted"

    def __init__(self) -> None:
        super().__init__(
            "Idempotency-Key: the resource that it created was deleted; use a new key."
        )


class PreconditionFailed(DomainError):
    """Resource that changed since the version that the client named."""

    code = "precondition_failed"

    def __init__(
        self, message: str = "If-Match: the resource has changed since; read it again and retry."
    ) -> None:
        super().__init__(message)


class TooLarge(DomainError):
    """Input, or a resource it would lead to, that exceeds a size limit."""

    code = "payload_too_large"


class Throttled(DomainError):
    """Too many requests for now; nothing was done. ``retry_after`` is in seconds."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Dependency that does not respond; the request may be repeated."""

    code = "unavailable"

    def __init__(self, message: str, *, code: str | None = None, retry_after: int = 1) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Busy(Unavailable):
    """Concurrent writer at the same item at this moment; nothing was done."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(CONCURRENTLY_MODIFIED)
