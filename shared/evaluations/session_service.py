"""What can be done with evaluation sessions."""

from typing import Any

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import ApiKeyId, OrganizationId, SessionId, TypedId
from shared.evaluations.filters import Listed, SessionFilter, Window, page
from shared.evaluations.models import EvaluationSession, NewSession
from shared.evaluations.parent_documents import TEST_CASES, VERSIONS
from shared.evaluations.parent_repository import ParentRepository, place_of
from shared.evaluations.session_documents import custom_id_record
from shared.evaluations.session_repository import EvaluationSessionRepository
from shared.sessions.store import Opened, SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.transactions import Refused


class EvaluationSessionService:
    """Evaluation sessions."""

    def __init__(
        self,
        store: SessionStore[EvaluationSession],
        repository: EvaluationSessionRepository,
        parents: ParentRepository,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._repository = repository
        self._parents = parents
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        asked: NewSession,
        idempotency: Idempotency | None = None,
    ) -> Opened[EvaluationSession]:
        """Open a session: one batch read, one write.

        Raises ``InvalidInput`` for a test case in production, for a context beside a test
        case, which brings its own, and for a custom id that the version knows already;
        ``NotFound`` for an unknown version or test case.
        """
        session = self._new(organization_id, user_id, asked, idempotency)
        claim = asked.custom_id is not None and custom_id_record(session, asked.custom_id)
        also = [claim] if claim else None
        try:
            return self._store.open(session, idempotency, also)
        except Refused as refused:
            raise InvalidInput(
                "customId: a session of this version has this customId already."
            ) from refused

    def get(self, organization_id: OrganizationId, identifier: str) -> EvaluationSession:
        """Read a session: one request. Raises ``NotFound``, also for an id of another form."""
        known = _read_id(identifier)
        session = self._store.get(organization_id, known) if known else None
        if session is None or session.deleted_at is not None:
            raise NotFound("Session not found")
        return session

    def find(
        self, organization_id: OrganizationId, wanted: SessionFilter, window: Window
    ) -> Listed[EvaluationSession]:
        """Read a page. Raises ``NotFound`` when one of ``ids`` does not exist."""
        if wanted.ids:
            found = self._by_ids(organization_id, wanted.ids)
        elif wanted.custom_ids:
            ids = self._repository.ids_of_custom_ids(organization_id, wanted)
            found = list(self._store.get_many(organization_id, ids).values())
        else:
            rows = self._repository.listed(organization_id, wanted, window)
            return page(rows, window, wanted.passes, place_of)
        within = [session for session in found if window.created_within(session.created_at)]
        return page(window.arranged(within, place_of), window, wanted.passes, place_of)

    def _by_ids(
        self, organization_id: OrganizationId, ids: tuple[str, ...]
    ) -> list[EvaluationSession]:
        known = {text: _read_id(text) for text in ids}
        found = self._store.get_many(organization_id, filter(None, known.values()))
        for text, identifier in known.items():
            session = found.get(identifier) if identifier else None
            if session is None or session.deleted_at is not None:
                raise NotFound(f"ids: session not found: {text[:60]}")
        return list(found.values())

    def _new(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        asked: NewSession,
        idempotency: Idempotency | None,
    ) -> EvaluationSession:
        if asked.test_case_id is not None and asked.is_production:
            raise InvalidInput("isProduction: a session of a test case cannot be production.")
        if asked.test_case_id is not None and asked.context is not None:
            raise InvalidInput("context: a session of a test case takes its context from it.")
        version, test_case = self._above(organization_id, asked)
        now = self._clock()
        production = asked.is_production
        return EvaluationSession(
            id=SessionId(idempotency.uuid()) if idempotency else SessionId.new(),
            organization_id=organization_id,
            created_at=now,
            updated_at=now,
            version_id=version.id,
            product_id=version.product_id,
            user_id=user_id,
            test_case_id=test_case and test_case.id,
            test_id=test_case and test_case.test_id,
            custom_id=asked.custom_id,
            context=test_case.context if test_case else asked.context,
            metadata=asked.metadata,
            status=asked.status,
            is_production=test_case is None if production is None else production,
        )

    def _above(self, organization_id: OrganizationId, asked: NewSession) -> tuple[Any, Any]:
        """Read version and test case together. Raises ``NotFound`` for either."""
        wanted: list[tuple[Any, TypedId | None]] = [(VERSIONS, VERSIONS.read_id(asked.version_id))]
        if asked.test_case_id is not None:
            wanted.append((TEST_CASES, TEST_CASES.read_id(asked.test_case_id)))
        known = [(kind, identifier) for kind, identifier in wanted if identifier is not None]
        found = self._parents.get_together(organization_id, known)
        entities = [found.get(identifier) if identifier else None for _, identifier in wanted]
        if entities[0] is None:
            raise NotFound("versionId: version not found")
        if len(entities) == 1:
            return entities[0], None
        if entities[1] is None:
            raise NotFound("testCaseId: test case not found")
        return entities[0], entities[1]


def _read_id(text: str) -> SessionId | None:
    try:
        return SessionId.parse(text)
    except ValueError:
        return None
