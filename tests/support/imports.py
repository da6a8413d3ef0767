"""Messages of the import queue, delivered to the import function."""

from datetime import UTC, datetime
from typing import Any

from functions.triggers import import_sessions
from shared.core.ids import OrganizationId
from shared.identity.wiring import identity
from shared.imports.envelopes import Envelope
from shared.sessions.domain import SessionKind
from tests.support.gateway import Gateway

SENT_AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def body_of(
    organization_id: OrganizationId, kind: SessionKind, conversation: Any, **fields: Any
) -> str:
    """Return a message with a conversation."""
    envelope = Envelope(
        organization_id=organization_id,
        kind=kind,
        import_name=fields.pop("name", "march"),
        sent_at=fields.pop("at", SENT_AT),
        conversation=conversation,
        **fields,
    )
    return envelope.to_body()


def deliver(*bodies: str) -> list[str]:
    """Deliver a batch to the function; return the numbers of the failed messages."""
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    answer = import_sessions.handler({"Records": records}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def known(api: Gateway) -> Gateway:
    """Create the organization of an API's caller."""
    identity().create_organization(api.organization_id, "Test")
    return api
