"""Evaluation run: entity, and the rules of joining and closing one."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.core.errors import Conflict, InvalidInput
from shared.core.ids import EvaluationRunId, ProductId, VersionId
from shared.evaluations.catalog.domain import CatalogEntity


class RunStatus(StrEnum):
    """Status of an evaluation run: open, or closed by its client."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRun(CatalogEntity):
    """Group of sessions and evaluations of a product, which a client opens and closes.

    Attributes
    ----------
    version_id
        The only version that the run accepts; None for any of the product.
    custom_id
        The client's own id of the run, unique among those of its product.
    ordinal
        Number of the run in its product, from 1; never used again.
    session_count, evaluation_count
        Sessions and evaluations that were created in the run, deleted ones included.
    """

    id: EvaluationRunId
    product_id: ProductId
    ordinal: int
    version_id: VersionId | None = None
    custom_id: str | None = None
    status: RunStatus = RunStatus.RUNNING
    session_count: int = 0
    evaluation_count: int = 0
    finished_at: datetime | None = None

    def joined(
        self,
        product_id: ProductId,
        version_id: VersionId,
        *,
        sessions: int = 0,
        evaluations: int = 0,
    ) -> "EvaluationRun":
        """Return the run with more sessions or evaluations of a version.

        Raises ``InvalidInput`` for a closed run, and for a version that it does not accept.
        """
        if self.status is not RunStatus.RUNNING:
            raise InvalidInput("runId: the run is closed; open another one.")
        if self.product_id != product_id:
            raise InvalidInput("runId: is a run of another product.")
        if self.version_id not in (None, version_id):
            raise InvalidInput(f"runId: accepts version {self.version_id} only.")
        return replace(
            self,
            session_count=self.session_count + sessions,
            evaluation_count=self.evaluation_count + evaluations,
        )


def close_run(run: EvaluationRun, now: datetime) -> EvaluationRun:
    """Return the run as closed. Raises ``Conflict`` if it is closed already."""
    if run.status is not RunStatus.RUNNING:
        raise Conflict("The run is closed already.")
    return replace(run, status=RunStatus.COMPLETED, finished_at=now)
