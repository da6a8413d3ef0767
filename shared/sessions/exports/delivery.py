"""Delivery of a text of any size: in the response itself, or as an object with a link."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.core.clock import Clock
from shared.core.ids import OrganizationId, new_uuid
from shared.core.json import dumps

#: Bytes of a text in the response itself, as a string in the function's JSON.
MAX_INLINE_BYTES = 5_500_000
#: Time for which the link to a larger text can be used.
LINK_SECONDS = 900


class Bucket(Protocol):
    """Port to the objects of large texts."""

    def write_parts(self, key: str, pieces: Iterable[str], media_type: str) -> None:
        """Store an object, whole or not at all."""

    def link(self, key: str, *, seconds: int, file_name: str) -> str:
        """Return a URL of an object that expires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A delivered file: its text, or a URL of it until ``expires_at``."""

    media_type: str
    file_name: str
    text: str = ""
    url: str | None = None
    expires_at: datetime | None = None

    @property
    def file(self) -> tuple[str, str, str]:
        """Text, media type and file name."""
        return self.text, self.media_type, self.file_name


class Delivery:
    """Delivery of files; ``bucket`` is connected at first use."""

    def __init__(self, bucket: Callable[[], Bucket], clock: Clock) -> None:
        self._bucket = bucket
        self._clock = clock

    def deliver(
        self,
        organization_id: OrganizationId,
        name: str,
        pieces: Iterator[str],
        *,
        media_type: str,
        extension: str,
    ) -> Export:
        """Return a file; a text that no response could hold goes into the bucket."""
        head, is_whole = _head(pieces)
        file_name = f"{name}.{extension}"
        if is_whole:
            return Export(media_type=media_type, file_name=file_name, text="".join(head))
        key = f"exports/{organization_id}/{name}/{new_uuid()}.{extension}"
        bucket = self._bucket()
        bucket.write_parts(key, _chain(head, pieces), media_type)
        return Export(
            media_type=media_type,
            file_name=file_name,
            url=bucket.link(key, seconds=LINK_SECONDS, file_name=file_name),
            expires_at=self._clock() + timedelta(seconds=LINK_SECONDS),
        )


def _head(pieces: Iterator[str]) -> tuple[list[str], bool]:
    """Return the first pieces, and whether they are all and fit into a response."""
    found: list[str] = []
    left = MAX_INLINE_BYTES
    for piece in pieces:
        found.append(piece)
        left -= len(dumps(piece).encode())
        if left < 0:
            return found, False
    return found, True


def _chain(head: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from rest
