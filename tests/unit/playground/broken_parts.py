"""Graphs that break one rule each: of nodes and ways, of variables, and of who writes them."""

from tests.unit.playground.breakable import (
    SAY,
    TOOL,
    VARIABLES,
    Broken,
    E,
    S,
    W,
    asks,
    graph,
    speaks,
    tool_step,
)

BROKEN_PARTS: list[Broken] = [
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
]  # fmt: skip
