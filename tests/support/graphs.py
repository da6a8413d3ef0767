"""Random graphs that are valid by construction, and random messages.

One builder serves Hypothesis (``graphs()``, which shrinks failures) and plain random numbers
(``random_graph``, which builds thousands per second). Graphs have agents with required
writes, actions whose tools succeed, fail or are unknown, approvals, handoffs, failure paths,
and cycles. They are valid because each node's last edge is always open and leads forward.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from shared.playground.graph import Graph
from tests.support.node_graphs import (
    Part,
    action,
    agent,
    approval,
    edge,
    failure_path,
    handoff,
    variable,
)

_WORDS = ["late", "lost", "open", "48143", "Ada Lovelace", "ada@example.org", "0", "-7", "2.5"]
_TEXTS = ["Hello.", "It is {{%s}}.", "{{%s}} and {{ %s }}", "{{%s}}", "No names."]
_MESSAGES = [
    "yes", "no", "3", "-1.5", "late", "lost", "ada@example.org", "my name is Ada", "HP-20417",
    "I do not know", "", " ", "{{v0}}", "42 or so", "tomorrow", "12345", "ja", "x" * 300,
]  # fmt: skip
_SYSTEM = ["session_id", "opened_at", "channel"]


def random_graph(random: Random) -> Graph:
    """Return a graph without validation errors."""
    return Graph.model_validate(_Builder(random).graph())


def graphs() -> st.SearchStrategy[Graph]:
    """Return a strategy for graphs without validation errors."""
    return st.builds(random_graph, st.randoms(use_true_random=False))


def random_message(random: Random, graph: Graph) -> str:
    """Return a user's message, which may be a valid answer."""
    choices = [value for variable in graph.context_variables for value in variable.enum_values]
    return random.choice(_MESSAGES + choices)


