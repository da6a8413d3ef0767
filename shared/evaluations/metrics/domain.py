"""Metric: entity, and the origin of its scores."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import MetricId
from shared.evaluations.catalog.domain import CatalogEntity

#: Score from which an evaluation passes, where the metric names none.
PASS_THRESHOLD = 0.5
_CREATABLE = "SELF_HOSTED, PARTIAL_PROMPT, FULL_PROMPT, CLASSIFIER or HUMAN_EVALUATION"


class MetricSource(StrEnum):
    """Origin of the scores: the client, a judge model, or a person."""

    SELF_HOSTED = "SELF_HOSTED"
    FULL_PROMPT = "FULL_PROMPT"
    PARTIAL_PROMPT = "PARTIAL_PROMPT"
    CLASSIFIER = "CLASSIFIER"
    HUMAN_EVALUATION = "HUMAN_EVALUATION"

    @property
    def is_judged(self) -> bool:
        """True if a judge model scores."""
        return self not in (MetricSource.SELF_HOSTED, MetricSource.HUMAN_EVALUATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(CatalogEntity):
    """Way to score; it never changes.

    Attributes
    ----------
    evaluation_params
        Names of the data beside the conversation that the judge reads, such as
        ``expected_output``.
    pass_threshold
        Score from 0 to 1 from which an evaluation passes.
    """

    id: MetricId
    name: str
    source: str
    evaluator_model_name: str | None = None
    evaluation_params: list[str] | None = None
    judge_prompt: str | None = None
    tags: list[str] | None = None
    description: str | None = None
    documentation_url: str | None = None
    user_group_ids: list[str] | None = None
    judge_generation_settings: dict[str, Any] | None = None
    classifier_question: dict[str, Any] | None = None
    pass_threshold: float = PASS_THRESHOLD
    applicability_scope: str | None = None
    applicability_threshold: float | None = None

    @property
    def metric_group_id(self) -> MetricId:
        """Key of the revisions of a metric: each has one here."""
        return self.id


def source_of(fields: dict[str, Any]) -> MetricSource:
    """Return the source of a new metric; without one it follows from what is given.

    Raises ``InvalidInput`` for a source that cannot be created, and for one that lacks its
    prompt or its question.
    """
    sent, prompt, question = (
        fields[name] for name in ("source", "judge_prompt", "classifier_question")
    )
    if sent is None:
        inferred = MetricSource.PARTIAL_PROMPT if prompt else MetricSource.SELF_HOSTED
        return MetricSource.CLASSIFIER if question else inferred
    try:
        source = MetricSource(sent.upper())
    except ValueError as error:
        raise InvalidInput(f"source: must be {_CREATABLE}.") from error
    if source in (MetricSource.FULL_PROMPT, MetricSource.PARTIAL_PROMPT) and not prompt:
        raise InvalidInput(f"judgePrompt: is required for source {source.value}.")
    if (source is MetricSource.CLASSIFIER) != bool(question):
        raise InvalidInput("classifierQuestion: is required for source CLASSIFIER, and only there.")
    return source
