"""What an example says, and the ids it can count on."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.core.ids import ApiKeyId, OrganizationId
from shared.storage.idempotency import Idempotency

ORGANIZATION = OrganizationId(UUID(int=1))
KEY_ID = ApiKeyId(UUID(int=1))
#: Sent by every example that creates something: its answer, id included, is then always the
#: same, so that the examples that follow can name what it made.
IDEMPOTENCY_KEY = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request to one endpoint.

    Attributes
    ----------
    parameters, query, body
        What fills the path, what stands behind it, and the JSON that is sent.
    after
        The modules whose examples must have been carried out, in this order, for this one
        to succeed.
    refused
        The status of its answer, where no examples before it lead to a success.
    """

    parameters: dict[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    after: tuple[str, ...] = ()
    refused: int | None = None


def made_by(path: str, part: str = "", method: str = "POST") -> UUID:
    """Return the id of what the example of a path makes."""
    request = Idempotency(
        organization_id=ORGANIZATION,
        operation=f"{method} {path}",
        key=IDEMPOTENCY_KEY,
        fingerprint="",
    )
    return request.uuid(part)
