"""Validation rules, each with a graph that breaks only this rule."""

import re
from typing import Any

import pytest

from shared.playground.validation.check import validate
from shared.playground.validation.findings import Finding, Severity
from shared.playground.validation.rules import FLOW_RULES, RULES
from tests.support.gateway import Gateway
from tests.support.node_graphs import agent, edge, failure_path, variable
from tests.support.template import ROOT
from tests.unit.playground.conversations import new_revision, put_graph
from tests.unit.playground.validation.breakable import graph
from tests.unit.playground.validation.broken_graphs import BROKEN, Broken


def documented_severities() -> dict[str, Severity]:
    """Return the rules of docs/graphs.md with their severities."""
    docs = (ROOT / "docs" / "graphs.md").read_text()
    found: dict[str, Severity] = {}
    for severity in Severity:
        section = docs.partition(f"### {severity.value.title()}s\n")[2].partition("\n### ")[0]
        rules = re.findall(r"^\| `(\w+)`(?: ²)? \|", section, re.MULTILINE)
        found |= dict.fromkeys(rules, severity)
    return found


SEVERITIES = documented_severities()


def test_unchanged_graph_has_no_findings() -> None:
    assert validate(graph()).findings == ()


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.rule}: {case.words}")
def test_broken_rule_is_the_only_finding(case: Broken) -> None:
    result = validate(case.graph)

    severity = SEVERITIES[case.rule]
    expected = (severity, case.rule, case.node, case.edge)
    assert [summary(finding) for finding in result.findings] == [expected]
    [finding] = result.findings
    assert case.words in finding.message
    assert finding.category
    assert finding.suggested_fix
    assert result.valid is (severity is not Severity.ERROR)


def summary(finding: Finding) -> tuple[Severity, str, str | None, str | None]:
    return finding.severity, finding.rule_id, finding.node_id, finding.edge_id


#: Graphs that look wrong, but are valid.
SOUND: dict[str, dict[str, Any]] = {
    "all values of a required enum":
        graph(edges={0: {"condition": 'kind == "late"'},
                     5: edge("ask", "do", condition='kind in ["lost", "broken"]')}),
    "comparison and its negation":
        graph(edges={2: {"condition": "amount > 10"}, 3: {"condition": "not (amount > 10)"}}),
    "required number above, at and below a limit":
        graph(edges={2: {"condition": "amount > 10"}, 3: {"condition": "amount <= 10"}}),
    "true, false and no value":
        graph(edges={2: {"condition": "open"}, 3: {"condition": "open == false or missing(open)"}}),
    "case excluded by done_when":
        graph(nodes={"ask": {"done_when": "amount > 0 and amount <= 9"}},
              edges={0: {"condition": "amount < 10"}}),
    "comparison of two variables and its negation":
        graph(edges={2: {"condition": 'eq_normalized(place, kind, "text")'},
                     3: {"condition": 'not eq_normalized(place, kind, "text")'}}),
    "cycle with an approval":
        graph(nodes={"check": {"on_deny": "ask"}}),
    "cycle that a tool's output can leave":
        graph(edges={3: {"condition": "missing(open) or not open", "to": "do"},
                     5: edge("do", "say", priority=2)}),
    "cycle that the second agent ends":
        graph(nodes={"more": agent("more", "place")},
              edges={0: {"condition": "missing(place)", "to": "more"},
                     5: edge("ask", "do", priority=1),
                     6: edge("more", "ask"),
                     7: failure_path("more", "person")}),
    "agent without variables and failure path":
        graph(nodes={"chat": agent("chat")},
              edges={3: {"to": "chat"}, 5: edge("chat", "say")}),
}  # fmt: skip


@pytest.mark.parametrize("sound", SOUND.values(), ids=SOUND)
def test_sound_graph_has_no_findings(sound: dict[str, Any]) -> None:
    assert [summary(finding) for finding in validate(sound).findings] == []


def test_root_cause_suppresses_flow_findings() -> None:
    """An unknown entry makes every node unreachable, which would be ten more findings."""
    broken = graph(entry_node_id="asks", edges={0: {"to": "nowhere"}})

    assert [f.rule_id for f in validate(broken).findings] == [
        "unknown_entry_node",
        "edge_to_nowhere",
    ]


def test_cycle_finding_has_related_nodes_and_edges() -> None:
    [cycle] = [case for case in BROKEN if case.rule == "cycle_without_exit"]

    [finding] = validate(cycle.graph).findings

    assert finding.related_node_ids == ("loop", "ask2")
    assert finding.related_edge_ids == ("5:loop->wait", "6:ask2->wait")


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        (graph(edges={2: {"condition": "amonut > 1"}}), "amount"),
        (graph(edges={3: {"to": "sya"}}), "say"),
    ],
)
def test_misspelled_name_gets_a_suggestion(broken: dict[str, Any], name: str) -> None:
    assert validate(broken).findings[0].suggested_fix == f"Did you mean {name!r}?"


def test_undecided_edges_need_an_unconditional_edge() -> None:
    names = [f"flag{number}" for number in range(12)]
    wide = graph(
        variables={name: variable(name, "bool") for name in names},
        nodes={"ask": {"required_writes": ["kind", "amount", *names]}},
        edges={
            0: {"condition": " or ".join(names)},
            5: edge("ask", "say", condition="not " + " and not ".join(names)),
        },
    )

    assert [f.rule_id for f in validate(wide).findings] == ["way_out_not_sure"]


def test_every_rule_is_tested_and_documented() -> None:
    rules = {rule.id: rule.severity for rule in (*RULES, *FLOW_RULES)}
    error, warning = Severity.ERROR, Severity.WARNING

    assert {case.rule for case in BROKEN} == rules.keys()
    rules |= {"schema": error, "limit_exceeded": error, "unknown_field": warning}
    assert rules == SEVERITIES


def test_only_errors_prevent_storing_a_graph(api: Gateway) -> None:
    revision = new_revision(api)
    stored = None
    for case in BROKEN:
        answer = put_graph(api, revision, case.graph)

        valid = SEVERITIES[case.rule] is not Severity.ERROR
        validation = answer.json["validation"]
        assert [finding["rule_id"] for finding in validation["findings"]] == [case.rule]
        assert answer.status == (200 if valid else 422)
        assert answer.json["updated"] is valid
        if valid:
            stored = answer.json["revision"]["compiled_graph"]
        read = api("GET", f"/v1/workflows/revisions/{revision}").json
        assert read["compiled_graph"] == stored
