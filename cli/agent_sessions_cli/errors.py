"""Failures of a command, each with its exit status."""

from enum import IntEnum


class Status(IntEnum):
    """Exit status of a command."""

    OK = 0
    #: The server refused the request, or a part of the work failed.
    FAILED = 1
    #: Wrong command, argument or option; nothing was sent.
    USAGE = 2
    #: No server answers.
    UNREACHABLE = 3
    #: No key, a key that is not valid, or one without the permission.
    UNAUTHORIZED = 4
    #: No such session, scenario or key.
    NOT_FOUND = 5
    #: Ctrl-C.
    INTERRUPTED = 130
    #: The reader of the output has ended.
    PIPE_CLOSED = 141


class Failure(Exception):
    """Reason why a command ends; the message is all that the user sees."""

    def __init__(self, message: str, status: Status = Status.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


#: Exit statuses of error answers; 1 for any other.
_STATUS = {401: Status.UNAUTHORIZED, 403: Status.UNAUTHORIZED, 404: Status.NOT_FOUND}


class Refused(Failure):
    """Error answer of the API, with its HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message, _STATUS.get(code, Status.FAILED))
        self.code = code
