"""Calls of a world: answered as recorded, and each recorded once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.core.errors import Conflict, TooLarge
from shared.runs.worlds import repository
from shared.runs.worlds.domain import MAX_ARGUMENTS
from shared.storage.table import Table
from tests.support.racing import atomic_requests
from tests.support.storage import counted_requests, moto_table
from tests.support.worlds import Worlds

A17 = {"order_id": "A-17"}
LATE, ARRIVED = {"status": "late"}, {"status": "arrived"}


@pytest.fixture(autouse=True)
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with moto_table(monkeypatch):
        yield


def test_equal_calls_are_answered_in_the_recorded_order_and_the_last_one_repeats() -> None:
    worlds = Worlds()

    outputs = [worlds.request().call("get_order", A17).output for _ in range(3)]

    assert outputs == [LATE, ARRIVED, ARRIVED]
    assert worlds.recorded() == [
        (0, "get_order", LATE, None, "order"),
        (1, "get_order", ARRIVED, None, "order"),
        (2, "get_order", ARRIVED, None, "order"),
    ]
    assert worlds.recorded(after=1) == [(2, "get_order", ARRIVED, None, "order")]


def test_recorded_calls_of_one_tool_do_not_use_up_those_of_another() -> None:
    calls = [{"arguments": {}, "output": n} for n in range(2)]
    worlds = Worlds({"a": {"calls": calls}, "b": {"calls": calls}})

    outputs = [worlds.request().call(tool, {}).output for tool in ("a", "b", "a", "b")]

    assert outputs == [0, 0, 1, 1]


def test_recorded_error_is_the_answer() -> None:
    worlds = Worlds()

    call = worlds.request().call("get_order", {"order_id": "a-19", "verbose": "true"})

    assert (call.error, call.output, call.matched) == ("no such order", None, "normalized")
    assert worlds.recorded() == [(0, "get_order", None, "no such order", "normalized")]


@pytest.mark.parametrize(
    ("tool", "arguments"), [("get_order", {"order_id": "B-1"}), ("drop_tables", {"all": True})]
)
def test_call_without_a_recorded_answer_is_an_error_and_recorded(
    tool: str, arguments: dict[str, Any]
) -> None:
    worlds = Worlds()

    call = worlds.request().call(tool, arguments)

    assert call.matched == "none"
    assert worlds.recorded() == [(0, tool, None, call.error, "none")]
    assert worlds.calls.calls_after(worlds.key, -1, {})[0].arguments == arguments


def test_rule_for_unmatched_calls_answers_without_using_a_call_up() -> None:
    worlds = Worlds(on_unmatched="last")

    answers = [
        worlds.request().call("get_order", {"order_id": one}).output for one in ("B-1", "A-17")
    ]

    assert answers == [None, LATE]
    assert [one[-1] for one in worlds.recorded()] == ["last", "order"]


def test_tool_is_called_by_its_recorded_name_or_the_listed_one() -> None:
    worlds = Worlds()
    [_, listed] = worlds.request().tools()

    for name in (listed.name, "send e-mail"):
        assert worlds.request().call(name, {}).output == "sent"

    assert listed.name.startswith("send_e-mail_")
    assert [one[1] for one in worlds.recorded()] == ["send e-mail", "send e-mail"]


def test_concurrent_calls_are_recorded_once_each_without_gaps() -> None:
    calls = [{"arguments": {"n": 1}, "output": n} for n in range(8)]
    worlds = Worlds({"next": {"calls": calls}})

    with atomic_requests(), ThreadPoolExecutor(8) as threads:
        requests = [threads.submit(worlds.request().call, "next", {"n": 1}) for _ in range(8)]
        outputs = sorted(one.result().output for one in requests)

    assert outputs == list(range(8))
    assert [one[:3] for one in worlds.recorded()] == [(n, "next", n) for n in range(8)]


def test_call_that_loses_against_another_gets_the_next_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worlds = Worlds()
    create = Table.create
    lost: list[Any] = []

    def create_after_another(table: Table, record: Any) -> Any:
        if not lost:
            lost.append(record)
            worlds.request().call("get_order", A17)
        return create(table, record)

    monkeypatch.setattr(Table, "create", create_after_another)

    assert worlds.request().call("get_order", A17).output == ARRIVED
    assert [one[2] for one in worlds.recorded()] == [LATE, ARRIVED]


def test_call_costs_one_query_and_one_write() -> None:
    worlds = Worlds()
    with counted_requests() as counts:
        worlds.request().call("get_order", A17)

    assert counts == {"Query": 1, "PutItem": 1}


def test_delays_are_waited_for_after_the_record_up_to_a_limit_a_request() -> None:
    worlds = Worlds({"slow": {"output": 1, "delay_ms": 7_000}, "fast": {"output": 2}})
    request = worlds.request()

    for tool in ("fast", "slow", "slow", "slow"):
        request.call(tool, {})

    assert worlds.waited == [7.0, 3.0]
    assert len(worlds.recorded()) == 4


def test_calls_of_a_simulation_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MAX_CALLS", 2)
    worlds = Worlds()
    for _ in range(2):
        worlds.request().call("get_order", A17)

    with pytest.raises(Conflict) as refused:
        worlds.request().call("get_order", A17)

    assert refused.value.code == "too_many_calls"
    assert len(worlds.recorded()) == 2


def test_large_arguments_are_refused_and_not_recorded() -> None:
    worlds = Worlds()

    with pytest.raises(TooLarge):
        worlds.request().call("get_order", {"order_id": "x" * MAX_ARGUMENTS})

    assert worlds.recorded() == []


def test_answer_of_a_quarter_megabyte_is_not_stored_again() -> None:
    worlds = Worlds({"dump": {"output": "x" * 256_000}})

    worlds.request().call("dump", {})

    assert len(worlds.recorded()[0][2]) == 256_000


def test_world_of_a_simulation_that_does_not_run_answers_nothing() -> None:
    worlds = Worlds()
    worlds.runs = False

    for use in (worlds.request().tools, lambda: worlds.request().call("get_order", A17)):
        with pytest.raises(Conflict):
            use()

    assert worlds.recorded() == []
