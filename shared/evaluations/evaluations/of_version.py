"""Evaluation of a version: of its recorded sessions, as far as they are not evaluated yet.

An id is derived from session and metric, so that a repeated request, or two at once, evaluate
each session once.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import EvaluationId, VersionId, derived_uuid
from shared.evaluations.catalog.domain import Product, Version
from shared.evaluations.catalog.filters import CatalogFilter
from shared.evaluations.catalog.service import CatalogService
from shared.evaluations.evaluations.choosing import ChosenMetric
from shared.evaluations.evaluations.creating import Request, new_evaluation
from shared.evaluations.evaluations.domain import Evaluation
from shared.evaluations.evaluations.service import EvaluationService
from shared.evaluations.list_windows import Window
from shared.evaluations.metrics.domain import Metric, MetricSource
from shared.evaluations.sessions.domain import EvaluationSession
from shared.evaluations.sessions.filters import SessionFilter
from shared.evaluations.sessions.service import EvaluationSessionService
from shared.sessions.documents import session_key
from shared.storage.contention import retry_on_contention
from shared.storage.repository import Repository
from shared.storage.transactions import Check, Create, transact

#: Sessions of one request, at most: each is a transaction.
MAX_SESSIONS = 100
#: Metrics of one request, at most; see ``api.MAX_METRICS``.
_MAX_METRICS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEvaluated:
    """Outcome: the evaluations of the version's sessions by the metrics."""

    job_id: VersionId
    test_case_count: int
    evaluation_ids: list[EvaluationId]
    run_id: str | None

    @property
    def message(self) -> str:
        count = len(self.evaluation_ids)
        return f"{self.test_case_count} recorded sessions have {count} evaluations."


@dataclass(frozen=True, slots=True)
class VersionEvaluation:
    """Use case of versions."""

    products: CatalogService[Product]
    versions: CatalogService[Version]
    metrics: CatalogService[Metric]
    sessions: EvaluationSessionService
    evaluations: EvaluationService
    repository: Repository[Evaluation, EvaluationId]

    def create(
        self, request: Request, version_id: str | None, product_id: str | None
    ) -> VersionEvaluated:
        """Evaluate the sessions of a version's test cases that have turns.

        A query of the sessions, one of the metrics, and a batch read and a transaction for
        each session. Raises ``NotFound``, and ``InvalidInput`` where there is nothing to
        evaluate, or more than ``MAX_SESSIONS``.
        """
        version = self._version(request, version_id, product_id)
        sessions = self._sessions(request, version)
        chosen = self.evaluations.choose(request) if request.metrics else self._judged(request)
        ids = [one for session in sessions for one in self._evaluate(request, session, chosen)]
        return VersionEvaluated(
            job_id=version.id,
            test_case_count=len(sessions),
            evaluation_ids=ids,
            run_id=request.run_id,
        )

    def _version(self, request: Request, version_id: str | None, product_id: str | None) -> Version:
        organization_id = request.organization_id
        if version_id:
            try:
                return self.versions.get(organization_id, version_id)
            except NotFound as error:
                raise NotFound("versionId: version not found") from error
        if not product_id:
            raise InvalidInput("versionId: is required, or productId.")
        try:
            self.products.get(organization_id, product_id)
        except NotFound as error:
            raise NotFound("productId: product not found") from error
        accepted = CatalogFilter(parent_ids=(product_id,))
        newest = self.versions.find(organization_id, accepted, Window(limit=1)).items
        if not newest:
            raise InvalidInput("productId: the product has no version.")
        return newest[0]

    def _sessions(self, request: Request, version: Version) -> list[EvaluationSession]:
        accepted = SessionFilter(version_ids=(str(version.id),))
        page = self.sessions.find(request.organization_id, accepted, Window())
        found = [
            one
            for one in page.items
            if one.test_case_id and one.last_sequence > len(one.deleted_turns)
        ]
        if not found:
            raise InvalidInput(
                "versionId: the version has no recorded session of a test case, and no endpoint; "
                "run its agent in the client, or scenarios by POST /v1/runs."
            )
        if len(found) > MAX_SESSIONS or page.next_cursor:
            raise InvalidInput(
                f"versionId: the version has more than {MAX_SESSIONS} sessions of test cases; "
                "evaluate them by POST /evaluations/fromSession."
            )
        return found

    def _judged(self, request: Request) -> list[ChosenMetric]:
        """Return all metrics that a judge model decides."""
        page = self.metrics.find(request.organization_id, CatalogFilter(), Window())
        found = [one for one in page.items if MetricSource(one.source).is_judged]
        if not 0 < len(found) <= _MAX_METRICS:
            raise InvalidInput(
                f"metrics: must name 1 to {_MAX_METRICS} metrics, as the organization has "
                f"{len(found)} that a judge model decides."
            )
        return [ChosenMetric(one, None) for one in found]

    def _evaluate(
        self, request: Request, session: EvaluationSession, chosen: list[ChosenMetric]
    ) -> list[EvaluationId]:
        """Create the evaluations that the session does not have; deleted ones stay deleted."""
        table, now = self.repository.table, self.repository.clock()
        wanted = [
            new_evaluation(request, session, None, one, now, _id(session, one)) for one in chosen
        ]
        records = {one.id: self.repository.codec.to_record(one) for one in wanted}

        def attempt() -> list[EvaluationId]:
            earlier = table.get_many(record.key for record in records.values())
            new = [one for one in records.values() if one.key not in earlier]
            if new:
                key = session_key(request.organization_id, session.id)
                joining = self.evaluations.joining(request, session, len(new))
                transact(table, [Check(key), *map(Create, new), *joining])
            deleted = {one.key for one in earlier.values() if not self.repository.owns(one)}
            return [one for one, record in records.items() if record.key not in deleted]

        return retry_on_contention(table.sleep, attempt)


def _id(session: EvaluationSession, chosen: ChosenMetric) -> UUID:
    return derived_uuid(str(session.id), str(chosen.metric.id), "fromVersion")
