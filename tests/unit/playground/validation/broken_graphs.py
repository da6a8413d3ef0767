"""Graphs that break one rule each."""

from typing import Any, NamedTuple

from tests.support.node_graphs import Part, agent, edge, failure_path, says, variable
from tests.unit.playground.validation.breakable import (
    CHECK,
    DO,
    MOCKS,
    SAY,
    TOOL,
    VARIABLES,
    binds,
    graph,
    tool_step,
)

#: Action that breaks no rule; a graph gives it the id of its place.
HM = says("hm", "Hm.")
MOOD = {"mood": variable("mood", "bool")}


class Broken(NamedTuple):
    """Graph with the rule that it breaks, words of the message, and the place."""

    rule: str
    words: str
    graph: Part
    node: str | None = None
    edge: str | None = None


def broken(
    rule: str, words: str, node: str | None = None, edge: str | None = None, **changes: Any
) -> Broken:
    return Broken(rule, words, graph(**changes), node, edge)


def node(rule: str, words: str, node_id: str, **fields: Any) -> Broken:
    """Return a graph with changed fields of the node that breaks a rule."""
    return broken(rule, words, node_id, nodes={node_id: fields})


def condition(rule: str, words: str, text: str, **changes: Any) -> Broken:
    """Return a graph whose third edge has a condition that breaks a rule."""
    return broken(rule, words, edge="2:do->check", edges={2: {"condition": text}}, **changes)


def sixth_edge(rule: str, words: str, source: str, target: str, **fields: Any) -> Broken:
    """Return a graph with a sixth edge that breaks a rule."""
    edges = {5: edge(source, target, **fields)}
    return broken(rule, words, edge=f"5:{source}->{target}", edges=edges)


def on_variable(rule: str, words: str, name: str, **fields: Any) -> Broken:
    """Return a graph with a new or changed variable that breaks a rule."""
    return broken(rule, words, variables={name: fields})


