"""The stack's own secret: signs cursors. Made on first use, kept in the table."""

import secrets
from functools import cache

from shared.core.errors import Conflict, Unavailable
from shared.storage.errors import STORAGE_SILENT
from shared.storage.records import Key, Record
from shared.storage.table import table

_KEY = Key("stack#secret", "secret")


@cache
def signing_secret() -> bytes:
    """Return the secret: one read for the life of a process, and only where it pages.

    Kept in the table, encrypted at rest, because a secret store has a monthly price and
    this system is to cost nothing when it is not used.
    """
    found = table().get(_KEY)
    if found is None:
        fresh = Record(key=_KEY, type="secret", body={"secret": secrets.token_hex(32)})
        try:
            found = table().create(fresh).record
        except Conflict:
            found = table().get(_KEY)
    if found is None:
        raise Unavailable(STORAGE_SILENT)
    return bytes.fromhex(found.body["secret"])
