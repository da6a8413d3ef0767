"""Forks in the API: the request."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.agents.api import Tags, text_up_to
from shared.agents.forks.service import ForkInput
from shared.agents.limits import MAX_TITLE_LENGTH

#: Above the sequences that an event's id has room for.
_MAX_SEQUENCE = 2**32 - 1


class ForkSessionRequest(BaseModel):
    """The point at which to fork a session, and the fork's own fields."""

    at_sequence: int = Field(ge=0, le=_MAX_SEQUENCE)
    """Sequence of the last event that the fork begins with: from 0, for none, to the session's
    last."""
    title: Annotated[str, text_up_to(MAX_TITLE_LENGTH)] | None = None
    """Title for people, at most 255 characters; that of the origin if null or absent."""
    tags: Tags | None = None
    """Labels, at most 50 of 128 characters each; those of the origin if null or absent."""

    def to_domain(self) -> ForkInput:
        return ForkInput(
            at_sequence=self.at_sequence,
            title=self.title,
            tags=None if self.tags is None else tuple(self.tags),
        )
