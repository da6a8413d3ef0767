"""Graphs that break one rule each: of conditions and ways out, of cycles, and of tools."""

from tests.unit.playground.breakable import (
    CHECK,
    DO,
    MOCKS,
    Broken,
    E,
    S,
    W,
    asks,
    binds,
    graph,
    speaks,
    tool_step,
)

BROKEN_FLOW: list[Broken] = [
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
