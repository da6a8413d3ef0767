"""Page cursors: opaque, signed, and valid only for their list and filters."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.core.json import dumps, fingerprint
from shared.storage.secret import signing_secret

_SIGNATURE_BYTES = 16
_INVALID = "cursor: must be a next_cursor of this list with the same filters."


class Cursors:
    """Writer and reader of the cursors of one list.

    A cursor holds the position that a page ends at, and a signature over organization, list
    and filters: an edited cursor, or one of another list or filter, is rejected and never
    returns a wrong page.
    """

    def __init__(
        self, organization_id: OrganizationId, list_name: str, filters: dict[str, Any] | None = None
    ) -> None:
        self._binding = dumps([str(organization_id), list_name, fingerprint(filters or {})])

    def write(self, position: str | None) -> str | None:
        """Return the cursor of a position; None, for the end of a list, stays None."""
        if position is None:
            return None
        signed = self._signature(position) + position.encode()
        return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()

    def read(self, cursor: str | None) -> str | None:
        """Return the position in a cursor. Raises ``InvalidInput`` for any other text."""
        if cursor is None:
            return None
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            signed = base64.b64decode(padded, altchars=b"-_", validate=True)
            signature, position = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:].decode()
        except (binascii.Error, ValueError) as error:
            raise InvalidInput(_INVALID) from error
        if not hmac.compare_digest(signature, self._signature(position)):
            raise InvalidInput(_INVALID)
        return position

    def _signature(self, position: str) -> bytes:
        message = dumps([self._binding, position]).encode()
        return hmac.digest(signing_secret(), message, hashlib.sha256)[:_SIGNATURE_BYTES]
