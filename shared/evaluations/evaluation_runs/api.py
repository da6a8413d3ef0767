"""API models of evaluation runs; names are the Galtea API's."""

from typing import Annotated, Any

from pydantic import StringConstraints

from shared.core.api_types import Line
from shared.evaluations.api import Id, NullableId, NullableMoment, Request, Resource
from shared.evaluations.evaluation_runs.domain import RunStatus
from shared.evaluations.evaluation_runs.service import NewRun

#: Characters of a custom id, at most.
MAX_CUSTOM_ID = 1024


class RunInput(Request):
    """Run to open."""

    product_id: Line
    """Product that is evaluated."""
    version_id: Line | None = None
    """The only version that the run accepts; null for any of the product."""
    custom_id: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CUSTOM_ID)] | None = (
        None
    )
    """The client's own id of the run, unique among those of the product."""

    def new_run(self) -> NewRun:
        """Return the domain object."""
        return NewRun(**self.model_dump())


class Run(Resource):
    """Group of sessions and evaluations of a product."""

    product_id: Id
    """Product that is evaluated."""
    version_id: NullableId
    """The only version that the run accepts; null for any of the product."""
    custom_id: str | None
    """The client's own id of the run."""
    ordinal: int
    """Number of the run in its product, from 1."""
    opened_by: str = "CALLER"
    """Always CALLER: a client opens and closes each run."""
    status: RunStatus
    """RUNNING until the run is closed, then COMPLETED."""
    session_count: int
    """Number of sessions that were created in the run."""
    evaluation_count: int
    """Number of evaluations that were created in the run."""
    finished_at: NullableMoment
    """Time at which the run was closed."""
    relaunched_from_run_id: str | None = None
    """Always null: runs are not repeated by the service."""
    kind: str | None = None
    """Always null, as are jobId, error, request and resolvedInputs: the service launches no work
    in a run."""
    job_id: str | None = None
    """Always null."""
    error: str | None = None
    """Always null."""
    request: dict[str, Any] | None = None
    """Always null."""
    resolved_inputs: dict[str, Any] | None = None
    """Always null."""
