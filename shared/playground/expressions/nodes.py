"""Expression nodes: evaluation of each part of an expression.

A variable is unset when it has no value or null. A comparison with an unset operand is
false, whatever the operator: ``x != 1`` is false without x, and so ``not (x == 1)`` is
true. Values of different types are never equal, a boolean is not a number, and only two
numbers or two strings have an order. Evaluation never raises.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.playground.expressions.normalized import is_same

type Variables = Mapping[str, Any]


class Node:
    """Part of an expression.

    Nodes are plain classes: ten dataclasses would add 3 ms to the start of each function
    that runs graphs.
    """

    __slots__ = ()

    def value(self, variables: Variables) -> Any:
        """Evaluate; None means unset."""
        raise NotImplementedError

    def parts(self) -> tuple["Node", ...]:
        """Return the operands."""
        return ()

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all nodes below it."""
        yield self
        for part in self.parts():
            yield from part.walk()


class Literal(Node):
    """String, number, boolean, null, or a list (as a tuple) of these."""

    __slots__ = ("literal",)

    def __init__(self, literal: Any) -> None:
        self.literal = literal

    def value(self, variables: Variables) -> Any:  # noqa: ARG002  # constant
        return list(self.literal) if isinstance(self.literal, tuple) else self.literal


class Name(Node):
    """Variable."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def value(self, variables: Variables) -> Any:
        return variables.get(self.name)


class _Operation(Node):
    __slots__ = ("operands",)

    def __init__(self, *operands: Node) -> None:
        self.operands = operands

    def parts(self) -> tuple[Node, ...]:
        return self.operands


class Missing(_Operation):
    """``missing(x)``: true if the variable is unset."""

    __slots__ = ()

    def value(self, variables: Variables) -> bool:
        return self.operands[0].value(variables) is None


class Length(_Operation):
    """``len(x)``: characters of a string, entries of a list or object; otherwise unset."""

    __slots__ = ()

    def value(self, variables: Variables) -> int | None:
        measured = self.operands[0].value(variables)
        return len(measured) if isinstance(measured, str | list | dict) else None


class Not(_Operation):
    """``not x``."""

    __slots__ = ()

    def value(self, variables: Variables) -> bool:
        return not self.operands[0].value(variables)


class EqualNormalized(_Operation):
    """``eq_normalized(a, b, kind)``: true if two values are the same to a person."""

    __slots__ = ("kind",)

    def __init__(self, left: Node, right: Node, kind: str) -> None:
        super().__init__(left, right)
        self.kind = kind

    def value(self, variables: Variables) -> bool:
        left, right = self.operands
        return is_same(left.value(variables), right.value(variables), self.kind)


class Comparison(_Operation):
    """Comparison of two operands by an operator of ``COMPARE``."""

    __slots__ = ("operator",)

    def __init__(self, left: Node, operator: str, right: Node) -> None:
        super().__init__(left, right)
        self.operator = operator

    def value(self, variables: Variables) -> bool:
        first, second = self.operands
        left, right = first.value(variables), second.value(variables)
        return left is not None and right is not None and COMPARE[self.operator](left, right)


class And(_Operation):
    """``a and b``: true or false, never an operand's own value."""

    __slots__ = ()

    def value(self, variables: Variables) -> bool:
        return all(operand.value(variables) for operand in self.operands)


class Or(_Operation):
    """``a or b``: true or false, never an operand's own value."""

    __slots__ = ()

    def value(self, variables: Variables) -> bool:
        return any(operand.value(variables) for operand in self.operands)


def is_number(value: Any) -> bool:
    """Return True for a number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def holds(left: Any, right: Any) -> bool:
        strings = isinstance(left, str) and isinstance(right, str)
        return (strings or (is_number(left) and is_number(right))) and compare(left, right)

    return holds


def _contains(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    return isinstance(right, list) and any(_equal(left, entry) for entry in right)


#: Operators, applied to two set values.
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "in": _contains,
    "not in": lambda left, right: not _contains(left, right),
}