@dataclass
class _Builder:
    random: Random
    variables: list[Part] = field(default_factory=list)
    edges: list[Part] = field(default_factory=list)
    mocks: dict[str, Part] = field(default_factory=dict)

    def graph(self) -> Part:
        self.variables = [self._variable(i) for i in range(self.random.randint(1, 7))]
        size, ends = self.random.randint(0, 12), self.random.randint(1, 3)
        self.ids = [f"n{i}" for i in range(size + ends)]
        nodes = [self._node(i) for i in range(size)]
        nodes += [self._end(self.ids[size + i]) for i in range(ends)]
        system = [variable(name, source="system") for name in _SYSTEM]
        self.random.shuffle(self.edges)  # their priorities define the order
        return {
            "name": "Random",
            "entry_node_id": self.ids[0] if self._chance(0.9) else self.random.choice(self.ids),
            "context_variables": [*self.variables, *system[: self.random.randint(0, 3)]],
            "nodes": nodes,
            "edges": self.edges,
            "mock_world": self.mocks,
        }

    def _chance(self, part: float) -> bool:
        return self.random.random() < part

    def _variable(self, index: int) -> Part:
        kind = self.random.choice(["string", "int", "float", "bool", "enum"])
        fields: Part = {
            "description": self.random.choice(["", "The e-mail address", f"Value {index}?"]),
            "reask_cap": self.random.choice([0, 1, 3]),
        }
        if kind == "enum":
            fields["enum_values"] = ["late", "lost", "open"][: self.random.randint(1, 3)]
        return variable(f"v{index}", kind, **fields)

    def _name(self) -> str:
        return str(self.random.choice(self.variables)["name"])

    def _names(self, most: int) -> list[str]:
        return list(dict.fromkeys(self._name() for _ in range(self.random.randint(0, most))))

    # --------------------------------------------------------------------------- nodes
    def _node(self, index: int) -> Part:
        node_id = self.ids[index]
        kind = self.random.choice(["agent", "agent", "action", "action", "approval"])
        if kind == "approval":
            return self._approval(index)
        node = self._agent(node_id) if kind == "agent" else self._action(node_id)
        self._edges(index, node)
        return node

    def _end(self, node_id: str) -> Part:
        if self._chance(0.5):
            return handoff(node_id, self._text())
        node = self._action(node_id) if self._chance(0.7) else self._agent(node_id)
        if self._can_fail(node) and self._chance(0.5):
            self.edges.append(failure_path(node_id, self._any_node()))
        return node

    def _agent(self, node_id: str) -> Part:
        required = self._names(3)
        writes = self._names(2)
        tools = [self._tool() for _ in range(self.random.choice([0, 0, 0, 1, 2]))]
        node = agent(node_id, *required, writes=writes, tools=tools)
        if required and self._chance(0.3):
            node["done_when"] = self._comparison(self.random.choice(required))
        return node

    def _action(self, node_id: str) -> Part:
        steps = [self._step(f"s{i}") for i in range(self.random.randint(0, 3))]
        return action(node_id, *steps, failure_message=self._text())

    def _step(self, step_id: str) -> Part:
        if self._chance(0.4):
            return {"id": step_id, "kind": "speak", "text": self._text()}
        tool = self._tool()
        return {
            "id": step_id,
            "kind": "tool_call" if self._chance(0.8) else "knowledge_retrieval",
            "tool": tool if self._chance(0.5) else tool["slug"],
            "input": {f"a{i}": self._input() for i in range(self.random.randint(0, 2))},
            "output_bindings": self._bindings(),
        }

    def _approval(self, index: int) -> Part:
        text, targets = self._text(), [self._any_node(), self._later_node(index)]
        if self._chance(0.5):
            targets.reverse()
        node = approval(
            self.ids[index], suspend_message=text, on_approve=targets[0], on_deny=targets[1]
        )
        if self._chance(0.5):
            node["condition"] = self._condition()
        if self._chance(0.3):
            node["timeout_seconds"] = self.random.randint(1, 1_000)
        return node

    def _text(self) -> str:
        text = self.random.choice(_TEXTS)
        return text % tuple(self._name() for _ in range(text.count("%s")))

    # --------------------------------------------------------------------------- tools
    def _tool(self) -> Part:
        slug = f"tool{self.random.randint(0, 5)}"
        if slug not in self.mocks and self._chance(0.9):
            self.mocks[slug] = self._mock()
        bindings = self._bindings() if self._chance(0.5) else {}
        return {"kind": "api", "id": slug, "slug": slug, "output_bindings": bindings}

    def _mock(self) -> Part:
        if self._chance(0.25):
            return {"error": "down"}
        return {"output": {"a": self._value(), "b": [{"c": self._value()}], "d": None}}

    def _value(self) -> Any:
        return self.random.choice([*_WORDS, 3, 0, 2.5, True, False, None, "", [1], {"x": 1}])

    def _bindings(self) -> Part:
        paths = ["a", "b.0.c", "d", "b.7", "a.x", "missing.part"]
        return {name: self.random.choice(paths) for name in self._names(2)}

    def _input(self) -> str:
        return self._name() if self._chance(0.6) else self._condition()

    # --------------------------------------------------------------------------- edges
    def _any_node(self) -> str:
        return self.random.choice(self.ids)

    def _later_node(self, index: int) -> str:
        return self.random.choice(self.ids[index + 1 :])

    def _can_fail(self, node: Part) -> bool:
        if node["type"] == "agent":
            return bool(node["required_writes"]) or "done_when" in node
        return any(step["kind"] != "speak" for step in node["steps"])

    def _edges(self, index: int, node: Part) -> None:
        source = node["id"]
        for priority in range(self.random.choice([0, 0, 1, 2, 3])):
            condition, target = self._condition(), self._any_node()
            self.edges.append(edge(source, target, condition=condition, priority=priority))
        self._unconditional_edges(index, node)
        if self._can_fail(node) and self._chance(0.8):
            if self._chance(0.3):
                condition, target = self._condition(), self._any_node()
                self.edges.append(failure_path(source, target, condition=condition))
            self.edges.append(failure_path(source, self._later_node(index), priority=9))

    def _unconditional_edges(self, index: int, node: Part) -> None:
        """Add edges that always lead forward: one, or several that cover every case."""
        enums = [v for v in self.variables if v["type"] == "enum"]
        required = [v for v in enums if v["name"] in node.get("required_writes", ())]
        conditions: list[Part] = [{}]
        if required and self._chance(0.5):
            chosen = self.random.choice(required)
            names = [f'{chosen["name"]} == "{value}"' for value in chosen["enum_values"]]
            conditions = [{"condition": name, "priority": 8} for name in names]
        elif self._chance(0.2):
            condition = self._comparison(self._name())
            conditions = [
                {"condition": condition, "priority": 7},
                {"condition": f"not ({condition})", "priority": 8},
            ]
        for fields in conditions:
            target = self._later_node(index)
            self.edges.append(edge(node["id"], target, **{"priority": 9, **fields}))

    # --------------------------------------------------------------------- expressions
    def _condition(self) -> str:
        parts = [self._atom() for _ in range(self.random.choice([1, 1, 1, 2, 3]))]
        text = f" {self.random.choice(['and', 'or'])} ".join(parts)
        return f"not ({text})" if self._chance(0.2) else text

    def _atom(self) -> str:
        name, other = self._name(), self._name()
        return self.random.choice(
            [
                name,
                f"missing({name})",
                f"{name} == {other}",
                f"{name} < {other}",
                f"len({name}) > {self.random.randint(0, 9)}",
                f'eq_normalized({name}, {other}, "text")',
                f'{name} in ["late", 3, true]',
                f'"a" in {name}',
                self._comparison(name),
            ]
        )

    def _comparison(self, name: str) -> str:
        """Return a comparison that can hold."""
        variable = next(v for v in self.variables if v["name"] == name)
        match variable["type"]:
            case "enum":
                return f'{name} == "{self.random.choice(variable["enum_values"])}"'
            case "bool":
                return f"{name} == {self.random.choice(['true', 'false'])}"
            case "string":
                return f'{name} != "{self.random.choice(_WORDS)}"'
        return f"{name} {self.random.choice(['<', '>=', '!='])} {self.random.randint(-3, 9)}"
