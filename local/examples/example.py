"""Example request, and the ids that examples refer to."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.core.ids import ApiKeyId, OrganizationId
from shared.storage.idempotency import Idempotency

ORGANIZATION = OrganizationId(UUID(int=1))
KEY_ID = ApiKeyId(UUID(int=1))
#: Sent by every example that creates a resource: its id is then always the same, and later
#: examples can refer to it.
IDEMPOTENCY_KEY = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Request to one endpoint.

    Attributes
    ----------
    parameters, query, body
        Path parameters, query parameters and JSON body.
    after
        Modules whose examples must be executed before, in this order; a module with a body is
        executed with that body, and without its idempotency key.
    """

    parameters: dict[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    after: tuple[str | tuple[str, Any], ...] = ()


def example_id(path: str, part: str = "", method: str = "POST") -> UUID:
    """Return the id of the resource that the example of a path creates."""
    request = Idempotency(
        organization_id=ORGANIZATION,
        operation=f"{method} {path}",
        key=IDEMPOTENCY_KEY,
        fingerprint="",
    )
    return request.uuid(part)
