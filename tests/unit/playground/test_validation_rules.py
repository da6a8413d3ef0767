"""Each rule, shown by a graph that breaks only it."""

import re
from pathlib import Path
from typing import Any

import pytest

from shared.playground.findings import Finding, Severity
from shared.playground.validation import validate
from tests.support.gateway import Gateway
from tests.unit.playground.graphs import small
from tests.unit.workflows.steps import a_revision, put_graph

E, W, S = Severity.ERROR, Severity.WARNING, Severity.SUGGESTION
DOCS = Path(__file__).parents[3] / "docs" / "graphs.md"

ASK: dict[str, Any] = {
    "id": "ask",
    "type": "agent",
    "instructions": "Ask.",
    "required_writes": ["kind", "amount"],
}
TOOL: dict[str, Any] = {
    "id": "find",
    "kind": "tool_call",
    "tool": "find",
    "input": {"kind": "kind"},
    "output_bindings": {"place": "scan.place", "open": "open"},
}
DO: dict[str, Any] = {"id": "do", "type": "action", "failure_message": "Sorry.", "steps": [TOOL]}
SAY: dict[str, Any] = {
    "id": "say",
    "type": "action",
    "failure_message": "Sorry.",
    "steps": [{"id": "s", "kind": "speak", "text": "{{place}}"}],
}
CHECK: dict[str, Any] = {
    "id": "check",
    "type": "approval",
    "approver_role": "lead",
    "suspend_message": "One moment.",
    "on_approve": "say",
    "on_deny": "person",
}
PERSON: dict[str, Any] = {"id": "person", "type": "handoff", "static_text": "I call a colleague."}
VARIABLES: list[dict[str, Any]] = [
    {"name": "kind", "type": "enum", "enum_values": ["late", "lost", "broken"]},
    {"name": "amount", "type": "float"},
    {"name": "place", "type": "string"},
    {"name": "open", "type": "bool"},
    {"name": "session_id", "type": "string", "source": "system"},
]
EDGES: list[dict[str, Any]] = [
    {"from": "ask", "to": "do"},
    {"from": "ask", "to": "person", "is_failure_path": True},
    {"from": "do", "to": "check", "condition": "open and amount > 10"},
    {"from": "do", "to": "say", "priority": 1},
    {"from": "do", "to": "person", "is_failure_path": True},
]
MOCKS: dict[str, Any] = {"find": {"output": {"scan": {"place": "Oslo"}, "open": True}}}


