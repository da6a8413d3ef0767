"""API models of metrics; names are the Galtea API's."""

from typing import Annotated, Any

from pydantic import Field

from shared.core.api_types import Line, LongText, Paragraph, at_most_bytes
from shared.evaluations.api import Fields, Id, Moment, Request, Resource, Uri
from shared.evaluations.catalog.api import Lines, Name
from shared.evaluations.metrics.domain import PASS_THRESHOLD, source_of

#: Bytes of a classifier's question, at most: ten levels, and the question itself.
_MAX_QUESTION = 100_000

Share = Annotated[float, Field(ge=0, le=1)]


class JudgeSettings(Request):
    """Generation settings of a judge; they are stored, and the stack's own apply."""

    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Randomness of the judge's words."""
    top_p: Share | None = None
    """Share of the probability that the judge chooses from."""
    max_output_tokens: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """Tokens of the judge's answer, at most."""
    reasoning_effort: Line | None = None
    """Effort of the judge, in its provider's terms."""


class MetricFields(Fields):
    """Metric fields that a client sets."""

    evaluator_model_name: Line | None = None
    """The client's own name of the judge; the stack's judge model is used."""
    evaluation_params: Lines | None = None
    """Data that the judge reads beside the conversation, such as `expected_output`."""
    judge_prompt: LongText | None = None
    """Criterion that the judge decides; placeholders such as `{{expected_output}}` are filled."""
    tags: Lines | None = None
    """Tags, which lists filter by."""
    description: Paragraph | None = None
    """Purpose of the metric."""
    documentation_url: Uri | None = None
    """Page about the metric; it is stored, never fetched."""
    user_group_ids: Lines | None = None
    """Groups that may annotate, in the client's terms."""
    applicability_scope: Line | None = None
    """Sessions that are checked for applicability; it is stored, and no session is checked."""
    applicability_threshold: Share | None = None
    """Probability from which a metric applies; it is stored."""


class MetricInput(MetricFields, Request):
    """Metric to create; it never changes."""

    name: Name
    """Name of the metric; of several with one name, evaluations use the newest."""
    source: Line | None = None
    """SELF_HOSTED, PARTIAL_PROMPT, FULL_PROMPT, CLASSIFIER or HUMAN_EVALUATION, in any case;
    null follows from the prompt and the question."""
    pass_threshold: Share | None = None
    """Score from which an evaluation passes; null is 0.5."""
    judge_generation_settings: JudgeSettings | None = None
    """Generation settings of the judge."""
    classifier_question: Annotated[dict[str, Any], at_most_bytes(_MAX_QUESTION)] | None = None
    """Question of a CLASSIFIER: `type` (`yes_no` or `scale`), `instructions`, and its answers."""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the entity. Raises ``InvalidInput``."""
        values = self.model_dump()
        settings = self.judge_generation_settings
        return values | {
            "source": source_of(values).value,
            "pass_threshold": PASS_THRESHOLD
            if self.pass_threshold is None
            else self.pass_threshold,
            "judge_generation_settings": settings and settings.model_dump(by_alias=True),
        }


class Metric(MetricFields, Resource):
    """Way to score sessions and turns."""

    organization_id: Id
    """Organization that owns the metric."""
    metric_group_id: Id
    """Key of the metric's revisions: each metric has one, so this is its id."""
    name: str
    """Name of the metric."""
    source: str
    """Origin of the scores: the client, a judge model, or a person."""
    pass_threshold: float
    """Score from which an evaluation passes."""
    judge_generation_settings: dict[str, Any] | None
    """Generation settings of the judge."""
    classifier_question: dict[str, Any] | None
    """Question of a CLASSIFIER."""
    legacy_at: Moment | None = None
    """Always null: metrics are never deprecated."""
    disabled_at: Moment | None = None
    """Always null: metrics are never disabled."""
    excluded_from_analytics_at: Moment | None = None
    """Always null: metrics are never excluded from analytics."""
    excluded_by_user_id: str | None = None
    """Always null: metrics are never excluded from analytics."""
