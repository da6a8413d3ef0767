"""Signing secret of the stack: signs cursors and derives repeatable API keys."""

import secrets
from contextlib import suppress
from functools import cache

from shared.core.errors import Unavailable
from shared.storage.contention import ConditionFailed
from shared.storage.records import Key, Record
from shared.storage.table import Table, table

_KEY = Key("stack#secret", "secret")
_MISSING = "The stack has no signing secret; deploy the stack again or run make api-key."


def create_signing_secret(stored: Table) -> None:
    """Create the secret unless the stack has one: one conditional write.

    Called when the stack is deployed and when a key is created by command, so that no
    function that reads lists needs to write. Kept in the table, which is encrypted at rest:
    a secret store has a monthly price, and an idle stack must cost nothing.
    """
    record = Record(key=_KEY, type="secret", body={"secret": secrets.token_hex(32)})
    with suppress(ConditionFailed):
        stored.create(record)


@cache
def signing_secret() -> bytes:
    """Return the secret: one read per process, on its first use.

    Raises ``Unavailable`` when the stack has none.
    """
    found = table().get(_KEY)
    if found is None:
        raise Unavailable(_MISSING)
    return bytes.fromhex(found.body["secret"])