STRUCTURE = [
    broken("unknown_entry_node", "'asks'", entry_node_id="asks"),
    Broken(
        "duplicate_id", "nodes: ids must be", graph() | {"nodes": [*graph()["nodes"], SAY]}, "say"
    ),
    node("duplicate_id", "steps of 'do': ids must be", "do", steps=[TOOL, TOOL]),
    broken("edge_to_nowhere", "edges[0].to", edge="0:ask->di", edges={0: {"to": "di"}}),
    sixth_edge("edge_to_nowhere", "edges[5].from", "dont", "say"),
    node("approval_target_missing", "on_deny of 'check'", "check", on_deny="persons"),
    node("approval_target_missing", "on_approve of 'check'", "check", on_approve="says"),
    node("approval_without_choice", "must differ from on_approve", "check", on_deny="say"),
    node("unreachable_node", "'island'", "island", **HM),
    broken(
        "unreachable_node",
        "'alone'",
        "alone",
        nodes={"alone": HM},
        edges={5: edge("alone", "say")},
    ),
    broken(
        "dead_end",
        "must not be the end",
        "last",
        nodes={"last": agent("last", "amount")},
        edges={3: {"to": "last"}, 5: failure_path("last", "person")},
    ),
    node("empty_action", "must not be empty", "say", steps=[]),
]
VARIABLE = [
    broken("duplicate_id", "names must be unique", context_variables=[*VARIABLES, VARIABLES[1]]),
    broken(
        "reserved_name",
        "'not'",
        variables={"not": variable("not")},
        nodes={"ask": {"writes": ["not"]}},
    ),
    broken(
        "enum_without_values",
        "'mood'",
        variables={"mood": variable("mood", "enum")},
        nodes={"ask": {"writes": ["mood"]}},
    ),
    on_variable("enum_value_repeated", "'late'", "kind", enum_values=["late", "lost", "Late"]),
    on_variable("enum_values_unused", "'place'", "place", enum_values=["Oslo"]),
    on_variable("unknown_system_variable", "'weather'", "weather", type="int", source="system"),
    condition("unknown_variable", "'opn'", "opn"),
    node("unknown_variable", "'amounts'", "ask", done_when="missing(amounts)"),
    node("unknown_variable", "'amounts'", "check", condition="amounts > 1"),
    node("unknown_variable", "find.input.kind", "do", **tool_step(input={"kind": "knd"})),
    node("unknown_variable", "'plase'", "ask", required_writes=["kind", "amount", "plase"]),
    node("unknown_variable", "'plase'", "ask", writes=["plase"]),
    node("unknown_variable", "'plase'", "person", static_text="Hello {{ plase }}"),
    node("system_variable_written", "'session_id'", "ask", writes=["session_id"]),
    node(
        "unfillable_write",
        "which only the service sets",
        "ask",
        required_writes=["kind", "amount", "session_id"],
    ),
    condition("variable_never_set", "'mood'", "open and mood", variables=MOOD),
    broken(
        "variable_never_set",
        "'mood'",
        "say",
        variables=MOOD,
        nodes={"say": says("say", "{{mood}} {{place}}")},
    ),
    on_variable("unused_variable", "'mood'", "mood", type="bool"),
]
EXPRESSION = [
    condition("bad_expression", "(at character 16)", "open and amount => 10"),
    node("bad_expression", "(at character 4)", "ask", done_when="kind.size"),
    node("bad_expression", "(at character 9)", "check", condition="amount > "),
    node(
        "bad_expression",
        "can be called (at character 0)",
        "do",
        **tool_step(input={"kind": "upper(kind)"}),
    ),
    node("bad_expression", "(at character 0)", "check", condition=""),
    node("bad_expression", "at most 1000", "check", condition="x" * 100_000),
    node("bad_expression", "at most 1000", "check", condition="open or " * 130 + "open"),
    condition("comparison_never_true", "'lots' is not a value", 'kind == "lots"'),
    condition("comparison_never_true", "'lots' is not a value", 'kind in ["late", "lots"]'),
    condition("comparison_never_true", "never '10'", '"10" < amount'),
    condition("comparison_never_true", "never 1", "open == 1"),
    condition("comparison_never_true", "must not be ordered", "open > false"),
    condition("condition_never_holds", "never holds", "amount > 10 and amount < 5"),
    node("condition_never_holds", "never holds", "check", condition="open and not open"),
    node("done_when_never_holds", "never holds", "ask", done_when="missing(amount) and amount > 0"),
]
ROUTING = [
    broken(
        "way_out_not_sure",
        "open is true and amount is 0",
        "do",
        edges={3: {"condition": "not open"}},
    ),
    broken(
        "way_out_not_sure",
        "kind is 'lost'",
        "ask",
        edges={
            0: {"condition": 'kind == "late"'},
            5: edge("ask", "say", condition='kind == "broken"'),
        },
    ),
    broken(
        "way_out_not_sure",
        "open has no value",
        "do",
        edges={2: {"condition": "open"}, 3: {"condition": "open == false"}},
    ),
    broken("failure_path_not_sure", "open is false", "do", edges={4: {"condition": "open"}}),
    sixth_edge(
        "edge_never_taken",
        "0:ask->do precedes it",
        "ask",
        "say",
        condition="amount > 1",
        priority=1,
    ),
    sixth_edge("edge_never_taken", "same condition", "do", "say", condition="open and amount > 10"),
    sixth_edge("edge_never_taken", "ends at a handoff", "person", "say"),
    sixth_edge("edge_never_taken", "on_approve and on_deny", "check", "say"),
    sixth_edge("edge_never_taken", "cannot fail", "say", "person", is_failure_path=True),
    broken("no_failure_path", "a tool fails", "do", edges={4: None}),
    broken("no_failure_path", "does not answer", "ask", edges={1: None}),
]
CYCLES = [
    broken(
        "cycle_without_exit",
        "wait → loop → ask2",
        "wait",
        nodes={
            "wait": CHECK | {"on_approve": "loop", "on_deny": "ask2"},
            "loop": HM,
            "ask2": says("ask2", "Again."),
        },
        edges={
            3: {"to": "wait"},
            5: edge("loop", "wait"),
            6: edge("ask2", "wait"),
        },
    ),
    broken(
        "cycle_left_only_by_failure",
        "only a failure",
        "wait",
        nodes={"wait": CHECK | {"on_approve": "try", "on_deny": "no"}, "try": DO, "no": HM},
        edges={
            3: {"to": "wait"},
            5: edge("try", "wait"),
            6: failure_path("try", "person"),
            7: edge("no", "wait"),
        },
    ),
    broken(
        "cycle_without_change",
        "limit of a turn",
        "again",
        variables=MOOD,
        nodes={"again": agent("again", "mood")},
        edges={
            3: {"to": "again"},
            5: edge("again", "again", condition="mood"),
            6: edge("again", "say", priority=1),
            7: failure_path("again", "person"),
        },
    ),
]
TOOLS = [
    broken(
        "tool_without_mock", "'finds'", "do", nodes={"do": tool_step(tool="finds")}, mock_world={}
    ),
    broken("mock_without_tool", "'trace'", mock_world=MOCKS | {"trace": {"error": "down"}}),
    node(
        "duplicate_tool",
        "'find'",
        "ask",
        tools=[{"kind": "api", "id": number, "slug": "find"} for number in "12"],
    ),
    broken(
        "binding_without_target",
        "'plase'",
        "do",
        nodes={"do": binds(plase="x")},
        mock_world={"find": {"output": MOCKS["find"]["output"] | {"x": 1}}},
    ),
    node("binding_not_in_mock", "no value at 'scan.city'", "do", **binds(place="scan.city")),
    node("binding_not_in_mock", "must be a string, not an object", "do", **binds(place="scan")),
]

BROKEN = [*STRUCTURE, *VARIABLE, *EXPRESSION, *ROUTING, *CYCLES, *TOOLS]
