"""Sections of the report: goals of what is measured, and plots with their alternative texts."""

from benchmarks.__main__ import Result, Times
from benchmarks.faults import Fault
from benchmarks.growth import Cost
from benchmarks.peers.comparison import PeerCost
from benchmarks.report.parts import faults, growth, partitions, peers, starts, turns
from benchmarks.report.section import Section


def missed(section: Section) -> list[str]:
    return [one.name for one in section.figures if not one.is_met]


def start(init: float, warm: float) -> list[Result]:
    return [
        Result("service.health", Times(init, 1000, 200), Times(warm, 1000, 400)),
        Result("agents.create", Times(200, 1000, 200), Times(400, 1000, 400)),
    ]


def test_start_misses_a_goal_that_one_function_misses_in_one_pass() -> None:
    section = starts.present([start(240, 400), start(260, 400)])

    assert missed(section) == ["INIT, of the bare handler's: worst function"]
    [figure] = [one for one in section.figures if not one.is_met]
    assert figure.why == "Missed by 1 of 2: service.health."
    assert [plot.file for plot in section.plots] == ["init", "warm"]
    assert "| 8% |" in section.text[1]


def cost(kind: str, name: str, size: int, reads: float, ratio: float = 1.0) -> Cost:
    return Cost(kind, name, size, 2, reads, 0.0, 0.01, ratio)


def test_growth_misses_the_goal_of_what_grows() -> None:
    measured = [
        cost("list", "agent sessions", 1_000, 15),
        cost("list", "agent sessions", 10_000, 15, 1.1),
        cost("draft", "agent session", 1_000, 90),
        cost("draft", "agent session", 10_000, 830, 3.2),
    ]
    section = growth.present([measured, measured])

    assert missed(section) == [
        "growth of read units: draft (agent session), 1,000 to 10,000",
        "growth of CPU: draft, 1,000 to 10,000",
    ]
    [plot] = section.plots
    assert plot.series["draft from an agent session"] == [[1_000, 90.0], [10_000, 830.0]]


def test_growth_of_peers_is_plotted_by_call() -> None:
    section = peers.present(
        [
            [
                PeerCost("ours", "list", 1_000, 3, 15.0, 0.0, 1.0),
                PeerCost("ours", "list", 10_000, 3, 15.0, 0.0, 1.04),
                PeerCost("other", "get", 1_000, ratio=1.0),
                PeerCost("other", "get", 10_000, failed="Item too large"),
            ]
        ]
    )

    assert "| other | get | 10,000 | | | | Item too large |" in section.text[1]
    assert {plot.file: plot.series for plot in section.plots} == {
        "peers-list": {"ours": [[1_000, 1.0], [10_000, 1.04]]},
        "peers-get": {"other": [[1_000, 1.0]]},
        "peers-append": {},
    }


def test_turns_show_where_the_other_one_ends() -> None:
    own = [{"turn": turn, "requests": 5, "writes": 20.0, "reads": 2.0} for turn in (1, 10)]
    other = [own[0] | {"writes": 13.0}, {"turn": 7, "error": "Item too large"}]
    section = turns.present([{"own": own, "langgraph": other}])

    assert missed(section) == []
    assert (
        "At turn 7 its checkpoint exceeds the 400 KB of an item: `Item too large`"
        in (section.text[2])
    )
    assert section.plots[0].series["LangGraph: write units"] == [[1, 13.0]]


def test_faults_miss_the_goal_if_something_is_lost() -> None:
    results = [
        Fault("turns", "12 sessions", 3, 5, 1.0, []),
        Fault("runs", "16 simulations", 3, 5, 1.0, ["3: has another verdict"]),
    ]
    section = faults.present([results])

    assert missed(section) == ["lost or doubled: runs"]
    assert section.figures[1].why == "3: has another verdict"


def test_sustained_loads_are_plotted_by_shards() -> None:
    section = partitions.present([partitions.measure()])

    [plot] = section.plots
    assert [x for x, _ in plot.series["creates, one organization"]] == [1, 2, 3, 4, 8, 16, 32]
    assert section.text[-1].startswith("| rate | mean | peak | limit | of |")
