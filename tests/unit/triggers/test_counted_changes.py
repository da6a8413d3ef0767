"""Publishing and counting of one batch: neither keeps the other from its records."""

from typing import Any

import pytest

from functions.triggers import publish_changes
from local.examples.lambda_events import WINDOW
from shared.changes.domain import Change
from shared.core.errors import Throttled
from shared.storage import counting
from tests.support.agents import new_session
from tests.support.gateway import Gateway
from tests.support.table_stream import Entry, counted_writes


class Bus:
    """Bus that publishes so many changes, and rejects the others."""

    def __init__(self, room: int = 100) -> None:
        self.room = room
        self.published: list[str] = []

    def publish(self, changes: list[Change]) -> list[Change]:
        taken = changes[: self.room]
        self.room -= len(taken)
        self.published += [one.id for one in taken]
        return changes[len(taken) :]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    bus = Bus()
    monkeypatch.setattr(publish_changes, "event_bridge", lambda: bus)
    return bus


@pytest.fixture
def entries(api: Gateway) -> list[Entry]:
    """The records of an agent and of three sessions of it."""
    agent = new_session(api)["agent_id"]
    for _ in range(2):
        new_session(api, agent_id=agent)
    return counted_writes()


def total(api: Gateway) -> int:
    return int(api("GET", "/v1/sessions?limit=0").json["total"])


def deliver(entries: list[Entry]) -> int:
    """Deliver a batch; return the number of its records that come again."""
    answer = publish_changes.handler({"Records": entries, **WINDOW}, None)
    assert answer["state"] == {}
    if not answer["batchItemFailures"]:
        return 0
    [failure] = answer["batchItemFailures"]
    positions = [one["dynamodb"]["SequenceNumber"] for one in entries]
    return len(entries) - positions.index(failure["itemIdentifier"])


def test_batch_is_published_and_counted(api: Gateway, bus: Bus, entries: list[Entry]) -> None:
    assert deliver(entries) == 0
    assert (len(bus.published), total(api)) == (4, 3)


def test_rejected_changes_are_counted_once(api: Gateway, bus: Bus, entries: list[Entry]) -> None:
    bus.room = 2
    assert deliver(entries) == 2
    assert total(api) == 3
    bus.room = 100
    assert deliver(entries[-2:]) == 0
    assert bus.published == [one["eventID"] for one in entries]
    assert total(api) == 3


def test_uncounted_changes_are_published_in_order(
    api: Gateway, bus: Bus, entries: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise Throttled("later")

    with monkeypatch.context() as patched:
        patched.setattr(counting, "_write", fail)
        assert deliver(entries) == 3
    ids = [one["eventID"] for one in entries]
    assert (bus.published, total(api)) == (ids, 0)
    assert deliver(entries[-3:]) == 0
    assert (bus.published, total(api)) == (ids + ids[-3:], 3)


def test_change_that_cannot_be_published_is_counted(
    api: Gateway, entries: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails its batch until the stream gives it up."""

    def fail(_: Any) -> None:
        raise ValueError("unreadable")

    monkeypatch.setattr("shared.changes.service.change_of", fail)
    monkeypatch.setattr(publish_changes, "event_bridge", Bus)
    for _ in range(2):
        with pytest.raises(ValueError, match="unreadable"):
            deliver(entries)
    assert total(api) == 3


def test_end_of_a_window_has_no_records(api: Gateway, bus: Bus) -> None:
    event = {"Records": [], **WINDOW, "isFinalInvokeForWindow": True}
    assert publish_changes.handler(event, None) == {"batchItemFailures": [], "state": {}}
