"""What can be done with evaluation sessions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

from shared.core.backoff import CROWDED
from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, DomainError, InvalidInput, NotFound
from shared.core.ids import ApiKeyId, OrganizationId, SessionId, TypedId
from shared.evaluations.changes import Unchanged, changed_session, finished_session
from shared.evaluations.client_ids import read_id
from shared.evaluations.filters import Listed, SessionFilter, Window, page
from shared.evaluations.models import EvaluationSession, NewSession
from shared.evaluations.parent_documents import TEST_CASES, VERSIONS
from shared.evaluations.parent_repository import Kept, ParentRepository, place_of
from shared.evaluations.parents import TestCase, Version
from shared.evaluations.session_documents import CUSTOM_ID_TAKEN, claims_custom_id, custom_id_record
from shared.evaluations.session_removal import claims_freed, delete_together
from shared.evaluations.session_repository import EvaluationSessionRepository
from shared.sessions.models import NewEvent
from shared.sessions.store import Opened, SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.transactions import Action, Create, Refused


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

        The first session of a version or of a test case is also written down there, so
        that neither can be deleted at the same moment. Raises ``InvalidInput`` for a test
        case in production, for a context beside a test case, which brings its own, and for
        a custom id that the version knows already; ``NotFound`` for an unknown version or
        test case.
        """
        identifier = SessionId(idempotency.uuid()) if idempotency else SessionId.new()
        # Again where version or test case is written to meanwhile, as by first sessions.
        for _ in CROWDED.attempts(self._store.table.sleep):
            try:
                version, test_case = self._above(organization_id, asked)
            except DomainError:
                earlier = idempotency and self._store.opened_before(
                    organization_id, identifier, idempotency
                )
                if not earlier:
                    raise
                return earlier
            session = self._new(
                identifier, user_id, asked, version.entity, test_case.entity if test_case else None
            )
            above = [version, test_case] if test_case else [version]
            also = [*_claims_made(session), *_adoptions(above, identifier)]
            try:
                return self._store.open(session, idempotency, also)
            except Refused as refused:
                _raise_if_taken(refused)
        raise Conflict("Too many sessions are opened for this version at once; try again.")

    def get(self, organization_id: OrganizationId, identifier: str) -> EvaluationSession:
        """Read a session: one request. Raises ``NotFound``, also for an id of another form."""
        return self._store.get(organization_id, _known(identifier))

    def update(
        self,
        organization_id: OrganizationId,
        identifier: str,
        told: dict[str, Any],
        *,
        expected_version: int | None = None,
    ) -> EvaluationSession:
        """Change what was told, by field: one read, one write.

        Raises ``NotFound``, ``PreconditionFailed``, and ``InvalidInput`` for a field that
        cannot change or a custom id that another session of the version has.
        """
        return self._change(
            organization_id,
            identifier,
            lambda session: changed_session(session, told),
            expected_version,
        )

    def finish(
        self,
        organization_id: OrganizationId,
        identifier: str,
        stopping_reason: str | None,
        error: str | None,
        *,
        expected_version: int | None = None,
    ) -> EvaluationSession:
        """Close a session: one read, one write. Finished so before, it is answered as it is.

        Raises ``NotFound``, ``PreconditionFailed``, and ``InvalidInput`` as
        :func:`finished_session`.
        """
        return self._change(
            organization_id,
            identifier,
            lambda session: finished_session(session, stopping_reason, error),
            expected_version,
        )

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: int | None = None,
    ) -> None:
        """Delete a session, and free its custom id: one read, one write.

        It is gone at once for every reader; its turns are removed in the background.
        Raises ``NotFound`` and ``PreconditionFailed``.
        """
        self._store.delete(
            organization_id,
            _known(identifier),
            expected_version=expected_version,
            also=claims_freed,
        )

    def delete_many(self, organization_id: OrganizationId, identifiers: list[str]) -> None:
        """Delete sessions, or none if one of them does not exist (``NotFound``)."""
        ids = []
        for text in identifiers:
            if (known := read_id(SessionId.parse, text)) is None:
                raise NotFound(f"ids: session not found: {text[:60]}")
            ids.append(known)
        delete_together(self._store, organization_id, ids)

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
        known = {text: read_id(SessionId.parse, text) for text in ids}
        found = self._store.get_many(organization_id, filter(None, known.values()))
        for text, identifier in known.items():
            session = found.get(identifier) if identifier else None
            if session is None:
                raise NotFound(f"ids: session not found: {text[:60]}")
        return list(found.values())

    def _change(
        self,
        organization_id: OrganizationId,
        identifier: str,
        rule: Callable[[EvaluationSession], EvaluationSession],
        expected_version: int | None,
    ) -> EvaluationSession:
        def change(session: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            after = rule(session)
            if after == session:
                raise Unchanged(session)
            return replace(after, updated_at=self._clock()), []

        try:
            return self._store.append(
                organization_id,
                _known(identifier),
                change,
                expected_version=expected_version,
                also=_claims_moved,
            ).session
        except Unchanged as unchanged:
            return cast("EvaluationSession", unchanged.thing)
        except Refused as refused:
            raise InvalidInput(CUSTOM_ID_TAKEN) from refused

    def _new(
        self,
        identifier: SessionId,
        user_id: ApiKeyId,
        asked: NewSession,
        version: Version,
        test_case: TestCase | None,
    ) -> EvaluationSession:
        now = self._clock()
        production = asked.is_production
        return EvaluationSession(
            id=identifier,
            organization_id=version.organization_id,
            created_at=now,
            updated_at=now,
            version_id=version.id,
            product_id=version.product_id,
            user_id=user_id,
            test_case_id=test_case.id if test_case else None,
            test_id=test_case.test_id if test_case else None,
            custom_id=asked.custom_id,
            context=test_case.context if test_case else asked.context,
            metadata=asked.metadata,
            status=asked.status,
            is_production=test_case is None if production is None else production,
        )

    def _above(
        self, organization_id: OrganizationId, asked: NewSession
    ) -> tuple[Kept[Version], Kept[TestCase] | None]:
        """Read version and test case together. Raises ``NotFound`` for either."""
        if asked.test_case_id is not None and asked.is_production:
            raise InvalidInput("isProduction: a session of a test case cannot be production.")
        if asked.test_case_id is not None and asked.context is not None:
            raise InvalidInput("context: a session of a test case takes its context from it.")
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


def _claims_made(session: EvaluationSession) -> list[Action]:
    """Return what keeps a session's custom id from others in the version."""
    if session.custom_id is None:
        return []
    return [Create(custom_id_record(session, session.custom_id))]


def _adoptions(above: list[Kept[Any]], child: SessionId) -> Iterator[Action]:
    return (action for kept in above for action in kept.adoption(child))


def _claims_moved(before: EvaluationSession, after: EvaluationSession) -> list[Action]:
    if before.custom_id == after.custom_id:
        return []
    return [*_claims_made(after), *claims_freed(before)]


def _raise_if_taken(refused: Refused) -> None:
    """Tell a custom id that is taken from a version that was written to meanwhile."""
    if any(map(claims_custom_id, refused.existing.values())):
        raise InvalidInput(CUSTOM_ID_TAKEN) from refused


def _known(text: str) -> SessionId:
    known = read_id(SessionId.parse, text)
    if known is None:
        raise NotFound("Session not found")
    return known
