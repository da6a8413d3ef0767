"""Usage service: counts of a range of days from the rows of the lists of sessions."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from shared.core.clock import Clock, system_clock
from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.identity.usage.domain import Counts, Limits, Usage
from shared.sessions.summaries.domain import SessionSummary, SummaryFilter

#: Days of a range by default, and at most.
DEFAULT_DAYS, MAX_DAYS = 30, 92
#: Sessions and bytes of their rows that one request reads, at most.
MAX_SESSIONS, MAX_BYTES = 10_000, 20_000_000

#: Yields the sessions of a range of time, newest first, with the bytes of their rows.
type ReadRange = Callable[[OrganizationId, SummaryFilter], Iterator[tuple[SessionSummary, int]]]


class UsageService:
    """Use case of usage; ``limits`` returns those of an organization."""

    def __init__(
        self,
        read_range: ReadRange,
        limits: Callable[[OrganizationId], Limits],
        clock: Clock = system_clock,
    ) -> None:
        self._read_range = read_range
        self._limits = limits
        self._clock = clock

    def get(self, organization_id: OrganizationId, first: date | None, last: date | None) -> Usage:
        """Return the usage of a range of days, both included; by default of the last 30.

        Costs one query a shard of each kind of sessions for each megabyte of rows, at most
        10,000 sessions and 20 MB: the oldest days of a larger range are left out. Raises
        ``InvalidInput`` for a range in the wrong order or of more than 92 days.
        """
        last = last or (self._clock().date() if first is None else self._last_day(first))
        first = first or _shifted(last, 1 - DEFAULT_DAYS)
        if first > last:
            raise InvalidInput("first_day: must not be later than last_day.")
        if (last - first).days >= MAX_DAYS:
            raise InvalidInput(f"first_day: the range must have at most {MAX_DAYS} days.")
        return self._count(organization_id, first, last)

    def _last_day(self, first: date) -> date:
        """Return the end of a range without one: today, unless the range would be too long."""
        return min(self._clock().date(), _shifted(first, MAX_DAYS - 1))

    def _count(self, organization_id: OrganizationId, first: date, last: date) -> Usage:
        days, total = _empty_days(first, last), Counts()
        begin, end = _midnight(first), datetime.combine(last, time.max, UTC)
        number = size = 0
        complete_from, is_complete = begin, True
        selected = SummaryFilter(created_from=begin, created_to=end)
        for session, row_size in self._read_range(organization_id, selected):
            if number == MAX_SESSIONS or size > MAX_BYTES:
                is_complete = False
                break
            number, size = number + 1, size + row_size
            complete_from = session.created_at
            days[session.created_at.date()].add(session)
            total.add(session)
        if is_complete:
            complete_from = begin
        covered = {day: one for day, one in days.items() if day >= complete_from.date()}
        return Usage(
            days=covered,
            total=total,
            complete_from=complete_from,
            is_complete=is_complete,
            limits=self._limits(organization_id),
        )


def _empty_days(first: date, last: date) -> dict[date, Counts]:
    return {first + timedelta(days=n): Counts() for n in range((last - first).days + 1)}


def _shifted(day: date, days: int) -> date:
    """Return the day that is so many days later, in the years 1 to 9999."""
    return date.fromordinal(min(max(1, day.toordinal() + days), date.max.toordinal()))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
