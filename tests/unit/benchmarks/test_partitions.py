"""Model of DynamoDB's partitions in benchmarks/partitions.py."""

import pytest

from benchmarks.partitions import Shards, hottest_share, largest_share, limits
from benchmarks.traffic import CREATE, TURN, KeyUnits, Operation, Traffic, capture
from shared.storage.records import WORK_SHARDS

LIST = KeyUnits("list_pk", "<organization>#sessions#<shard>", writes=2, reads=0)
COUNT = KeyUnits("pk", "<organization>#count#<shard>", writes=4, reads=0)
SESSION = KeyUnits("pk", "<organization>#session#<session>", writes=10, reads=3)
AGENT = KeyUnits("pk", "<organization>#agent#<agent>", writes=0, reads=1)
WORK = KeyUnits("work_pk", "stack#waiting#<shard>", writes=2, reads=0)


def _traffic(create: tuple[KeyUnits, ...], turn: tuple[KeyUnits, ...] = ()) -> Traffic:
    keys = {CREATE: create, TURN: turn}
    operations = {name: Operation(name, 1, 1, 1, 0, {}, keys[name]) for name in keys}
    return Traffic(2, operations, 2, 1.0)


def _rates(traffic: Traffic, load: str, shards: Shards, organizations: int) -> dict[str, float]:
    return {one.key: one.rate for one in limits(traffic, load, shards, organizations)}


def test_rate_is_the_limit_by_the_units_of_the_fullest_shard() -> None:
    traffic = _traffic((LIST, COUNT, SESSION, AGENT))

    found = limits(traffic, "creates", Shards(lists=1, counters=4), 1)

    assert [(one.key, one.by) for one in found] == [
        (LIST.pattern, "writes"),
        (COUNT.pattern, "writes"),
        (AGENT.pattern, "reads"),
    ]
    assert found[0].rate == 1000 / 2
    assert found[1].rate == pytest.approx(4 * 1000 / 4, rel=0.05)
    assert found[2].rate == 3000


def test_largest_organization_limits_all_but_the_keys_of_the_stack() -> None:
    traffic = _traffic((), (LIST, WORK))
    one, many = (_rates(traffic, "turns", Shards(lists=1), number) for number in (1, 10_000))

    assert many[LIST.pattern] == pytest.approx(one[LIST.pattern] / largest_share(10_000))
    assert many[WORK.pattern] == one[WORK.pattern]
    assert many[WORK.pattern] == pytest.approx(WORK_SHARDS * 1000 / 2, rel=0.2)


def test_sizes_by_zipfs_law_add_up() -> None:
    assert largest_share(1) == 1
    assert sum(largest_share(100) / rank for rank in range(1, 101)) == pytest.approx(1)


def test_session_limits_only_its_own_turns() -> None:
    [found] = limits(_traffic((), (SESSION, LIST)), "turns", Shards(), 1, of_session=True)[:1]

    assert (found.key, found.rate) == (SESSION.pattern, 100)


def test_units_of_a_create_and_its_turns_add_up() -> None:
    traffic = _traffic((LIST,), (LIST,))

    found = _rates(traffic, "sessions of 10 turns", Shards(lists=1), 1)

    assert found == {LIST.pattern: pytest.approx(1000 / (2 * 11))}


@pytest.mark.parametrize("shards", [2, 3, 8, 32])
def test_entries_of_lists_are_spread_almost_evenly(shards: int) -> None:
    assert 1 <= hottest_share(shards) * shards < 1.15


def test_captured_keys_have_no_ids_and_hold_all_units() -> None:
    traffic = capture(shards=2, sessions=2)

    for operation in traffic.operations.values():
        keys = operation.keys
        assert sum(one.writes for one in keys) == operation.writes > 0
        assert sum(one.reads for one in keys) == operation.reads > 0
        assert not [one.pattern for one in keys if "org_" in one.pattern]
        assert {"session", "organization"} <= {one.scope for one in keys}
    assert traffic.list_requests >= 2
