"""Usage of an organization: days, totals, bounds of the read, limits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.identity.usage import service
from shared.identity.usage.domain import Limits
from shared.identity.usage.service import UsageService
from shared.sessions.domain import SessionKind
from shared.sessions.summaries.domain import (
    CapturedSessionStatus,
    SessionSummary,
    SummaryFilter,
    Tokens,
)
from tests.support import evaluations
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, forget_process_state
from tests.support.turns import Model, Turns, text
from tests.unit.playground.conversations import open_session

URL = "/v1/identity/usage"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ORGANIZATION = OrganizationId.new()
LIMITS = Limits(
    requests_per_second=None, requests_in_a_burst=None, requests_per_day=None,
    max_turns_in_progress=1, turns_in_progress=0,
    max_simulations_in_progress=1, simulations_in_progress=0,
)  # fmt: skip


def session(days_ago: float, *, cost: float | None = None) -> SessionSummary:
    at = NOW - timedelta(days=days_ago)
    return SessionSummary(
        id="a", kind=SessionKind.EVALUATION, status=CapturedSessionStatus.OPEN, created_at=at,
        updated_at=at, event_count=2, turn_count=2,
        usage=Tokens(input_tokens=5, output_tokens=1, total_tokens=6, cost=cost),
    )  # fmt: skip


def usage_of(*sessions: SessionSummary) -> tuple[UsageService, list[SummaryFilter]]:
    asked: list[SummaryFilter] = []

    def read(_: OrganizationId, selected: SummaryFilter) -> Iterator[tuple[SessionSummary, int]]:
        asked.append(selected)
        return ((one, 1_000) for one in sessions)

    return UsageService(read, lambda _: LIMITS, lambda: NOW), asked


def test_default_range_is_the_last_thirty_days() -> None:
    usage, asked = usage_of()
    found = usage.get(ORGANIZATION, None, None)
    assert len(found.days) == 30
    assert min(found.days) == datetime(2026, 2, 9, tzinfo=UTC).date()
    assert max(found.days) == NOW.date()
    assert (asked[0].created_from, found.complete_from) == (datetime(2026, 2, 9, tzinfo=UTC),) * 2
    assert found.is_complete


def test_sessions_count_on_the_day_of_their_creation() -> None:
    found = usage_of(session(0, cost=0.1), session(1, cost=0.2), session(1.1))[0].get(
        ORGANIZATION, None, None
    )
    today, yesterday = found.days[NOW.date()], found.days[NOW.date() - timedelta(days=1)]
    assert today.sessions[SessionKind.EVALUATION] == 1
    assert (yesterday.turns, yesterday.input_tokens, yesterday.output_tokens) == (4, 10, 2)
    assert (today.cost, yesterday.cost, found.total.cost) == (0.1, 0.2, 0.3)
    assert found.total.sessions == {"agent": 0, "playground": 0, "evaluation": 3}


@pytest.mark.parametrize("name", ["MAX_SESSIONS", "MAX_BYTES"])
def test_bounded_read_leaves_out_the_oldest_days(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(service, name, 2 if name == "MAX_SESSIONS" else 1_999)
    found = usage_of(session(0), session(2), session(3))[0].get(ORGANIZATION, None, None)
    assert not found.is_complete
    assert found.complete_from == NOW - timedelta(days=2)
    assert len(found.days) == 3
    assert found.total.turns == 4


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-03-02", "2026-03-01"), ("2026-01-01", "2026-04-03"), ("2026-03-11", None)],
)
def test_impossible_range_is_refused(first: str, last: str | None) -> None:
    days = [one and datetime.fromisoformat(one).date() for one in (first, last)]
    with pytest.raises(InvalidInput, match="first_day"):
        usage_of()[0].get(ORGANIZATION, *days)  # type: ignore[arg-type]  # "" is not among them


def test_range_without_an_end_has_at_most_92_days() -> None:
    found = usage_of()[0].get(ORGANIZATION, datetime(2025, 1, 1, tzinfo=UTC).date(), None)
    assert len(found.days) == 92


def test_usage_counts_sessions_of_every_kind(api: Gateway, other_api: Gateway) -> None:
    agent = new_session(api)["id"]
    evaluated = evaluations.new_session(api, evaluations.new_world(api).version)["id"]
    open_session(api)
    new_session(other_api)
    say(api, agent, "Hello")
    Turns(Model(text("Hi"))).run()
    evaluations.new_turn(api, evaluated, input="a", actualOutput="b", inputTokens=7, cost=0.5)

    with counted_requests() as requests:
        found = api("GET", URL).json
    assert found["days"][-1] == {"day": found["days"][-1]["day"]} | found["total"]
    assert found["total"]["sessions"] == {"agent": 1, "playground": 1, "evaluation": 1}
    assert (found["total"]["turns"], found["total"]["cost"]) == (2, 0.5)
    assert found["total"]["input_tokens"] > 7
    assert requests == {"Query": 3 * 3 + 1, "GetItem": 1}


def test_limits_are_those_of_the_template(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RATE_LIMIT": 200, "BURST_LIMIT": 400, "DAILY_QUOTA": 1000000}.items():
        monkeypatch.setenv(name, str(value))
    forget_process_state()
    assert api("GET", URL).json["limits"] == {
        "requests_per_second": 200, "requests_in_a_burst": 400, "requests_per_day": 1_000_000,
        "max_turns_in_progress": 50, "turns_in_progress": 0,
        "max_simulations_in_progress": 50, "simulations_in_progress": 0,
    }  # fmt: skip


def test_waiting_message_is_a_turn_in_progress_once_admitted(api: Gateway) -> None:
    turns = Turns(Model(text("Hi")))
    say(api, new_session(api)["id"], "Hello")
    turns.dispatch(*turns.triggers())
    assert api("GET", URL).json["limits"]["turns_in_progress"] == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("first_day=2026-02-30", 422), ("first_day=1", 422), ("days=3", 422),
        ("first_day=2026-02-01T00:00:00Z", 422), ("last_day=", 422),
        ("first_day=9999-12-31", 400), ("last_day=0001-01-01", 200),
        ("first_day=2026-01-01&last_day=2025-01-01", 400),
    ],
)  # fmt: skip
def test_invalid_parameters_are_refused(api: Gateway, query: str, status: int) -> None:
    answer: Any = api("GET", f"{URL}?{query}")
    assert answer.status == status, answer.text
