"""Captured conversations as evaluation sessions, under a version made for the import."""

from datetime import datetime
from functools import cache

from shared.core.backoff import CROWDED
from shared.core.errors import Conflict, NotFound
from shared.core.ids import OrganizationId, SessionId, VersionId
from shared.evaluations.filters import ParentFilter, Window
from shared.evaluations.imported_turns import NO_KEY, result_events
from shared.evaluations.models import EvaluationSession, SessionStatus
from shared.evaluations.parent_documents import PRODUCTS, VERSIONS
from shared.evaluations.parent_repository import Kept, ParentRepository
from shared.evaluations.parent_service import ParentService
from shared.evaluations.parents import Version
from shared.evaluations.service import parents
from shared.evaluations.session_documents import (
    CUSTOM_ID_TAKEN,
    EvaluationCodec,
    claims_custom_id,
    custom_id_record,
)
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.capturing import capture
from shared.sessions.models import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.table import table
from shared.storage.transactions import Refused

#: The product of conversations that name no agent.
UNNAMED_PRODUCT = "Imported conversations"


class EvaluationSessionImporter:
    """Makes evaluation sessions of captured conversations."""

    def __init__(
        self,
        store: SessionStore[EvaluationSession],
        repository: ParentRepository,
        parents: ParentService,
    ) -> None:
        self._store = store
        self._repository = repository
        self._parents = parents
        self._versions: dict[tuple[OrganizationId, str, str], VersionId] = {}

    def add(
        self,
        organization_id: OrganizationId,
        conversation: CapturedConversation,
        *,
        import_name: str,
        at: datetime,
    ) -> SessionId:
        """Store a conversation as a session: one read, one write.

        Product (by the agent's name) and version (by the import's) are made with the first
        of an import. Sent again, it is the same session. Raises as :func:`capture`, and
        ``NotFound`` when the version has been deleted.
        """
        version_id = self._version(organization_id, conversation, import_name)
        request = conversation.request(organization_id, SessionKind.EVALUATION)
        events = result_events(conversation)
        # Again where the version is written to meanwhile, as by the first session under it.
        for _ in CROWDED.attempts(self._store.table.sleep):
            kept = self._kept(organization_id, version_id)
            session = _session(SessionId(request.uuid()), conversation, kept.entity, at)
            also = [custom_id_record(session, conversation.id), *kept.adoption(session.id)]
            try:
                capture(self._store, session, events, at=at, idempotency=request, also=also)
            except Refused as refused:
                _raise_if_taken(refused)
            else:
                return session.id
        raise Conflict("Too many sessions are opened for this version at once; try again.")

    def _kept(self, organization_id: OrganizationId, version_id: VersionId) -> Kept[Version]:
        kept = self._repository.get(VERSIONS, organization_id, version_id)
        if kept is None:
            raise NotFound("The version of this import was deleted; import by another name.")
        return kept

    def _version(
        self, organization_id: OrganizationId, conversation: CapturedConversation, import_name: str
    ) -> VersionId:
        product = conversation.agent or UNNAMED_PRODUCT
        known = (organization_id, product, import_name)
        if known not in self._versions:
            product_id = self._product(organization_id, product)
            fields = {"product_id": product_id, "name": import_name}
            request = _once(organization_id, "import version", f"{product_id} {import_name}")
            made = self._parents.create(VERSIONS, organization_id, NO_KEY, fields, request)
            self._versions[known] = made.entity.id
        return self._versions[known]

    def _product(self, organization_id: OrganizationId, name: str) -> str:
        """Return the product of that name, made if there is none."""
        wanted = ParentFilter(names=(name,))
        found = self._parents.find(PRODUCTS, organization_id, wanted, Window(limit=1)).items
        if found:
            return str(found[0].id)
        request = _once(organization_id, "import product", name)
        made = self._parents.create(PRODUCTS, organization_id, NO_KEY, {"name": name}, request)
        return str(made.entity.id)


def _session(
    identifier: SessionId, conversation: CapturedConversation, version: Version, at: datetime
) -> EvaluationSession:
    return EvaluationSession(
        id=identifier,
        organization_id=version.organization_id,
        created_at=at,
        updated_at=at,
        tags=conversation.tags,
        version_id=version.id,
        product_id=version.product_id,
        user_id=NO_KEY,
        custom_id=conversation.id,
        status=SessionStatus.COMPLETED,
    )


def _raise_if_taken(refused: Refused) -> None:
    """Tell a custom id that is taken from a version that was written to meanwhile."""
    if any(map(claims_custom_id, refused.existing.values())):
        raise Conflict(CUSTOM_ID_TAKEN) from refused


def _once(organization_id: OrganizationId, operation: str, key: str) -> Idempotency:
    return Idempotency(
        organization_id=organization_id, operation=operation, key=key, fingerprint=operation
    )


@cache
def importer() -> EvaluationSessionImporter:
    """Return the importer of this process."""
    store = SessionStore(table(), EvaluationCodec())
    return EvaluationSessionImporter(store, ParentRepository(table()), parents())
