"""Evaluation service: create, get, delete and retry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shared.core.errors import Conflict, Deleted, DomainError, InvalidInput, NotFound
from shared.core.ids import EvaluationId, InferenceResultId, OrganizationId, SessionId
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.client_ids import known_id, parse_id
from shared.evaluations.evaluation_runs.repository import RunRepository
from shared.evaluations.evaluations.choosing import ChosenMetric, choose_metrics
from shared.evaluations.evaluations.creating import Request, new_evaluation
from shared.evaluations.evaluations.documents import evaluation_of
from shared.evaluations.evaluations.domain import Evaluation, retry
from shared.evaluations.metrics.domain import Metric
from shared.evaluations.results.domain import InferenceResult
from shared.evaluations.results.service import InferenceResultService
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.documents import session_key
from shared.sessions.store import SessionStore
from shared.storage.conditions import ExpectedVersion
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.idempotency import receipt, receipt_among, receipt_key
from shared.storage.records import Record
from shared.storage.repository import Repository
from shared.storage.transactions import Action, Check, Create, transact

#: Key of a receipt's evaluations, as they were created.
_CREATED = "evaluations"
_UNKNOWN_TURN = "inferenceResultId: inference result not found"

type Evaluations = Repository[Evaluation, EvaluationId]


@dataclass(frozen=True, slots=True)
class CreatedEvaluations:
    """Evaluations as they were created; ``replayed`` if by an earlier request."""

    evaluations: list[Evaluation]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Retried:
    """Outcome of a retry: a message for each evaluation that was not retried."""

    retried: int
    errors: list[str]

    @property
    def skipped(self) -> int:
        return len(self.errors)


class EvaluationService:
    """Use cases of evaluations."""

    def __init__(
        self,
        evaluations: Evaluations,
        metrics: CatalogRepository[Metric],
        sessions: SessionStore[EvaluationSession],
        results: InferenceResultService,
        runs: RunRepository,
    ) -> None:
        self._evaluations = evaluations
        self._metrics = metrics
        self._sessions = sessions
        self._results = results
        self._runs = runs

    def create_of_session(self, request: Request, session_id: str) -> CreatedEvaluations:
        """Evaluate a session: a read of it, those of the metrics, and one transaction.

        All or none. Raises ``NotFound``, ``InvalidInput`` as :func:`choose_metrics`, and, for
        a replay, ``Deleted`` and ``Unprocessable``.
        """
        known = known_id(SessionId.parse, session_id, "sessionId: session not found")
        return self._create(request, known, lambda: None)

    def create_of_result(self, request: Request, result_id: str) -> CreatedEvaluations:
        """Evaluate a turn: as :meth:`create_of_session`, with two reads more."""
        known = known_id(InferenceResultId.parse, result_id, _UNKNOWN_TURN)

        def turn() -> InferenceResult:
            try:
                return self._results.get(request.organization_id, result_id)
            except NotFound as error:
                raise NotFound(_UNKNOWN_TURN) from error

        return self._create(request, known.session_id, turn)

    def choose(self, request: Request) -> list[ChosenMetric]:
        """Return the metrics of a request; raises as :func:`choose_metrics`."""
        if not request.metrics:
            raise InvalidInput("metrics: must name a metric.")
        return choose_metrics(self._metrics, request.organization_id, request.metrics)

    def joining(self, request: Request, session: EvaluationSession, count: int) -> list[Action]:
        """Return the actions that count evaluations in their run, which must still be open.

        Raises ``NotFound``, and ``InvalidInput`` for a run that does not accept the session.
        """
        if request.run_id is None:
            return []
        run = self._runs.load_named(request.organization_id, request.run_id, "run_id")
        joined = run.entity.joined(session.product_id, session.version_id, evaluations=count)
        return self._runs.replacement(run, joined)

    def get(self, organization_id: OrganizationId, identifier: str) -> Evaluation:
        """Return an evaluation: two reads. Raises ``NotFound``, also for an invalid id.

        The session is read because its delete deletes its evaluations.
        """
        known = _known_id(identifier)
        self._check_session(organization_id, known)
        return self._evaluations.get(organization_id, known)

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete an evaluation: two reads, one write.

        Raises ``NotFound`` and ``PreconditionFailed``.
        """
        known = _known_id(identifier)
        self._check_session(organization_id, known)
        self._evaluations.delete(organization_id, known, expected_version=expected_version)

    def retry(self, organization_id: OrganizationId, identifiers: Iterable[str]) -> Retried:
        """Have evaluations judged again: two batch reads, and a write for each."""
        ids = {text: parse_id(EvaluationId.parse, text) for text in dict.fromkeys(identifiers)}
        known = [one for one in ids.values() if one]
        sessions = self._sessions.load_many(organization_id, {one.session_id for one in known})
        errors = []
        for text, identifier in ids.items():
            if identifier is None or identifier.session_id not in sessions:
                errors.append(f"{text[:60]}: evaluation not found")
                continue
            try:
                self._evaluations.change(organization_id, identifier, _retried)
            except (NotFound, InvalidInput) as error:
                errors.append(f"{text}: {error}")
        return Retried(len(ids) - len(errors), errors)

    def _create(
        self,
        request: Request,
        session_id: SessionId,
        read_turn: Callable[[], InferenceResult | None],
    ) -> CreatedEvaluations:
        table = self._evaluations.table
        partition = session_key(request.organization_id, session_id).partition

        def attempt() -> CreatedEvaluations:
            try:
                session = self._load_session(request.organization_id, session_id)
                chosen, turn = self.choose(request), read_turn()
            except DomainError:
                if replay := self._find_replay(request, partition):
                    return replay
                raise
            key, now = request.idempotency, self._evaluations.clock()
            found = [
                new_evaluation(
                    request, session, turn, one, now, key.uuid(str(number)) if key else None
                )
                for number, one in enumerate(chosen)
            ]
            records = [self._evaluations.codec.to_record(one) for one in found]
            actions: list[Action] = [Check(session_key(request.organization_id, session_id))]
            actions += [*map(Create, records), *self.joining(request, session, len(found))]
            if request.idempotency:
                body = {_CREATED: [record.body for record in records]}
                actions.append(Create(receipt(request.idempotency, body, table.now(), partition)))
            try:
                transact(table, actions)
            except ConditionFailed as failed:
                if earlier := receipt_among(failed.existing):
                    return self._replay(request, earlier)
                raise
            return CreatedEvaluations(found)

        return retry_on_contention(table.sleep, attempt)

    def _load_session(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> EvaluationSession:
        try:
            return self._sessions.get(organization_id, session_id)
        except NotFound as error:
            raise NotFound("sessionId: session not found") from error

    def _check_session(self, organization_id: OrganizationId, known: EvaluationId) -> None:
        if known.session_id not in self._sessions.load_many(organization_id, [known.session_id]):
            raise NotFound("Evaluation not found")

    def _find_replay(self, request: Request, partition: str) -> CreatedEvaluations | None:
        if request.idempotency is None:
            return None
        earlier = self._evaluations.table.get(receipt_key(request.idempotency, partition))
        return self._replay(request, earlier) if earlier else None

    def _replay(self, request: Request, earlier: Record) -> CreatedEvaluations:
        """Return the first answer; raises ``Deleted`` if one of the evaluations is gone."""
        if request.idempotency is None:
            raise Conflict("Evaluation exists already; repeat the request.")
        request.idempotency.check(earlier.fingerprint)
        first = [evaluation_of(body, 1) for body in earlier.body[_CREATED]]
        known: dict[SessionId, Any] = self._sessions.load_many(
            request.organization_id, {one.session_id for one in first}
        )
        left = self._evaluations.load_many(request.organization_id, [one.id for one in first])
        if len(left) < len(first) or any(one.session_id not in known for one in first):
            raise Deleted
        return CreatedEvaluations(first, replayed=True)


def _retried(evaluation: Evaluation) -> Evaluation:
    if not evaluation.can_retry:
        raise InvalidInput(f"cannot be retried in status {evaluation.status.value}.")
    return retry(evaluation)


def _known_id(text: str) -> EvaluationId:
    return known_id(EvaluationId.parse, text, "Evaluation not found")
