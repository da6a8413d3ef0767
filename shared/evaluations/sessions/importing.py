"""Import of captured conversations as evaluation sessions, under a version of the import."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Any

from shared.core.errors import Deleted, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.evaluations.catalog.domain import CatalogEntity, Product, Version
from shared.evaluations.catalog.filters import CatalogFilter
from shared.evaluations.catalog.service import CatalogService
from shared.evaluations.list_windows import Window
from shared.evaluations.sessions.documents import claim_custom_id, reject_claimed_custom_id
from shared.evaluations.sessions.domain import EvaluationSession, SessionStatus
from shared.evaluations.sessions.imported_turns import result_events, session_metadata
from shared.evaluations.sessions.repository import EvaluationSessionRepository
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.capturing import capture
from shared.sessions.documents import session_key
from shared.sessions.domain import SessionKind
from shared.sessions.recorded_turns import NO_KEY
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created
from shared.storage.transactions import Action

#: Product of conversations without an agent.
UNNAMED_PRODUCT = "Imported conversations"
_DELETED = "The version of this import was deleted meanwhile; retry."


class EvaluationSessionImporter:
    """Stores captured conversations as evaluation sessions."""

    def __init__(
        self,
        repository: EvaluationSessionRepository,
        products: CatalogService[Product],
        versions: CatalogService[Version],
    ) -> None:
        self._repository = repository
        self._products = products
        self._versions = versions
        self._found: dict[tuple[OrganizationId, str, str], Version] = {}

    def add(
        self,
        organization_id: OrganizationId,
        conversation: CapturedConversation,
        *,
        import_name: str,
        at: datetime,
    ) -> Created[SessionId]:
        """Store a conversation as a session: one read, one write.

        The first of an import creates its product and version, by the names of the agent and
        the import. Repeated calls store one session. Raises ``NotFound`` if the version was
        deleted, ``InvalidInput`` for a used custom id or a late time, and as :func:`capture`.
        """
        conversation.check_times(at)
        request = conversation.request(organization_id, SessionKind.EVALUATION)
        import_key = (organization_id, conversation.agent or UNNAMED_PRODUCT, import_name)
        if import_key not in self._found:  # a repeated import must create no product or version
            key = session_key(organization_id, SessionId(request.uuid()))
            if replay := self._repository.find_replay(key, request):
                return Created(replay.entity.id, replayed=True)
        version = self._version(*import_key)
        session = EvaluationSession(
            id=SessionId(request.uuid()),
            organization_id=organization_id,
            created_at=conversation.times_until(at)[0],
            updated_at=at,
            tags=conversation.tags,
            version_id=version.id,
            product_id=version.product_id,
            user_id=NO_KEY,
            custom_id=conversation.id,
            metadata=session_metadata(conversation),
            status=SessionStatus.COMPLETED,
        )
        created = capture(
            self._repository,
            session,
            result_events(conversation, at),
            at=at,
            idempotency=request,
            also=lambda: self._claims(session),
            on_condition_failed=reject_claimed_custom_id,
        )
        return Created(session.id, replayed=created.replayed)

    def _claims(self, session: EvaluationSession) -> Sequence[Action]:
        """Return the writes that claim the session's custom id and its place in the version."""
        versions = self._repository.versions
        try:
            loaded = versions.load(session.organization_id, session.version_id)
        except NotFound:
            self._found.clear()  # the next delivery creates another version
            raise NotFound(_DELETED) from None
        return [*claim_custom_id(session), *versions.adding_child(loaded, session.id)]

    def _version(self, organization_id: OrganizationId, agent: str, import_name: str) -> Version:
        known = (organization_id, agent, import_name)
        if known not in self._found:
            product_id = self._product_id(organization_id, agent)
            fields = {"product_id": product_id, "name": import_name}
            key = f"{product_id} {import_name}"
            self._found[known] = _create(
                self._versions, organization_id, fields, "import version", key
            )
        return self._found[known]

    def _product_id(self, organization_id: OrganizationId, name: str) -> str:
        """Return the product of a name, created if there is none."""
        accepted = CatalogFilter(names=(name,))
        if found := self._products.find(organization_id, accepted, Window(limit=1)).items:
            return str(found[0].id)
        return str(
            _create(self._products, organization_id, {"name": name}, "import product", name).id
        )


def _create[E: CatalogEntity](
    catalog: CatalogService[E],
    organization_id: OrganizationId,
    fields: dict[str, Any],
    operation: str,
    key: str,
) -> E:
    """Create the entity that all imports of a key share.

    Its id is derived from the key, so that concurrent imports create one entity. If that was
    deleted, the next id derived from the key is used.
    """
    for generation in count():
        request = Idempotency(
            organization_id=organization_id,
            operation=operation,
            key=f"{key} {generation}" if generation else key,
            fingerprint=operation,
        )
        with suppress(Deleted):
            return catalog.create(organization_id, NO_KEY, fields, request).entity
    raise AssertionError  # pragma: no cover  # an endless count ends by return
