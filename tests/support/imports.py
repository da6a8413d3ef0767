"""Messages of the import queue, as the queue hands them to its function."""

from datetime import UTC, datetime
from typing import Any

from functions.triggers import import_sessions
from shared.core.ids import OrganizationId
from shared.identity.service import identity
from shared.imports.envelope import Envelope
from shared.sessions.models import SessionKind
from tests.support.gateway import Gateway

SENT_AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def body_of(
    organization_id: OrganizationId, kind: SessionKind, conversation: Any, **fields: Any
) -> str:
    """Return a message about a conversation."""
    envelope = Envelope(
        organization_id=organization_id,
        kind=kind,
        import_name=fields.pop("name", "march"),
        sent_at=fields.pop("at", SENT_AT),
        conversation=conversation,
        **fields,
    )
    return envelope.to_body()


def handed_over(*bodies: str) -> list[str]:
    """Hand a batch to the function; return the numbers of those that come again."""
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    answer = import_sessions.handler({"Records": records}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def known(api: Gateway) -> Gateway:
    """Make the organisation of an API's caller exist."""
    identity().create_organization(api.organization_id, "Test")
    return api
