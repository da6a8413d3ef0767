"""Each rule, shown by a graph that breaks only it."""

import re
from pathlib import Path
from typing import Any

import pytest

from shared.playground.findings import Finding, Severity
from shared.playground.validation import validate
from tests.support.gateway import Gateway
from tests.unit.playground.breakable import E, asks, graph
from tests.unit.playground.broken_flow import BROKEN_FLOW
from tests.unit.playground.broken_parts import BROKEN_PARTS
from tests.unit.playground.graphs import small
from tests.unit.workflows.steps import a_revision, put_graph

BROKEN = BROKEN_PARTS + BROKEN_FLOW
DOCS = Path(__file__).parents[3] / "docs" / "graphs.md"


def test_given_the_graph_that_all_others_are_made_of_then_nothing_is_found() -> None:
    assert validate(graph()).findings == ()


@pytest.mark.parametrize(
    "broken,severity,rule,node,edge,words",
    [pytest.param(*case[1:], id=case[0]) for case in BROKEN],
)
def test_given_a_graph_that_breaks_one_rule_then_only_that_is_told_with_place_and_fix(
    broken: dict[str, Any],
    severity: Severity,
    rule: str,
    node: str | None,
    edge: str | None,
    words: str,
) -> None:
    verdict = validate(broken)

    assert [told(finding) for finding in verdict.findings] == [(severity, rule, node, edge)]
    [finding] = verdict.findings
    assert words in finding.message
    assert finding.category
    assert finding.suggested_fix
    assert verdict.valid is (severity is not E)


def told(finding: Finding) -> tuple[Severity, str, str | None, str | None]:
    return finding.severity, finding.rule_id, finding.node_id, finding.edge_id


#: what a strict reader might take for a fault, and is none
SOUND: list[tuple[str, dict[str, Any]]] = [
    (
        "all values of an enum that was asked for",
        graph(edges={0: {"condition": 'kind == "late"'},
                     5: {"from": "ask", "to": "do", "condition": 'kind in ["lost", "broken"]'}}),
    ),
    (
        "a comparison and its opposite",
        graph(edges={2: {"condition": "amount > 10"}, 3: {"condition": "not (amount > 10)"}}),
    ),
    (
        "numbers up to, at and above, asked for before",
        graph(edges={2: {"condition": "amount > 10"}, 3: {"condition": "amount <= 10"}}),
    ),
    (
        "true, false and no value",
        graph(edges={2: {"condition": "open"}, 3: {"condition": "open == false or missing(open)"}}),
    ),
    (
        "what done_when has excluded",
        graph(nodes={"ask": {"done_when": "amount > 0 and amount <= 9"}},
              edges={0: {"condition": "amount < 10"}}),
    ),
    (
        "what two variables are to one another, and its opposite",
        graph(edges={2: {"condition": 'eq_normalized(place, kind, "text")'},
                     3: {"condition": 'not eq_normalized(place, kind, "text")'}}),
    ),
    (
        "a cycle that an approval interrupts",
        graph(nodes={"check": {"on_deny": "ask"}}),
    ),
    (
        "a cycle that a tool's answer can leave",
        graph(edges={3: {"condition": "missing(open) or not open", "to": "do"},
                     5: {"from": "do", "to": "say", "priority": 2}}),
    ),
    (
        "a cycle that the second agent ends",
        graph(nodes={"more": asks("place")},
              edges={0: {"condition": "missing(place)", "to": "more"},
                     5: {"from": "ask", "to": "do", "priority": 1},
                     6: {"from": "more", "to": "ask"},
                     7: {"from": "more", "to": "person", "is_failure_path": True}}),
    ),
    (
        "an agent that only talks, without a failure path",
        graph(nodes={"chat": {"type": "agent", "instructions": "Talk."}},
              edges={3: {"to": "chat"}, 5: {"from": "chat", "to": "say"}}),
    ),
]  # fmt: skip


@pytest.mark.parametrize("sound", [pytest.param(given, id=name) for name, given in SOUND])
def test_given_a_graph_that_only_looks_wrong_then_nothing_is_found(sound: dict[str, Any]) -> None:
    assert [told(finding) for finding in validate(sound).findings] == []


def test_given_a_slip_that_cuts_nodes_off_then_it_alone_is_told() -> None:
    """Every node behind an unknown entry cannot be come to: that would be told ten times."""
    broken = graph(entry_node_id="asks", edges={0: {"to": "nowhere"}})

    assert [f.rule_id for f in validate(broken).findings] == [
        "unknown_entry_node",
        "edge_to_nowhere",
    ]


def test_given_a_cycle_then_its_nodes_and_edges_are_related() -> None:
    broken = {case[0]: case[1] for case in BROKEN}["cycle with no way out"]

    [finding] = validate(broken).findings

    assert finding.related_node_ids == ("loop", "ask2")
    assert finding.related_edge_ids == ("5:loop->wait", "6:ask2->wait")


def test_given_a_misspelt_name_then_the_right_one_is_suggested() -> None:
    found = validate(graph(edges={2: {"condition": "amonut > 1"}})).findings

    assert found[0].suggested_fix == "Did you mean 'amount'?"


def test_given_more_cases_than_can_be_tried_then_a_sure_edge_is_asked_for() -> None:
    names = [f"flag{number}" for number in range(12)]
    wide = graph(
        variables={name: {"type": "bool"} for name in names},
        nodes={"ask": {"required_writes": ["kind", "amount", *names]}},
        edges={
            0: {"condition": " or ".join(names)},
            5: {"from": "ask", "to": "say", "condition": "not " + " and not ".join(names)},
        },
    )

    assert [f.rule_id for f in validate(wide).findings] == ["way_out_not_sure"]


def test_every_rule_is_tested_and_described() -> None:
    package = Path(__file__).parents[3] / "shared" / "playground"
    sources = [*(package / "validation").glob("*.py"), package / "schema_check.py"]
    rules = {rule for path in sources for rule in re.findall(r'rule_id="(\w+)"', path.read_text())}
    rules |= {"cycle_without_exit", "cycle_left_only_by_failure", "cycle_without_change"}
    rules |= {"condition_never_holds", "done_when_never_holds"}

    tested = {case[3] for case in BROKEN} | {"schema", "unknown_field", "limit_exceeded"}
    described = set(re.findall(r"^\| `(\w+)`(?: ²)? \|", DOCS.read_text(), re.MULTILINE))

    assert tested == rules
    assert described == rules


def test_given_any_of_these_graphs_when_it_is_put_then_only_errors_keep_it_out(
    api: Gateway,
) -> None:
    revision = a_revision(api)
    stored = None
    for _, broken, severity, rule, *_ in BROKEN:
        answer = put_graph(api, revision, broken)

        validation = answer.json["validation"]
        assert [finding["rule_id"] for finding in validation["findings"]] == [rule]
        assert answer.status == (422 if severity is E else 200)
        assert answer.json["updated"] is (severity is not E)
        if severity is not E:
            stored = answer.json["revision"]["compiled_graph"]
        read = api("GET", f"/v1/workflows/revisions/{revision}").json
        assert read["compiled_graph"] == stored


def test_given_the_small_graph_of_other_tests_then_it_stays_clean() -> None:
    assert validate(small()).findings == ()
