"""The error bodies that routes document. The edge itself answers in this form: surfaces.py."""

from typing import Any

from pydantic import BaseModel


class ErrorResponse(BaseModel):
    """An error of the playground's surface: a code for machines, a message for people."""

    error: str
    message: str


_DESCRIBED = {
    400: "Bad request",
    401: "Authentication required",
    403: "The key lacks the scope for the operation",
    404: "Resource not found",
    409: "The state of the resource does not allow it",
    412: "The resource has changed since the version in `If-Match`",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the errors that a playground route may answer.

    401 is always among them: API Gateway answers it before a function runs.
    """
    return {
        status: {"description": _DESCRIBED[status], "model": ErrorResponse}
        for status in sorted({401, *statuses})
    }
