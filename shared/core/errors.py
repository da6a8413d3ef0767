"""What can go wrong, in the words of the domain. HTTP is not known here.

Each error carries a ``code`` for machines and a message for people. The message is shown
to the client: it names the field or the thing, and never another organisation's data.
"""


class DomainError(Exception):
    """The base of all errors a use case may raise on purpose."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(DomainError):
    """The input cannot be accepted, whatever the state of the system."""

    code = "invalid_input"


class Unprocessable(DomainError):
    """The input is well-formed, but contradicts itself or an earlier request."""

    code = "unprocessable"


class NotFound(DomainError):
    """The thing does not exist, or belongs to another organisation: no telling which."""

    code = "not_found"


class Forbidden(DomainError):
    """The key lacks the scope for the operation."""

    code = "forbidden"


class Conflict(DomainError):
    """The state of the thing does not allow the operation now."""

    code = "conflict"


class PreconditionFailed(DomainError):
    """The thing has changed since the version that the client named."""

    code = "precondition_failed"

    def __init__(
        self, message: str = "It was changed meanwhile; read it again and repeat."
    ) -> None:
        super().__init__(message)


class TooLarge(DomainError):
    """The input, or what it would grow to, is over a size limit."""

    code = "payload_too_large"


class Throttled(DomainError):
    """Too many requests for now; nothing was done. ``retry_after`` is in seconds."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something the system depends on does not answer; the request may be repeated."""

    code = "unavailable"

    def __init__(self, message: str, *, code: str | None = None, retry_after: int = 1) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Busy(Unavailable):
    """Another writer is at the thing at this very moment; nothing was done."""

    code = "busy"