def graph(
    *,
    nodes: dict[str, dict[str, Any]] | None = None,
    variables: dict[str, dict[str, Any] | None] | None = None,
    edges: dict[int, dict[str, Any] | None] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A valid graph with fields of some nodes, variables and edges replaced.

    A new name adds one; None takes one away.
    """
    found = {node["id"]: node for node in (ASK, DO, CHECK, SAY, PERSON)}
    for name, fields in (nodes or {}).items():
        found[name] = found.get(name, {}) | fields | {"id": name}
    declared = {str(variable["name"]): variable for variable in VARIABLES}
    for name, given in (variables or {}).items():
        if given is None:
            del declared[name]
        else:
            declared[name] = declared.get(name, {}) | {"name": name} | given
    ways = dict(enumerate(EDGES))
    for index, change in (edges or {}).items():
        if change is None:
            del ways[index]
        else:
            ways[index] = ways.get(index, {}) | change
    return {
        "name": "Broken once",
        "entry_node_id": "ask",
        "context_variables": list(declared.values()),
        "nodes": list(found.values()),
        "edges": list(ways.values()),
        "mock_world": MOCKS,
    } | changes


def tool_step(**changes: Any) -> dict[str, Any]:
    return {"steps": [TOOL | changes]}


def binds(**bindings: str) -> dict[str, Any]:
    return tool_step(output_bindings=TOOL["output_bindings"] | bindings)


def asks(*names: str, **fields: Any) -> dict[str, Any]:
    return {"type": "agent", "instructions": "Ask.", "required_writes": list(names), **fields}


def speaks(text: str = "Hm.") -> dict[str, Any]:
    steps = [{"id": "s", "kind": "speak", "text": text}]
    return {"type": "action", "failure_message": "Sorry.", "steps": steps}


def test_given_the_graph_that_all_others_are_made_of_then_nothing_is_found() -> None:
    assert validate(graph()).findings == ()


#: what is wrong, graph, severity, rule, node, edge, words of the message
BROKEN: list[tuple[str, dict[str, Any], Severity, str, str | None, str | None, str]] = [
    (
        "unknown entry",
        graph(entry_node_id="asks"),
        E, "unknown_entry_node", None, None, "'asks'",
    ),
    (
        "node id twice",
        graph() | {"nodes": [*graph()["nodes"], SAY]},
        E, "duplicate_id", "say", None, "More than one node",
    ),
    (
        "step id twice",
        graph(nodes={"do": {"steps": [TOOL, TOOL]}}),
        E, "duplicate_id", "do", None, "More than one step",
    ),
    (
        "variable twice",
        graph(context_variables=[*VARIABLES, VARIABLES[1]]),
        E, "duplicate_id", None, None, "More than one variable",
    ),
    (
        "edge to nowhere",
        graph(edges={0: {"to": "di"}}),
        E, "edge_to_nowhere", None, "0:ask->di", "edges[0].to",
    ),
    (
        "edge from nowhere",
        graph(edges={5: {"from": "dont", "to": "say"}}),
        E, "edge_to_nowhere", None, "5:dont->say", "edges[5].from",
    ),
    (
        "no such approval target",
        graph(nodes={"check": {"on_deny": "persons"}}),
        E, "approval_target_missing", "check", None, "on_deny",
    ),
    (
        "approval decides nothing",
        graph(nodes={"check": {"on_deny": "say"}}),
        W, "approval_without_choice", "check", None, "Both decisions",
    ),
    (
        "nobody comes here",
        graph(nodes={"island": speaks()}),
        W, "unreachable_node", "island", None, "'island'",
    ),
    (
        "an approval's edges lead nowhere else",
        graph(nodes={"alone": speaks()}, edges={5: {"from": "alone", "to": "say"}}),
        W, "unreachable_node", "alone", None, "'alone'",
    ),
    (
        "agent with nothing after it",
        graph(edges={3: {"to": "last"},
                     5: {"from": "last", "to": "person", "is_failure_path": True}},
              nodes={"last": asks("amount")}),
        W, "dead_end", "last", None, "no end",
    ),
    (
        "action without steps",
        graph(nodes={"say": {"steps": []}}),
        S, "empty_action", "say", None, "no steps",
    ),
    (
        "variable that expressions cannot name",
        graph(variables={"not": {"type": "string"}}, nodes={"ask": {"writes": ["not"]}}),
        W, "reserved_name", None, None, "'not'",
    ),
    (
        "enum without values",
        graph(variables={"mood": {"type": "enum"}}, nodes={"ask": {"writes": ["mood"]}}),
        E, "enum_without_values", None, None, "'mood'",
    ),
    (
        "enum value twice",
        graph(variables={"kind": {"enum_values": ["late", "lost", "Late"]}}),
        W, "enum_value_repeated", None, None, "'late'",
    ),
    (
        "values of what is no enum",
        graph(variables={"place": {"enum_values": ["Oslo"]}}),
        W, "enum_values_unused", None, None, "'place'",
    ),
    (
        "unknown system variable",
        graph(variables={"weather": {"type": "string", "source": "system"}}),
        W, "unknown_system_variable", None, None, "'weather'",
    ),
    (
        "condition reads an unknown variable",
        graph(edges={2: {"condition": "opn"}}),
        E, "unknown_variable", None, "2:do->check", "'opn'",
    ),
    (
        "done_when reads an unknown variable",
        graph(nodes={"ask": {"done_when": "missing(amounts)"}}),
        E, "unknown_variable", "ask", None, "'amounts'",
    ),
    (
        "approval reads an unknown variable",
        graph(nodes={"check": {"condition": "amounts > 1"}}),
        E, "unknown_variable", "check", None, "'amounts'",
    ),
    (
        "input reads an unknown variable",
        graph(nodes={"do": tool_step(input={"kind": "knd"})}),
        E, "unknown_variable", "do", None, "find.input.kind",
    ),
    (
        "agent requires an unknown variable",
        graph(nodes={"ask": {"required_writes": ["kind", "amount", "plase"]}}),
        E, "unknown_variable", "ask", None, "'plase'",
    ),
    (
        "agent writes an unknown variable",
        graph(nodes={"ask": {"writes": ["plase"]}}),
        E, "unknown_variable", "ask", None, "'plase'",
    ),
    (
        "text names an unknown variable",
        graph(nodes={"person": {"static_text": "Hello {{ plase }}"}}),
        E, "unknown_variable", "person", None, "'plase'",
    ),
    (
        "system variable written",
        graph(nodes={"ask": {"writes": ["session_id"]}}),
        E, "system_variable_written", "ask", None, "'session_id'",
    ),
    (
        "system variable required",
        graph(nodes={"ask": {"required_writes": ["kind", "amount", "session_id"]}}),
        E, "unfillable_write", "ask", None, "no step can fill",
    ),
    (
        "variable that nothing writes",
        graph(variables={"mood": {"type": "bool"}}, edges={2: {"condition": "open and mood"}}),
        W, "variable_never_set", None, "2:do->check", "'mood'",
    ),
    (
        "text with a variable that nothing writes",
        graph(variables={"mood": {"type": "bool"}}, nodes={"say": speaks("{{mood}} {{place}}")}),
        W, "variable_never_set", "say", None, "'mood'",
    ),
    (
        "variable that nothing uses",
        graph(variables={"mood": {"type": "bool"}}),
        S, "unused_variable", None, None, "'mood'",
    ),
    (
        "condition that cannot be read",
        graph(edges={2: {"condition": "open and amount => 10"}}),
        E, "bad_expression", None, "2:do->check", "(at character 16)",
    ),
    (
        "done_when that cannot be read",
        graph(nodes={"ask": {"done_when": "kind.size"}}),
        E, "bad_expression", "ask", None, "(at character 4)",
    ),
    (
        "approval that cannot be read",
        graph(nodes={"check": {"condition": "amount > "}}),
        E, "bad_expression", "check", None, "(at character 9)",
    ),
    (
        "input that cannot be read",
        graph(nodes={"do": tool_step(input={"kind": "upper(kind)"})}),
        E, "bad_expression", "do", None, "can be called (at character 0)",
    ),
    (
        "expression that is empty",
        graph(nodes={"check": {"condition": ""}}),
        E, "bad_expression", "check", None, "(at character 0)",
    ),
    (
        "expression that is far too long",
        graph(nodes={"check": {"condition": "x" * 100_000}}),
        E, "bad_expression", "check", None, "Longer than 1000",
    ),
    (
        "expression that is too long",
        graph(nodes={"check": {"condition": "open or " * 130 + "open"}}),
        E, "bad_expression", "check", None, "Longer than 1000",
    ),
    (
        "enum compared with what it cannot be",
        graph(edges={2: {"condition": 'kind == "lots"'}}),
        W, "comparison_never_true", None, "2:do->check", "'lots' is not among",
    ),
    (
        "list with what an enum cannot be",
        graph(edges={2: {"condition": 'kind in ["late", "lots"]'}}),
        W, "comparison_never_true", None, "2:do->check", "'lots' is not among",
    ),
    (
        "number compared with a text",
        graph(edges={2: {"condition": '"10" < amount'}}),
        W, "comparison_never_true", None, "2:do->check", "never '10'",
    ),
    (
        "boolean compared with a number",
        graph(edges={2: {"condition": "open == 1"}}),
        W, "comparison_never_true", None, "2:do->check", "never 1",
    ),
    (
        "boolean put in order",
        graph(edges={2: {"condition": "open > false"}}),
        W, "comparison_never_true", None, "2:do->check", "no order",
    ),
    (
        "condition that contradicts itself",
        graph(edges={2: {"condition": "amount > 10 and amount < 5"}}),
        W, "condition_never_holds", None, "2:do->check", "never holds",
    ),
    (
        "approval that is never asked for",
        graph(nodes={"check": {"condition": "open and not open"}}),
        W, "condition_never_holds", "check", None, "never holds",
    ),
    (
        "agent that is never done",
        graph(nodes={"ask": {"done_when": "missing(amount) and amount > 0"}}),
        E, "done_when_never_holds", "ask", None, "never holds",
    ),
    (
        "no way where no condition holds",
        graph(edges={3: {"condition": "not open"}}),
        E, "way_out_not_sure", "do", None, "open is true and amount is 0",
    ),
    (
        "no way for one value of an enum",
        graph(edges={0: {"condition": 'kind == "late"'},
                     5: {"from": "ask", "to": "say", "condition": 'kind == "broken"'}}),
        E, "way_out_not_sure", "ask", None, "kind is 'lost'",
    ),
    (
        "no way where a tool left a variable out",
        graph(edges={2: {"condition": "open"}, 3: {"condition": "open == false"}}),
        E, "way_out_not_sure", "do", None, "open has no value",
    ),
    (
        "failure with nowhere to go",
        graph(edges={4: {"condition": "open"}}),
        W, "failure_path_not_sure", "do", None, "open is false",
    ),
    (
        "edge behind one that is always taken",
        graph(edges={5: {"from": "ask", "to": "say", "condition": "amount > 1", "priority": 1}}),
        W, "edge_never_taken", None, "5:ask->say", "0:ask->do stands before it",
    ),
    (
        "edge behind one with the same condition",
        graph(edges={5: {"from": "do", "to": "say", "condition": "open and amount > 10"}}),
        W, "edge_never_taken", None, "5:do->say", "same condition",
    ),
    (
        "edge out of a hand-off",
        graph(edges={5: {"from": "person", "to": "say"}}),
        W, "edge_never_taken", None, "5:person->say", "ends at a hand-off",
    ),
    (
        "edge out of an approval",
        graph(edges={5: {"from": "check", "to": "say"}}),
        W, "edge_never_taken", None, "5:check->say", "on_approve and on_deny",
    ),
    (
        "failure path of what cannot fail",
        graph(edges={5: {"from": "say", "to": "person", "is_failure_path": True}}),
        W, "edge_never_taken", None, "5:say->person", "cannot fail",
    ),
    (
        "tool without failure path",
        graph(edges={4: None}),
        W, "no_failure_path", "do", None, "a tool fails",
    ),
    (
        "agent without failure path",
        graph(edges={1: None}),
        W, "no_failure_path", "ask", None, "no answer",
    ),
    (
        "cycle with no way out",
        graph(nodes={"wait": CHECK | {"on_approve": "loop", "on_deny": "ask2"},
                     "loop": speaks(), "ask2": speaks("Again.")},
              edges={3: {"to": "wait"}, 5: {"from": "loop", "to": "wait"},
                     6: {"from": "ask2", "to": "wait"}}),
        E, "cycle_without_exit", "wait", None, "wait → loop → ask2",
    ),
    (
        "cycle that only a failure leaves",
        graph(nodes={"wait": CHECK | {"on_approve": "try", "on_deny": "no"},
                     "try": DO, "no": speaks()},
              edges={3: {"to": "wait"}, 5: {"from": "try", "to": "wait"},
                     6: {"from": "try", "to": "person", "is_failure_path": True},
                     7: {"from": "no", "to": "wait"}}),
        W, "cycle_left_only_by_failure", "wait", None, "Only a failure",
    ),
    (
        "cycle that asks only once",
        graph(variables={"mood": {"type": "bool"}},
              nodes={"again": asks("mood")},
              edges={3: {"to": "again"},
                     5: {"from": "again", "to": "again", "condition": "mood"},
                     6: {"from": "again", "to": "say", "priority": 1},
                     7: {"from": "again", "to": "person", "is_failure_path": True}}),
        W, "cycle_without_change", "again", None, "limit of a turn",
    ),
    (
        "tool without mock",
        graph(nodes={"do": tool_step(tool="finds")}, mock_world={}),
        W, "tool_without_mock", "do", None, "'finds'",
    ),
    (
        "mock without tool",
        graph(mock_world=MOCKS | {"trace": {"error": "down"}}),
        S, "mock_without_tool", None, None, "'trace'",
    ),
    (
        "two tools of one name",
        graph(nodes={"ask": {"tools": [{"kind": "api", "id": i, "slug": "find"} for i in "12"]}}),
        W, "duplicate_tool", "ask", None, "'find'",
    ),
    (
        "binding without target",
        graph(nodes={"do": binds(plase="x")},
              mock_world={"find": {"output": MOCKS["find"]["output"] | {"x": 1}}}),
        E, "binding_without_target", "do", None, "'plase'",
    ),
    (
        "binding of what the mock does not answer",
        graph(nodes={"do": binds(place="scan.city")}),
        W, "binding_not_in_mock", "do", None, "nothing at 'scan.city'",
    ),
    (
        "binding of what the variable cannot be",
        graph(nodes={"do": binds(place="scan")}),
        W, "binding_not_in_mock", "do", None, "an object is no text",
    ),
]  # fmt: skip


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
