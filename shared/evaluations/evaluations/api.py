"""API models of evaluations; names are the Galtea API's."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from shared.core.api_types import Line
from shared.core.errors import NotFound
from shared.core.ids import ApiKeyId, OrganizationId
from shared.evaluations.api import (
    Answer,
    Id,
    Moment,
    NullableId,
    NullableInput,
    NullableMoment,
    Request,
    Resource,
    Text,
)
from shared.evaluations.evaluations.choosing import NamedMetric
from shared.evaluations.evaluations.creating import Request as EvaluationsOf
from shared.evaluations.evaluations.domain import EvaluationStatus
from shared.evaluations.evaluations.single_turn import SingleTurn
from shared.evaluations.results.api import Amount, Count
from shared.evaluations.results.domain import ResultStatus, Turn
from shared.storage.idempotency import Idempotency

#: Metrics of one request, at most: its evaluations are written together.
MAX_METRICS = 50
#: Evaluations that one request retries, at most.
MAX_RETRIED = 200


class MetricChoice(Request):
    """Metric to evaluate by: its id, or its name."""

    id: Line | None = None
    """Id of the metric."""
    name: Line | None = None
    """Name of the metric, without its id; of several with one name, the newest."""
    score: Annotated[float, Field(ge=0, le=1)] | None = None
    """Score of the client, for a self-hosted metric only: required there."""


class EvaluationRequest(Request):
    """Metrics of a request, and the run that its evaluations join."""

    metrics: Annotated[list[MetricChoice], Field(max_length=MAX_METRICS, default_factory=list)]
    """Metrics to evaluate by, each used once."""
    specification_ids: Annotated[list[Line], Field(max_length=100)] | None = None
    """Specifications are not recorded: any id is a 404."""
    run_id: Line | None = None
    """Run that the evaluations join, which must be open."""

    def request(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        idempotency: Idempotency | None = None,
    ) -> EvaluationsOf:
        """Return the domain object. Raises ``NotFound`` for a specification."""
        if self.specification_ids:
            raise NotFound("specificationIds: specification not found")
        return EvaluationsOf(
            organization_id=organization_id,
            user_id=user_id,
            metrics=tuple(NamedMetric(one.id, one.name, one.score) for one in self.metrics),
            run_id=self.run_id,
            idempotency=idempotency,
        )


class SessionEvaluationInput(EvaluationRequest):
    """Session to evaluate."""

    session_id: Line
    """Session to evaluate, with all its turns."""


class ResultEvaluationInput(EvaluationRequest):
    """Turn to evaluate."""

    inference_result_id: Line
    """Turn to evaluate."""


class UsageInfo(Request):
    """Tokens of the turn; the official SDK sends these names in snake case."""

    model_config = ConfigDict(alias_generator=None)

    input_tokens: Count | None = None
    """Tokens of the input."""
    output_tokens: Count | None = None
    """Tokens of the answer."""
    cache_read_input_tokens: Count | None = None
    """Tokens of the input that were read from a cache."""
    tokens: Count | None = None
    """Tokens of the turn; null counts as those of input and output."""


class CostInfo(Request):
    """Prices of the turn; the official SDK sends these names in snake case."""

    model_config = ConfigDict(alias_generator=None)

    cost_per_input_token: Amount | None = None
    """Price of one token of the input."""
    cost_per_output_token: Amount | None = None
    """Price of one token of the answer."""
    cost_per_cache_read_input_token: Amount | None = None
    """Price of one token read from a cache."""
    cost: Amount | None = None
    """Cost of the turn; null counts as the sum of tokens times prices."""


class SingleTurnInput(EvaluationRequest):
    """Turn to record and to evaluate, in a session of its own."""

    version_id: Line | None = None
    """Version that gave the answer."""
    product_id: Line | None = None
    """Product whose newest version gave the answer; one without a version gets one."""
    test_case_id: Line | None = None
    """Test case of the turn; not allowed with isProduction true."""
    is_production: bool | None = None
    """Real traffic. By default, or if null, true without a test case, false with one."""
    input: NullableInput = None
    """Input of the user; null for that of the test case."""
    actual_output: Text
    """Answer of the product."""
    retrieval_context: Text | None = None
    """Text that the product retrieved for its answer."""
    latency: Amount | None = None
    """Milliseconds that the answer took."""
    usage_info: UsageInfo | None = None
    """Tokens of the turn."""
    cost_info: CostInfo | None = None
    """Prices of the turn."""
    conversation_simulator_version: Line | None = None
    """Simulator that wrote the user's message; null for a real user."""

    def single_turn(self) -> SingleTurn:
        """Return the domain object."""
        turn = Turn(
            input=self.input,
            actual_output=self.actual_output,
            retrieval_context=self.retrieval_context,
            latency=self.latency,
            conversation_simulator_version=self.conversation_simulator_version,
            status=ResultStatus.GENERATED,
            **(self.usage_info.model_dump() if self.usage_info else {}),
            **(self.cost_info.model_dump() if self.cost_info else {}),
        )
        return SingleTurn(
            turn=turn,
            version_id=self.version_id,
            product_id=self.product_id,
            test_case_id=self.test_case_id,
            is_production=self.is_production,
        )


