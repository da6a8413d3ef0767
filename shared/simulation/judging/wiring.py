"""Wiring of judges."""

from functools import cache

from shared.simulation.judging.domain import Judge
from shared.simulation.judging.judge import ModelJudge
from shared.simulation.wiring import asking, stack_model


@cache
def judge(model: str | None) -> Judge | None:
    """Return the judge of a model of the stack; None without a model.

    Raises ``Unavailable`` for a model that the stack does not have any more.
    """
    return None if model is None else ModelJudge(asking(stack_model(model, "judge_model")))
