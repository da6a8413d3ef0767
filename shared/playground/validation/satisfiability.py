"""Satisfiability of conditions, over all values that variables can have.

Each variable takes every value that can make a difference: an enum's values, true and
false; of strings and numbers, the literals that it is compared with and values between
them; and no value. Conditions that cannot be enumerated (comparisons of two variables,
``len``, ``eq_normalized``) count as independent and may be true or false. This covers more
cases than can occur: what holds in all of them always holds, what holds in none never does.
The number of cases is limited; beyond the limit, nothing is reported.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

from shared.playground.expressions.nodes import (
    And,
    Comparison,
    EqualNormalized,
    Length,
    Literal,
    Missing,
    Name,
    Node,
    Not,
    Or,
    is_number,
)
from shared.playground.graph import Variable

#: Cases per question, and per kind of question and graph. A case takes about 2 µs per
#: condition, and validation must stay fast for the largest graphs.
_CASES = 2_048
_ALL_CASES = 20_000
#: Represents any string that no condition names.
OTHER = "\uffff"

type Case = dict[str, Any]


class ConditionSolver:
    """Solver for conditions over the variables of one graph."""

    def __init__(
        self, variables: Mapping[str, Variable], can_have_value: Callable[[str], bool]
    ) -> None:
        self._variables = variables
        self._can_have_value = can_have_value
        # Separate budgets: questions that only warn do not use up the others'.
        self._left = {"never": _ALL_CASES, "gap": _ALL_CASES}

    def never_holds(self, condition: Node) -> bool:
        """Return True if a condition certainly never holds."""
        question = _Question()
        abstract = question.abstract(condition)
        cases = self._cases("never", question, frozenset())
        return cases is not None and not any(abstract.value(case) for case in cases)

    def find_gap(
        self, conditions: Sequence[Node], given: Node | None, always_set: Iterable[str]
    ) -> Case | None:
        """Return a case in which ``given`` holds and none of the conditions does.

        None if there is certainly no such case; an empty case if that is undecided.
        ``always_set`` are variables that certainly have a value.
        """
        forms = {_form(condition) for condition in conditions}
        if any(isinstance(one, Not) and _form(one.operands[0]) in forms for one in conditions):
            return None
        known = frozenset(always_set)
        # Conditions over one variable have few cases and often leave no gap by themselves.
        by_name: dict[frozenset[str], list[Node]] = {}
        for condition in conditions:
            by_name.setdefault(_names(condition), []).append(condition)
        for names, some in by_name.items():
            if len(names) == 1 and len(some) < len(conditions):
                relevant = given if given and _names(given) == names else None
                if self._find_gap(some, relevant, known) is None:
                    return None
        return self._find_gap(conditions, given, known)

    def _find_gap(
        self, conditions: Sequence[Node], given: Node | None, always_set: frozenset[str]
    ) -> Case | None:
        question = _Question()
        abstract = [question.abstract(condition) for condition in conditions]
        assumption = given and question.abstract(given)
        cases = self._cases("gap", question, always_set)
        if cases is None:
            return {}
        for case in cases:
            if assumption is not None and not assumption.value(case):
                continue
            if not any(condition.value(case) for condition in abstract):
                return {name: value for name, value in case.items() if name in self._variables}
        return None

    def _cases(
        self, kind: str, question: "_Question", always_set: frozenset[str]
    ) -> Iterator[Case] | None:
        domains: dict[str, list[Any]] = {name: [True, False] for name in question.opaque.values()}
        for name, literals in question.literals.items():
            ordered, variable = name in question.ordered, self._variables.get(name)
            can_be_set = self._can_have_value(name)
            domains[name] = _values(variable, literals, ordered=ordered) if can_be_set else [None]
            # Unset comes last, so that the example of a gap has a value if possible.
            if name not in always_set and domains[name] != [None]:
                domains[name].append(None)
        number = math.prod(len(domain) for domain in domains.values())
        if number > min(_CASES, self._left[kind]):
            return None
        self._left[kind] -= number
        return (dict(zip(domains, values, strict=True)) for values in product(*domains.values()))


class _Question:
    """Abstraction of conditions: the literals of each variable, and the opaque parts."""

    def __init__(self) -> None:
        self.literals: dict[str, list[Any]] = {}
        self.ordered: set[str] = set()
        self.opaque: dict[object, str] = {}

    def abstract(self, node: Node) -> Node:
        """Replace each part that cannot be enumerated by a variable of its own."""
        match node:
            case And():
                return And(*map(self.abstract, node.operands))
            case Or():
                return Or(*map(self.abstract, node.operands))
            case Not():
                return Not(self.abstract(node.operands[0]))
            case Name(name=name) | Missing(operands=(Name(name=name),)):
                self._add_literals(name, ())
            case Comparison() if not self._enumerated(node):
                return self._opaque(node)
            case Length() | EqualNormalized():
                return self._opaque(node)
        return node

    def _enumerated(self, node: Comparison) -> bool:
        """Return True for a comparison of a variable with a literal, and register it."""
        name, literal = node.operands
        if isinstance(name, Literal) and not node.operator.endswith("in"):
            name, literal = literal, name
        if not isinstance(name, Name) or not isinstance(literal, Literal):
            return False
        if node.operator.endswith("in") and not isinstance(literal.literal, tuple):
            return False  # a substring
        self._add_literals(name.name, literal.literal)
        if node.operator.startswith(("<", ">")):
            self.ordered.add(name.name)
        return True

    def _add_literals(self, name: str, literal: Any) -> None:
        known = self.literals.setdefault(name, [])
        known.extend(literal if isinstance(literal, tuple) else (literal,))

    def _opaque(self, node: Node) -> Name:
        # The space keeps the name distinct from those of variables.
        return Name(self.opaque.setdefault(_form(node), f"unknown {len(self.opaque)}"))


def _names(node: Node) -> frozenset[str]:
    return frozenset(part.name for part in node.walk() if isinstance(part, Name))


def _form(node: Node) -> object:
    """Return a value that is equal for equal expressions."""
    return tuple(
        (
            type(part).__name__,
            *(getattr(part, field, None) for field in ("name", "operator", "kind")),
        )
        + ((repr(part.literal),) if isinstance(part, Literal) else ())
        for part in node.walk()
    )


def _values(variable: Variable | None, literals: list[Any], *, ordered: bool) -> list[Any]:
    """Return representative values of a variable, as the literals distinguish them."""
    kind = variable.type if variable is not None else "string"
    if kind == "bool":
        return [True, False]
    if kind in {"int", "float"}:
        numbers = sorted({literal for literal in literals if is_number(literal)} | {0})
        if ordered:
            return _numbers(numbers, integers=kind == "int")
        return [*numbers, numbers[-1] + 1]
    texts = sorted({literal for literal in literals if isinstance(literal, str)})
    if variable is not None and kind == "enum":
        values = variable.enum_values
        others = [value for value in values if value and value not in texts]
        return [value for value in values if ordered or value not in others[1:]]
    # The empty string precedes all others; each string plus NUL is its successor.
    return [*texts, OTHER, "", *(text + "\x00" for text in texts if ordered)]


def _numbers(literals: list[Any], *, integers: bool) -> list[Any]:
    if integers:
        near = {int(number) + step for number in literals for step in (-1, 0, 1)}
        return sorted(near | set(literals))
    between = [low / 2 + high / 2 for low, high in pairwise(literals)]
    return [*literals, *between, _beyond(literals[0], -1), _beyond(literals[-1], 1)]


def _beyond(number: Any, step: int) -> Any:
    # Adding one does not change the largest doubles.
    return number + step if number + step != number else step * math.inf
