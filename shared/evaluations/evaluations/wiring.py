"""Wiring of evaluations."""

from functools import cache
from typing import TYPE_CHECKING

from shared.core.ids import EvaluationId
from shared.evaluations.evaluation_runs.repository import RunRepository
from shared.evaluations.evaluations.documents import EvaluationCodec
from shared.evaluations.evaluations.domain import Evaluation
from shared.evaluations.evaluations.lists import EvaluationLists
from shared.evaluations.evaluations.service import EvaluationService
from shared.evaluations.metrics.wiring import metric_repository
from shared.evaluations.results.wiring import result_lists, results, session_store
from shared.storage.repository import Repository
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.evaluations.evaluations.judging import Evaluator
    from shared.evaluations.evaluations.of_version import VersionEvaluation
    from shared.evaluations.evaluations.single_turn import SingleTurnEvaluation


@cache
def evaluations() -> EvaluationService:
    """Return the evaluation service."""
    return EvaluationService(
        evaluation_repository(),
        metric_repository(),
        session_store(),
        results(),
        RunRepository(table()),
    )


@cache
def evaluation_lists() -> EvaluationLists:
    """Return the lists of evaluations."""
    return EvaluationLists(evaluation_repository(), session_store())


@cache
def evaluation_repository() -> Repository[Evaluation, EvaluationId]:
    """Return the evaluation repository."""
    return Repository(table(), EvaluationCodec())


@cache
def single_turn_evaluation() -> "SingleTurnEvaluation":
    """Return the use case of single turns."""
    from shared.evaluations.catalog.wiring import products, test_cases, versions  # noqa: PLC0415
    from shared.evaluations.evaluations.single_turn import SingleTurnEvaluation  # noqa: PLC0415
    from shared.evaluations.sessions.wiring import sessions  # noqa: PLC0415

    return SingleTurnEvaluation(
        products(), versions(), test_cases(), sessions(), results(), evaluations()
    )


@cache
def version_evaluation() -> "VersionEvaluation":
    """Return the use case of versions."""
    from shared.evaluations.catalog.wiring import products, versions  # noqa: PLC0415
    from shared.evaluations.evaluations.of_version import VersionEvaluation  # noqa: PLC0415
    from shared.evaluations.metrics.wiring import metrics  # noqa: PLC0415
    from shared.evaluations.sessions.wiring import sessions  # noqa: PLC0415

    return VersionEvaluation(
        products(), versions(), metrics(), sessions(), evaluations(), evaluation_repository()
    )


@cache
def evaluator() -> "Evaluator":
    """Return the evaluator of the judge trigger, with the stack's judge model if there is one."""
    from shared.core.settings import settings  # noqa: PLC0415
    from shared.evaluations.catalog.documents import TEST_CASES  # noqa: PLC0415
    from shared.evaluations.catalog.repository import CatalogRepository  # noqa: PLC0415
    from shared.evaluations.evaluations.judging import Evaluator  # noqa: PLC0415
    from shared.simulation.judging.wiring import judge  # noqa: PLC0415

    return Evaluator(
        evaluation_repository(),
        metric_repository(),
        CatalogRepository(table(), TEST_CASES),
        result_lists(),
        lambda: judge(settings().judge_model or None),
    )
