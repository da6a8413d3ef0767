"""Judging of requested evaluations, each by one message of a queue.

A repeated message changes nothing: an evaluation that has a result is left alone, and of two
deliveries at once the first result stays.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from shared.core.errors import InvalidInput, NotFound, Unavailable
from shared.core.ids import EvaluationId, OrganizationId
from shared.evaluations.catalog.domain import TestCase
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.evaluations.conversation import conversation_of
from shared.evaluations.evaluations.criteria import criterion_of, score_of
from shared.evaluations.evaluations.domain import Evaluation, EvaluationStatus, Scored, score
from shared.evaluations.metrics.domain import Metric
from shared.evaluations.results.lists import InferenceResultLists
from shared.evaluations.sessions.domain import EvaluationSession
from shared.evaluations.traces.documents import END, TRACE, from_record
from shared.sessions.documents import session_key
from shared.simulation.conversation import Conversation
from shared.simulation.judging.domain import Judge
from shared.storage.records import Key
from shared.storage.repository import Repository

#: Deliveries after which a judge that cannot be reached fails the evaluation; fewer than the
#: queue's ``maxReceiveCount`` in template.yaml.
MAX_ATTEMPTS = 4
_NO_JUDGE = "No judge model is configured; set JudgeModel of the stack, then retry."


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Has the judge decide what was requested; ``judge`` returns None without a model."""

    evaluations: Repository[Evaluation, EvaluationId]
    metrics: CatalogRepository[Metric]
    test_cases: CatalogRepository[TestCase]
    results: InferenceResultLists
    judge: Callable[[], Judge | None]

    def run(
        self, organization_id: OrganizationId, identifier: EvaluationId, attempt: int = 1
    ) -> None:
        """Judge an evaluation: reads of it, its session and its metric, and one write.

        Nothing is done for one that was deleted, or does not wait. Raises ``Unavailable`` if
        the model cannot be reached, except at the last attempt, which fails the evaluation.
        """
        try:
            waiting = self.evaluations.get(organization_id, identifier)
            if waiting.status is not EvaluationStatus.PENDING:
                return
            scored = self._score(waiting, attempt)
            self.evaluations.change(
                organization_id,
                identifier,
                # Unchanged if another delivery came first, or a retry asked once more.
                lambda one: score(one, scored, self.evaluations.clock()) if one == waiting else one,
            )
        except NotFound:
            return

    def _score(self, evaluation: Evaluation, attempt: int) -> Scored:
        try:
            metric = self.metrics.get(evaluation.organization_id, evaluation.metric_id)
        except NotFound:
            return Scored(status=EvaluationStatus.SKIPPED, reason="The metric was deleted.")
        session, conversation = self._read(evaluation)
        if not conversation.entries:
            return Scored(status=EvaluationStatus.SKIPPED, reason="There is no conversation.")
        criterion = criterion_of(metric, session, self._test_case(evaluation))
        try:
            judge = self.judge()
            if judge is None:
                return Scored(status=EvaluationStatus.FAILED, reason=_NO_JUDGE)
            return score_of(judge.judge((criterion,), conversation))
        except Unavailable as error:
            if attempt < MAX_ATTEMPTS:
                raise
            return Scored(status=EvaluationStatus.FAILED, reason=f"Judge model: {error}")

    def _read(self, evaluation: Evaluation) -> tuple[EvaluationSession, Conversation]:
        """Return the session, and its conversation or that of the turn; raises ``NotFound``."""
        organization_id, session_id = evaluation.organization_id, evaluation.session_id
        session, results = self.results.of_session(organization_id, session_id)
        if evaluation.inference_result_id is not None:
            results = [one for one in results if one.id == evaluation.inference_result_id]
        partition = session_key(organization_id, session_id).partition
        items = self.evaluations.table.query(Key(partition, f"{TRACE}#"), upto=END)
        return session, conversation_of(results, map(from_record, items), session.stopping_reason)

    def _test_case(self, evaluation: Evaluation) -> TestCase | None:
        if evaluation.test_case_id is None:
            return None
        found = self.test_cases.load_many(evaluation.organization_id, [evaluation.test_case_id])
        return next((one.entity for one in found.values()), None)


def requested_in(body: str) -> tuple[OrganizationId, EvaluationId]:
    """Return the evaluation of a queue message: a change event, as the bus delivers it.

    Raises ``InvalidInput`` for any other message.
    """
    try:
        detail = json.loads(body)["detail"]
        organization_id = OrganizationId.parse(detail["organization_id"])
        return organization_id, EvaluationId.parse(detail["evaluation_id"])
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInput("message: must be an event evaluation.requested.") from error
