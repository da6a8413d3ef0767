"""The error bodies that routes document. The edge itself answers in this form: surfaces.py."""

from pydantic import BaseModel


class ErrorResponse(BaseModel):
    """An error of the playground's surface: a code for machines, a message for people."""

    error: str
    message: str
