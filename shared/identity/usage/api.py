"""API models of usage."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from shared.identity.usage import domain
from shared.sessions.domain import SessionKind

_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _check_full_date(value: Any) -> Any:
    """Reject a number, which Pydantic would accept as a date."""
    if not isinstance(value, date) and not _FULL_DATE.fullmatch(str(value)):
        raise PydanticCustomError("not_full_date", "must be a date such as 2026-01-31")
    return value


_Day = Annotated[date, BeforeValidator(_check_full_date)]


class UsageParameters(BaseModel):
    """Range of days. Unknown parameters are rejected."""

    model_config = ConfigDict(extra="forbid")

    first_day: _Day | None = None
    """First day of the range, in UTC; 29 days before the last one if absent."""
    last_day: _Day | None = None
    """Last day of the range, in UTC; today if absent. A range has at most 92 days."""


class SessionCounts(BaseModel):
    """Numbers of sessions by kind."""

    agent: int
    """Agent sessions."""
    playground: int
    """Playground sessions."""
    evaluation: int
    """Evaluation sessions."""

    @classmethod
    def of(cls, counts: dict[SessionKind, int]) -> "SessionCounts":
        return cls.model_validate({kind.value: number for kind, number in counts.items()})


class UsageCounts(BaseModel):
    """Counts of the sessions that were created in a time and exist, with all of their turns."""

    sessions: SessionCounts
    """Sessions by kind; a deleted session is not counted."""
    turns: int
    """Turns of these sessions so far, on whichever day they took place."""
    input_tokens: int
    """Tokens that models read, in agent and evaluation sessions. Rows of playground sessions have
    none, and a fork counts those of the log that it began with."""
    output_tokens: int
    """Tokens that models wrote, as above."""
    cost: float | None
    """Cost as clients of evaluations reported it; null if none did."""

    @staticmethod
    def fields_of(counts: domain.Counts) -> dict[str, Any]:
        """Return the fields of counts."""
        return {
            "sessions": SessionCounts.of(counts.sessions),
            "turns": counts.turns,
            "input_tokens": counts.input_tokens,
            "output_tokens": counts.output_tokens,
            "cost": counts.cost,
        }


class DayUsage(UsageCounts):
    """Counts of the sessions that were created on a day."""

    day: date
    """The day, in UTC."""


class OrganizationLimits(BaseModel):
    """Limits of an organization, as the stack is configured, and what is in progress now."""

    model_config = ConfigDict(from_attributes=True)

    requests_per_second: int | None
    """Requests per second, sustained; null where the stack does not say."""
    requests_in_a_burst: int | None
    """Requests in a burst; null as above."""
    requests_per_day: int | None
    """Requests per day; null as above."""
    max_turns_in_progress: int
    """Turns of agents in progress at once; further ones wait in order."""
    turns_in_progress: int
    """Turns of agents in progress now."""
    max_simulations_in_progress: int
    """Simulations of runs in progress at once; further runs wait in order."""
    simulations_in_progress: int
    """Simulations that runs have a place for now."""


class UsageResponse(BaseModel):
    """Usage of the caller's organization in a range of days, and its limits."""

    days: list[DayUsage]
    """Days of the range, oldest first, also those without sessions; without the days before
    `complete_from`."""
    total: UsageCounts
    """Sums of these days."""
    complete_from: datetime
    """Time from which on every session is counted: the begin of the range, or a later one if
    `is_complete` is false."""
    is_complete: bool
    """False if the range has more than 10,000 sessions, or 20 MB of their rows: older ones are
    not counted. Request a shorter range."""
    limits: OrganizationLimits
    """Limits that apply."""

    @classmethod
    def of(cls, usage: domain.Usage) -> "UsageResponse":
        return cls(
            days=[
                DayUsage(day=day, **UsageCounts.fields_of(counts))
                for day, counts in usage.days.items()
            ],
            total=UsageCounts(**UsageCounts.fields_of(usage.total)),
            complete_from=usage.complete_from,
            is_complete=usage.is_complete,
            limits=OrganizationLimits.model_validate(usage.limits),
        )
