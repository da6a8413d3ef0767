"""Cursors: opaque, signed, and good only for the list and filters they came from."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.core.json import dumps, fingerprint
from shared.storage.secret import signing_secret

_SIGNATURE = 16


class Cursors:
    """Writes and reads the cursors of one list.

    A cursor holds the position to go on behind and a signature over organisation, list
    and filters. So a cursor from elsewhere, of another filter, or edited, is refused
    instead of quietly giving a wrong page.
    """

    def __init__(
        self, organization_id: OrganizationId, list_name: str, filters: dict[str, Any] | None = None
    ) -> None:
        self._binding = dumps([str(organization_id), list_name, fingerprint(filters or {})])

    def write(self, position: str | None) -> str | None:
        """Return the cursor of a position; None, at the end of a list, stays None."""
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
            signature, position = signed[:_SIGNATURE], signed[_SIGNATURE:].decode()
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("cursor: not a cursor of this list.") from error
        if not hmac.compare_digest(signature, self._signature(position)):
            raise InvalidInput("cursor: not a cursor of this list and these filters.")
        return position

    def _signature(self, position: str) -> bytes:
        message = dumps([self._binding, position]).encode()
        return hmac.digest(signing_secret(), message, hashlib.sha256)[:_SIGNATURE]
