"""What conditions can come to, for all values that variables can have.

Each variable is given every value that could make a difference: an enum's values, true and
false, and, of texts and numbers, those that it is compared with, those between them, and no
value at all. What cannot be enumerated so (two variables compared with one another, ``len``,
``eq_normalized``) may be true or false by itself. Those are more cases than can really
happen, so what is found to hold in all of them always holds, and what is found to hold in
none never does. Their number is bounded: past the bound, nothing is found.
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
)
from shared.playground.graph import Variable

#: Cases of one question, and of all questions of a kind over one graph: each takes some 2 µs
#: for a condition, and validation must stay quick for the largest graphs.
_CASES = 2_048
_ALL_CASES = 20_000
#: Stands for a text that no condition names.
OTHER = "\uffff"

type Case = dict[str, Any]


class Possibilities:
    """What conditions over the variables of one graph can come to."""

    def __init__(
        self, variables: Mapping[str, Variable], can_have_value: Callable[[str], bool]
    ) -> None:
        self._variables = variables
        self._can_have_value = can_have_value
        # One budget each, so that a question which only warns uses up no other's.
        self._left = {"never": _ALL_CASES, "gap": _ALL_CASES}

    def never(self, condition: Node) -> bool:
        """Tell whether a condition is sure never to hold."""
        question = _Question()
        asked = question.asked(condition)
        cases = self._cases("never", question, frozenset())
        return cases is not None and not any(asked.value(case) for case in cases)

    def gap(
        self, conditions: Sequence[Node], given: Node | None, always_set: Iterable[str]
    ) -> Case | None:
        """Return a case in which ``given`` holds and none of the conditions does.

        None if there is surely no such case; an empty one if that could not be found out.
        ``always_set`` are variables that surely have a value.
        """
        forms = {_form(condition) for condition in conditions}
        if any(isinstance(one, Not) and _form(one.operand) in forms for one in conditions):
            return None
        known = frozenset(always_set)
        # Conditions over one variable have few cases and often leave no gap by themselves.
        by_name: dict[frozenset[str], list[Node]] = {}
        for condition in conditions:
            by_name.setdefault(_names(condition), []).append(condition)
        for names, some in by_name.items():
            if len(names) == 1 and len(some) < len(conditions):
                supposed = given if given and _names(given) == names else None
                if self._gap(some, supposed, known) is None:
                    return None
        return self._gap(conditions, given, known)

    def _gap(
        self, conditions: Sequence[Node], given: Node | None, always_set: frozenset[str]
    ) -> Case | None:
        question = _Question()
        asked = [question.asked(condition) for condition in conditions]
        supposed = given and question.asked(given)
        cases = self._cases("gap", question, always_set)
        if cases is None:
            return {}
        for case in cases:
            if supposed is not None and not supposed.value(case):
                continue
            if not any(condition.value(case) for condition in asked):
                return {name: value for name, value in case.items() if name in self._variables}
        return None

    def _cases(
        self, kind: str, question: "_Question", always_set: frozenset[str]
    ) -> Iterator[Case] | None:
        domains: dict[str, list[Any]] = {name: [True, False] for name in question.opaque.values()}
        for name, literals in question.literals.items():
            domains[name] = self._domain(name, literals, name in question.ordered)
            # What is unset comes last: where a gap has a value, it is shown with one.
            if name not in always_set and domains[name] != [None]:
                domains[name].append(None)
        number = math.prod(len(domain) for domain in domains.values())
        if number > min(_CASES, self._left[kind]):
            return None
        self._left[kind] -= number
        return (dict(zip(domains, values, strict=True)) for values in product(*domains.values()))

    def _domain(self, name: str, literals: list[Any], ordered: bool) -> list[Any]:
        if not self._can_have_value(name):
            return [None]
        return _values(self._variables.get(name), literals, ordered=ordered)


class _Question:
    """Conditions made ready: which literals each variable meets, and what is opaque."""

    def __init__(self) -> None:
        self.literals: dict[str, list[Any]] = {}
        self.ordered: set[str] = set()
        self.opaque: dict[object, str] = {}

    def asked(self, node: Node) -> Node:
        """Return a condition in which what cannot be enumerated is a variable of its own."""
        match node:
            case And():
                return And(tuple(self.asked(part) for part in node.operands))
            case Or():
                return Or(tuple(self.asked(part) for part in node.operands))
            case Not():
                return Not(self.asked(node.operand))
            case Name() | Missing(variable=Name()):
                self._meets(node if isinstance(node, Name) else node.variable, ())
            case Comparison() if not self._enumerated(node):
                return self._unknown(node)
            case Length() | EqualNormalized():
                return self._unknown(node)
        return node

    def _enumerated(self, node: Comparison) -> bool:
        """Tell whether a comparison is of a variable with a literal, and note it if so."""
        name, literal = node.left, node.right
        if isinstance(name, Literal) and not node.operator.endswith("in"):
            name, literal = literal, name
        if not isinstance(name, Name) or not isinstance(literal, Literal):
            return False
        if node.operator.endswith("in") and not isinstance(literal.literal, tuple):
            return False  # a part of a text
        self._meets(name, literal.literal, node.operator)
        return True

    def _meets(self, name: Name, literal: Any, operator: str = "") -> None:
        if operator.startswith(("<", ">")):
            self.ordered.add(name.name)
        met = self.literals.setdefault(name.name, [])
        met.extend(literal if isinstance(literal, tuple) else (literal,))

    def _unknown(self, node: Node) -> Name:
        # A blank keeps the name apart from those of variables.
        return Name(self.opaque.setdefault(_form(node), f"unknown {len(self.opaque)}"))


def _names(node: Node) -> frozenset[str]:
    return frozenset(part.name for part in node.walk() if isinstance(part, Name))


def _form(node: Node) -> object:
    """Return what is equal for equal expressions."""
    return tuple(
        (
            type(part).__name__,
            *(getattr(part, field, None) for field in ("name", "operator", "kind")),
        )
        + ((repr(part.literal),) if isinstance(part, Literal) else ())
        for part in node.walk()
    )


def _values(variable: Variable | None, literals: list[Any], *, ordered: bool) -> list[Any]:
    """Return values of a variable, one of each kind that the literals tell apart."""
    kind = variable.type if variable is not None else "string"
    if kind == "bool":
        return [True, False]
    if kind in {"int", "float"}:
        met = sorted({literal for literal in literals if _is_number(literal)} | {0})
        return _numbers(met, whole=kind == "int") if ordered else [*met, met[-1] + 1]
    texts = sorted({literal for literal in literals if isinstance(literal, str)})
    if variable is not None and kind == "enum":
        values = variable.enum_values
        others = [value for value in values if value and value not in texts]
        return [value for value in values if ordered or value not in others[1:]]
    # The empty text comes before all others, and behind each of them the next one.
    return [*texts, OTHER, "", *(text + "\x00" for text in texts if ordered)]


def _numbers(met: list[Any], *, whole: bool) -> list[Any]:
    if whole:
        near = {step for number in met for step in (int(number) - 1, int(number), int(number) + 1)}
        return sorted(near | set(met))
    between = [low / 2 + high / 2 for low, high in pairwise(met)]
    return [*met, *between, _beyond(met[0], -1), _beyond(met[-1], 1)]


def _beyond(number: Any, step: int) -> Any:
    # Beside the largest doubles, one more is the same number.
    return number + step if number + step != number else step * math.inf


def _is_number(literal: Any) -> bool:
    return isinstance(literal, int | float) and not isinstance(literal, bool)
