"""Evaluation session service: create, get, list, update, finish and delete."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import ApiKeyId, OrganizationId, SessionId
from shared.evaluations.catalog.domain import TestCase, Version
from shared.evaluations.changes import Unchanged
from shared.evaluations.client_ids import known_id, load_all
from shared.evaluations.evaluation_runs.domain import EvaluationRun
from shared.evaluations.list_windows import Window, WindowPage, entry, read_window
from shared.evaluations.sessions.batch_deletion import delete_sessions
from shared.evaluations.sessions.documents import (
    claim_custom_id,
    reject_claimed_custom_id,
    release_custom_id,
)
from shared.evaluations.sessions.domain import (
    NOT_IN_RUN,
    NOT_PRODUCTION,
    EvaluationSession,
    NewSession,
    finish_session,
    update_session,
)
from shared.evaluations.sessions.filters import SessionFilter
from shared.evaluations.sessions.repository import EvaluationSessionRepository
from shared.sessions.documents import session_key
from shared.sessions.domain import NewEvent
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Created, Loaded
from shared.storage.transactions import Action


class EvaluationSessionService:
    """Use cases of evaluation sessions."""

    def __init__(self, repository: EvaluationSessionRepository) -> None:
        self._repository = repository

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        new: NewSession,
        idempotency: Idempotency | None = None,
    ) -> Created[EvaluationSession]:
        """Create a session: one batch read, one write.

        The first session of a version or of a test case is written to that too, so that
        neither can be deleted at the same moment; each session of a run is counted in it.
        Raises ``NotFound`` for an unknown version, test case or run, ``InvalidInput`` for a
        test case or a run in production, for a context beside a test case, which has its own,
        for a run that does not accept the session, and for a custom id that is in use; and as
        ``Repository.create``.
        """
        identifier = SessionId(idempotency.uuid()) if idempotency else SessionId.new()

        def build() -> tuple[EvaluationSession, Sequence[Action]]:
            version, test_case, run = self._load_parents(organization_id, new)
            session = self._build(identifier, user_id, new, version.entity, test_case)
            actions = claim_custom_id(session)
            if run:
                session = replace(session, run_id=run.entity.id)
                actions += self._joining(run, session)
            actions += self._repository.versions.adding_child(version, identifier)
            if test_case:
                actions += self._repository.test_cases.adding_child(test_case, identifier)
            return session, actions

        return self._repository.create(
            session_key(organization_id, identifier),
            build,
            idempotency,
            on_condition_failed=reject_claimed_custom_id,
        )

    def get(self, organization_id: OrganizationId, identifier: str) -> EvaluationSession:
        """Return a session: one request. Raises ``NotFound``, also for an invalid id."""
        return self._repository.get(organization_id, _known_id(identifier))

    def update(
        self,
        organization_id: OrganizationId,
        identifier: str,
        fields: dict[str, Any],
        *,
        expected_version: ExpectedVersion = None,
    ) -> EvaluationSession:
        """Change fields: one read, one write; no write where nothing changes.

        Raises ``NotFound``, ``PreconditionFailed``, and ``InvalidInput`` for a field that
        cannot change or a custom id that is in use.
        """
        return self._change(
            organization_id,
            identifier,
            lambda session: update_session(session, fields),
            expected_version,
        )

    def finish(
        self,
        organization_id: OrganizationId,
        identifier: str,
        stopping_reason: str | None,
        error: str | None,
        *,
        expected_version: ExpectedVersion = None,
    ) -> EvaluationSession:
        """Close a session: one read, one write; a repeat writes nothing.

        Raises ``NotFound``, ``PreconditionFailed``, and as :func:`finish_session`.
        """
        return self._change(
            organization_id,
            identifier,
            lambda session: finish_session(session, stopping_reason, error),
            expected_version,
        )

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete a session and release its custom id: one read, one write.

        Readers do not find it any more; its turns are removed in the background. Raises
        ``NotFound`` and ``PreconditionFailed``.
        """
        self._repository.delete(
            organization_id,
            _known_id(identifier),
            expected_version=expected_version,
            also=release_custom_id,
        )

    def delete_many(self, organization_id: OrganizationId, identifiers: list[str]) -> None:
        """Delete sessions, or none if one of them does not exist (``NotFound``)."""
        delete_sessions(self._repository, organization_id, identifiers)

    def find(
        self, organization_id: OrganizationId, accepted: SessionFilter, window: Window
    ) -> WindowPage[EvaluationSession]:
        """Return a page of a list. Raises ``NotFound`` if one of ``ids`` does not exist."""
        load_many = partial(self._repository.load_many, organization_id)
        if accepted.ids:
            found = load_all(SessionId.parse, accepted.ids, load_many, "session")
        elif accepted.custom_ids:
            found = load_many(
                self._repository.ids_of_custom_ids(organization_id, accepted.custom_ids)
            )
        else:
            sessions = self._repository.find(organization_id, accepted, window)
            return read_window(sessions, window, accepted.passes)
        within = (one for one in found.values() if window.includes(one.entity.created_at))
        return read_window(window.sort(map(entry, within)), window, accepted.passes)

    def _change(
        self,
        organization_id: OrganizationId,
        identifier: str,
        rule: Callable[[EvaluationSession], EvaluationSession],
        expected_version: ExpectedVersion,
    ) -> EvaluationSession:
        def change(session: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            changed = rule(session)
            if changed == session:
                raise Unchanged(session)
            return replace(changed, updated_at=self._repository.clock()), []

        try:
            return self._repository.append(
                organization_id,
                _known_id(identifier),
                change,
                expected_version=expected_version,
                also=_move_custom_id,
                on_condition_failed=reject_claimed_custom_id,
            ).session
        except Unchanged as unchanged:
            return cast("EvaluationSession", unchanged.entity)

    def _load_parents(
        self, organization_id: OrganizationId, new: NewSession
    ) -> tuple[Loaded[Version], Loaded[TestCase] | None, Loaded[EvaluationRun] | None]:
        """Return version, test case and run, read together."""
        if new.test_case_id is not None and new.is_production:
            raise InvalidInput(NOT_PRODUCTION)
        if new.test_case_id is not None and new.context is not None:
            raise InvalidInput("context: must be omitted for a session of a test case.")
        versions, test_cases = self._repository.versions, self._repository.test_cases
        runs = self._repository.runs
        version_key = versions.key_of(organization_id, new.version_id)
        case_key = test_cases.key_of(organization_id, new.test_case_id)
        run_key = runs.key_of(organization_id, new.run_id)
        keys = filter(None, (version_key, case_key, run_key))
        records = self._repository.table.get_many(keys)
        version = versions.loaded(records.get(version_key)) if version_key else None
        if version is None:
            raise NotFound("versionId: version not found")
        test_case = test_cases.loaded(records.get(case_key)) if case_key else None
        if new.test_case_id is not None and test_case is None:
            raise NotFound("testCaseId: test case not found")
        run = runs.loaded(records.get(run_key)) if run_key else None
        if new.run_id is not None and run is None:
            raise NotFound("runId: run not found")
        return version, test_case, run

    def _joining(self, run: Loaded[EvaluationRun], session: EvaluationSession) -> list[Action]:
        """Return the actions that count a session in its run, which must still be open."""
        if session.is_production:
            raise InvalidInput(NOT_IN_RUN)
        joined = run.entity.joined(session.product_id, session.version_id, sessions=1)
        return self._repository.runs.replacement(run, joined)

    def _build(
        self,
        identifier: SessionId,
        user_id: ApiKeyId,
        new: NewSession,
        version: Version,
        test_case: Loaded[TestCase] | None,
    ) -> EvaluationSession:
        now = self._repository.clock()
        return EvaluationSession(
            id=identifier,
            organization_id=version.organization_id,
            created_at=now,
            updated_at=now,
            version_id=version.id,
            product_id=version.product_id,
            user_id=user_id,
            test_case_id=test_case.entity.id if test_case else None,
            test_id=test_case.entity.test_id if test_case else None,
            custom_id=new.custom_id,
            context=test_case.entity.context if test_case else new.context,
            metadata=new.metadata,
            status=new.status,
            is_production=not test_case if new.is_production is None else new.is_production,
        )


def _move_custom_id(before: EvaluationSession, after: EvaluationSession) -> list[Action]:
    if before.custom_id == after.custom_id:
        return []
    return [*claim_custom_id(after), *release_custom_id(before)]


def _known_id(text: str) -> SessionId:
    return known_id(SessionId.parse, text, "Session not found")
