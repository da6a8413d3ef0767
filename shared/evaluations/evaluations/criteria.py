"""Criterion of a metric for the judge, and the score that its judgement stands for."""

import re
from collections.abc import Callable
from typing import Any

from shared.core.json import dumps
from shared.evaluations.catalog.domain import TestCase
from shared.evaluations.evaluations.domain import EvaluationStatus, Scored
from shared.evaluations.metrics.domain import Metric, MetricSource
from shared.evaluations.sessions.domain import EvaluationSession
from shared.simulation.judging.domain import (
    CriterionResult,
    JudgedCriterion,
    Judgement,
    Outcome,
    Scale,
)

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]{1,60})\s*\}\}")
_SCALE_STEPS = 4
#: Data that the judge reads in the conversation itself, never in the criterion: what an agent
#: or a user said cannot change what is judged.
_IN_CONVERSATION = {
    "input", "actual_output", "conversation_turns", "retrieval_context", "tools_used", "traces",
    "conversation", "inference_results",
}  # fmt: skip
_OF_CASE: dict[str, Callable[[TestCase], Any]] = {
    "expected_output": lambda case: case.expected_output,
    "expected_tools": lambda case: case.expected_tools,
    "user_persona": lambda case: case.user_persona,
    "scenario": lambda case: case.scenario,
    "goal": lambda case: case.goal,
    "stopping_criterias": lambda case: case.stopping_criterias,
}


def criterion_of(
    metric: Metric, session: EvaluationSession, case: TestCase | None
) -> JudgedCriterion:
    """Return the criterion that a metric's prompt or question stands for.

    A classifier's scale is judged from 1 to 5; all others are met or not.
    """
    question = metric.classifier_question or {}
    prompt = metric.judge_prompt or ""
    scale = Scale.BOOLEAN
    if metric.source == MetricSource.CLASSIFIER:
        prompt = _question(question)
        scale = Scale.SCORE_5 if question.get("type") == "scale" else Scale.BOOLEAN

    def value(name: str) -> str:
        return _value(name, session, case)

    names = set(_PLACEHOLDER.findall(prompt))
    text = _PLACEHOLDER.sub(lambda found: value(found[1]), prompt)
    beside = [
        f"{name}: {value(name)}"
        for name in metric.evaluation_params or ()
        if name not in names and name not in _IN_CONVERSATION
    ]
    return JudgedCriterion("\n".join([text, *beside]), scale)


def score_of(judgement: Judgement) -> Scored:
    """Return the score of a judgement: 1 or 0, or a quarter for each step of a scale.

    An undecided one has no score: the evaluation is skipped.
    """
    [result] = judgement.results
    is_decided = result.outcome is not Outcome.UNDECIDED and result.score is not None
    return Scored(
        status=EvaluationStatus.SUCCESS if is_decided else EvaluationStatus.SKIPPED,
        score=_share(result) if is_decided else None,
        reason=result.reason,
        input_tokens=judgement.input_tokens,
        output_tokens=judgement.output_tokens,
    )


def _share(result: CriterionResult) -> float:
    score = result.score or 0
    return (score - 1) / _SCALE_STEPS if result.scale is Scale.SCORE_5 else float(score)


def _question(question: dict[str, Any]) -> str:
    """Return a classifier's question as a criterion that is good to meet."""
    asked = str(question.get("instructions") or "")
    levels = question.get("levels")
    if isinstance(levels, list):
        named = [one.get("description") for one in levels if isinstance(one, dict)]
        return "\n".join([asked, "Levels, from the worst to the best:", *map(str, named)])
    answer = str(_field(question, "goodAnswer", "good_answer") or "yes").lower()
    criteria = question.get("criteria")
    meaning = criteria.get(answer) if isinstance(criteria, dict) else None
    good = f'The answer to this question is "{answer}": {asked}'
    return f"{good}\n{answer} means: {meaning}" if meaning else good


def _field(values: dict[str, Any], *names: str) -> Any:
    return next((values[name] for name in names if values.get(name) is not None), None)


def _value(name: str, session: EvaluationSession, case: TestCase | None) -> str:
    if name in _IN_CONVERSATION:
        return f"({name} in the conversation)"
    found: Any = None
    if name == "context":
        found = session.context
    elif case is not None and name in _OF_CASE:
        found = _OF_CASE[name](case)
    if found is None:
        return f"(no {name})"
    return found if isinstance(found, str) else dumps(found)