class VersionEvaluationInput(EvaluationRequest):
    """Version to evaluate by its recorded sessions."""

    version_id: Line | None = None
    """Version to evaluate."""
    product_id: Line | None = None
    """Product whose newest version is evaluated."""


class VersionEvaluation(Answer):
    """Evaluation of a version."""

    job_id: Id
    """Id of the version: nothing is queued but the evaluations."""
    test_case_count: int
    """Number of sessions of test cases that are evaluated."""
    message: str
    """Outcome in words."""
    specifications: list[Any] = Field(default_factory=list)
    """Always empty: specifications are not recorded."""
    run_id: str | None
    """Run that the evaluations joined."""
    evaluation_ids: list[Id]
    """Evaluations of these sessions by these metrics, new or of an earlier such request."""


class RetryInput(Request):
    """Evaluations to judge again."""

    ids: Annotated[list[Line], Field(min_length=1, max_length=MAX_RETRIED)]
    """Ids of the evaluations."""


class Retried(Answer):
    """Outcome of a retry."""

    retried: int
    """Evaluations that wait for the judge again."""
    skipped: int
    """Evaluations that were not retried."""
    errors: list[str]
    """Reason for each evaluation that was not retried."""


class Evaluation(Resource):
    """Score of a session, or of one of its turns, by a metric."""

    metric_id: Id
    """Metric of the score."""
    session_id: Id
    """Session that is evaluated."""
    inference_result_id: NullableId
    """Turn that is evaluated; null for the whole session."""
    product_id: Id
    """Product of the session."""
    run_id: str | None
    """Run that the evaluation joined."""
    status: EvaluationStatus
    """Status: awaited from the judge or a person, scored, failed or skipped."""
    score: float | None
    """Score from 0 to 1."""
    reason: str | None
    """Reason of the score, or of its absence."""
    passed: bool | None
    """True if the score reaches the threshold; null without a score."""
    metric_pass_threshold: float
    """Score from which the evaluation passes."""
    evaluated_at: NullableMoment
    """Time of the score, or of the failure."""
    retries_attempted: int
    """Number of retries."""
    can_retry: bool
    """True for a judged evaluation that failed or was skipped."""
    conversation_simulator_version: str | None
    """Simulator that wrote the user's message of the turn."""
    judge_input_tokens: int | None
    """Tokens that the judge model read."""
    judge_output_tokens: int | None
    """Tokens that the judge model wrote."""
    judge_reasoning_tokens: int | None = None
    """Always null: they are part of the tokens that the judge wrote."""
    human_evaluator_id: str | None = None
    """Always null: people's scores are not recorded."""
    human_evaluator_started_at: Moment | None = None
    """Always null: people's scores are not recorded."""
    human_evaluator_finished_at: Moment | None = None
    """Always null: people's scores are not recorded."""
    human_score: float | None = None
    """Always null: people's scores are not recorded."""
    human_reason: str | None = None
    """Always null: people's scores are not recorded."""
    metric_legacy_at: Moment | None = None
    """Always null: metrics are never deprecated."""
    test_case_legacy_at: Moment | None = None
    """Always null: test cases have no revisions."""
    score_breakdown: dict[str, Any] | None = None
    """Always null: the judge gives no probabilities."""
    confidence: float | None = None
    """Always null: the judge gives no probabilities."""
    long_input: bool = False
    """Always false: the judge's input is never cut for a score."""
