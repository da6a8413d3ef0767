"""Random graphs that are valid by how they are made, and all that can be said to them.

One maker serves both Hypothesis (``graphs()``, which shrinks what fails) and plain random
numbers (``random_graph``, which makes thousands a second). Graphs have agents with required
writes, actions whose tools succeed, fail or are unknown, approvals, hand-offs, failure paths,
and cycles. They are valid because each node's last edge is sure to be open and leads forward.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from shared.playground.graph import Graph

type Part = dict[str, Any]

_WORDS = ["late", "lost", "open", "48143", "Ada Lovelace", "ada@example.org", "0", "-7", "2.5"]
_TEXTS = ["Hello.", "It is {{%s}}.", "{{%s}} and {{ %s }}", "{{%s}}", "No names."]
_MESSAGES = [
    "yes", "no", "3", "-1.5", "late", "lost", "ada@example.org", "my name is Ada", "HP-20417",
    "I do not know", "", " ", "{{v0}}", "42 or so", "tomorrow", "12345", "ja", "x" * 300,
]  # fmt: skip
_SYSTEM = ["session_id", "opened_at", "channel"]


def node_ids(graph: Graph) -> set[str]:
    """Return what the nodes of a graph are called."""
    return {node.id for node in graph.nodes}


def random_graph(random: Random) -> Graph:
    """Return a graph that the validator finds no error in."""
    return Graph.model_validate(_Maker(random).graph())


def graphs() -> st.SearchStrategy[Graph]:
    """Return graphs that the validator finds no error in."""
    return st.builds(random_graph, st.randoms(use_true_random=False))


def random_message(random: Random, graph: Graph) -> str:
    """Return what a user may say: sometimes an answer, sometimes not."""
    choices = [value for variable in graph.context_variables for value in variable.enum_values]
    return random.choice(_MESSAGES + choices)


@dataclass
class _Maker:
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
        system = [{"name": name, "type": "string", "source": "system"} for name in _SYSTEM]
        self.random.shuffle(self.edges)  # priorities, not places, put them in order
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
        made: Part = {
            "name": f"v{index}",
            "type": kind,
            "description": self.random.choice(["", "The e-mail address", f"Value {index}?"]),
            "reask_cap": self.random.choice([0, 1, 3]),
        }
        if kind == "enum":
            made["enum_values"] = ["late", "lost", "open"][: self.random.randint(1, 3)]
        return made

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
        self._ways(index, node)
        return node

    def _end(self, node_id: str) -> Part:
        if self._chance(0.5):
            return {"id": node_id, "type": "handoff", "static_text": self._text()}
        node = self._action(node_id) if self._chance(0.7) else self._agent(node_id)
        if self._can_fail(node) and self._chance(0.5):
            self._edge(node_id, self._anywhere(), is_failure_path=True)
        return node

    def _agent(self, node_id: str) -> Part:
        required = self._names(3)
        node: Part = {
            "id": node_id,
            "type": "agent",
            "instructions": "Ask.",
            "required_writes": required,
            "writes": self._names(2),
            "tools": [self._tool() for _ in range(self.random.choice([0, 0, 0, 1, 2]))],
        }
        if required and self._chance(0.3):
            node["done_when"] = self._comparison(self.random.choice(required))
        return node

    def _action(self, node_id: str) -> Part:
        steps = [self._step(f"s{i}") for i in range(self.random.randint(0, 3))]
        return {"id": node_id, "type": "action", "failure_message": self._text(), "steps": steps}

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
        node: Part = {
            "id": self.ids[index],
            "type": "approval",
            "approver_role": "lead",
            "suspend_message": self._text(),
            "on_approve": self._anywhere(),
            "on_deny": self._later(index),
        }
        if self._chance(0.5):
            node["on_approve"], node["on_deny"] = node["on_deny"], node["on_approve"]
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

    # ---------------------------------------------------------------------------- ways
    def _anywhere(self) -> str:
        return self.random.choice(self.ids)

    def _later(self, index: int) -> str:
        return self.random.choice(self.ids[index + 1 :])

    def _edge(self, source: str, target: str, **fields: Any) -> None:
        self.edges.append({"from": source, "to": target, **fields})

    def _can_fail(self, node: Part) -> bool:
        if node["type"] == "agent":
            return bool(node["required_writes"]) or "done_when" in node
        return any(step["kind"] != "speak" for step in node["steps"])

    def _ways(self, index: int, node: Part) -> None:
        for priority in range(self.random.choice([0, 0, 1, 2, 3])):
            where = {"condition": self._condition(), "priority": priority}
            self._edge(node["id"], self._anywhere(), **where)
        self._sure_way(index, node)
        if self._can_fail(node) and self._chance(0.8):
            if self._chance(0.3):
                where = {"condition": self._condition(), "is_failure_path": True}
                self._edge(node["id"], self._anywhere(), **where)
            self._edge(node["id"], self._later(index), is_failure_path=True, priority=9)

    def _sure_way(self, index: int, node: Part) -> None:
        """Lead forward in any case: by one edge, or by several that leave no gap."""
        source = node["id"]
        enums = [v for v in self.variables if v["type"] == "enum"]
        asked = [v for v in enums if v["name"] in node.get("required_writes", ())]
        if asked and self._chance(0.5):
            variable = self.random.choice(asked)
            for value in variable["enum_values"]:
                condition = f'{variable["name"]} == "{value}"'
                self._edge(source, self._later(index), condition=condition, priority=8)
        elif self._chance(0.2):
            condition = self._comparison(self._name())
            self._edge(source, self._later(index), condition=condition, priority=7)
            self._edge(source, self._later(index), condition=f"not ({condition})", priority=8)
        else:
            self._edge(source, self._later(index), priority=9)

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
