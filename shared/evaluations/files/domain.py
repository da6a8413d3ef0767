"""Files of evaluations: keys in the bucket, and the addresses that are signed for them.

A key has the organization, which alone gets addresses of it. A file expires after a week.
"""

import re
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, new_uuid

#: Seconds in which a transfer must begin.
VALID_SECONDS = 900
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_KEY = re.compile(r"datasets/(?:tests|knowledge|files)/(org_[0-9a-f]{32})/[0-9a-f]{32}(?:\.\w+)?$")


class FileType(StrEnum):
    """Purpose of a file, which is a folder of the bucket."""

    TESTS = "tests"
    KNOWLEDGE = "knowledge"
    FILES = "files"


class Bucket(Protocol):
    """Port to the addresses of files."""

    def upload_url(self, key: str, *, seconds: int) -> str:
        """Return an address that accepts a PUT of the object."""

    def link(self, key: str, *, seconds: int, file_name: str) -> str:
        """Return an address that returns the object."""


def new_key(organization_id: OrganizationId, file_type: FileType, name: str) -> str:
    """Return a key for a new file; of its name, the extension stays."""
    extension = found[0] if (found := _EXTENSION.search(name)) else ""
    return f"datasets/{file_type}/{organization_id}/{new_uuid().hex}{extension}"


def key_of(organization_id: OrganizationId, uri: str) -> str | None:
    """Return the key of the file that a URI names, with or without a signature; None if it
    names none of this service. Raises ``NotFound`` for a file of another organization.
    """
    try:
        path = urlsplit(uri).path
    except ValueError:
        return None
    found = _KEY.search(path)
    if found is None:
        return None
    if found[1] != str(organization_id):
        raise NotFound("uri: file not found")
    return found[0]


def plain_uri(url: str) -> str:
    """Return an address without its signature: the name of the file."""
    return url.partition("?")[0]


def download_url(bucket: Bucket, key: str) -> str:
    """Return a signed address of a file."""
    return bucket.link(key, seconds=VALID_SECONDS, file_name=key.rpartition("/")[2])
