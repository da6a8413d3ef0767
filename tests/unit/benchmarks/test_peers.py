"""Comparison of benchmarks/peers/: ratios, and the handler of the cookbook's form."""

from benchmarks.peers.comparison import PeerCost, costs_of
from benchmarks.peers.cookbook import measure


def test_cpu_is_relative_to_the_smallest_size_of_the_same_call() -> None:
    lines = [
        {"kind": "list", "size": 1_000, "seconds": 0.5},
        {"kind": "list", "size": 10, "seconds": 0.25},
        {"kind": "get", "size": 10, "seconds": 2.0, "requests": 1},
        {"kind": "get", "size": 1_000, "failed": "too large"},
    ]

    found = costs_of("other", lines)

    assert found == [
        PeerCost("other", "get", 10, requests=1, ratio=1.0),
        PeerCost("other", "get", 1_000, failed="too large"),
        PeerCost("other", "list", 10, ratio=1.0),
        PeerCost("other", "list", 1_000, ratio=2.0),
    ]


def test_create_with_an_idempotency_record_is_three_writes() -> None:
    assert measure(0) == measure(2) == (3, 0, 3)
