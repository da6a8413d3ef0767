"""Run reports: a run as a file, and the comparison of two runs."""

from datetime import timedelta
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput, NotFound, TooLarge
from shared.core.ids import OrganizationId
from shared.runs.reports.comparison import Comparison, compare
from shared.runs.reports.domain import tallies_of
from shared.runs.reports.formats import FORMS, ReportFormat
from shared.runs.reports.reading import ResultReader, in_time
from shared.runs.reports.report import Baseline, Report
from shared.runs.runs.domain import Run
from shared.runs.runs.repository import RunRepository
from shared.runs.simulations.repository import SimulationRepository
from shared.sessions.exports.delivery import Delivery, Export

#: Seconds to read results, and to read and write a report: the gateway waits 29 seconds.
MAX_READ_SECONDS, MAX_SECONDS = 20, 26
#: Changes of a comparison, at most: a response holds 6 MB.
MAX_CHANGES = 10_000


class RunReports:
    """Reports of an organization's runs; one that still goes on is reported as it is now.

    Methods raise ``NotFound`` for an unknown run, ``InvalidInput`` (``run_not_found``) for an
    unknown run to compare with, and ``TooLarge`` for results that take too long to read. They
    cost one read for each run and one query for each megabyte of its results.
    """

    def __init__(
        self,
        repository: RunRepository,
        simulations: SimulationRepository,
        delivery: Delivery,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._results = ResultReader(repository, simulations, clock)
        self._delivery = delivery
        self._clock = clock

    def compare(self, organization_id: OrganizationId, run_id: UUID, other: UUID) -> Comparison:
        """Compare a run with an earlier one."""
        run = self._repository.get(organization_id, run_id)
        before = self._other(organization_id, "with", other)
        due = self._clock() + timedelta(seconds=MAX_READ_SECONDS)
        # Simulations that have not begun count in no tally.
        found = compare(*(tallies_of(self._results.begun(one, due)) for one in (before, run)))
        if len(found.changes) > MAX_CHANGES:
            raise TooLarge(
                f"with: the comparison has more than {MAX_CHANGES} rows; "
                "get the report as JSON with this baseline."
            )
        return found

    def report(
        self,
        organization_id: OrganizationId,
        run_id: UUID,
        form: ReportFormat,
        baseline: UUID | None = None,
    ) -> Export:
        """Return the report of a run; a large one as a link.

        It is compared with ``baseline``, or else with the baseline that the run was created
        with.
        """
        run = self._repository.get(organization_id, run_id)
        earlier = baseline or run.spec.baseline_run_id
        before = self._other(organization_id, "baseline", earlier) if earlier else None
        now = self._clock()
        due = now + timedelta(seconds=MAX_READ_SECONDS)
        results = list(self._results.all(run, due))
        compared = None
        if before:
            compared = Baseline(run=before, tallies=tallies_of(self._results.begun(before, due)))
        report = Report(run=run, results=results, baseline=compared)
        writer = FORMS[form]
        due = now + timedelta(seconds=MAX_SECONDS)
        return self._delivery.deliver(
            organization_id,
            f"run-{run_id}",
            in_time(writer.write(report), due, self._clock, step=1),
            media_type=writer.media_type,
            extension=writer.extension,
        )

    def _other(self, organization_id: OrganizationId, field: str, run_id: UUID) -> Run:
        try:
            return self._repository.get(organization_id, run_id)
        except NotFound as error:
            raise InvalidInput(f"{field}: run not found.", code="run_not_found") from error
