"""What an expression is made of, and what each part means for given variables.

A variable is unset when it has no value or the value null. An unset variable makes the
comparison that it stands in false, whatever the operator: ``x != 1`` is false without x,
and so ``not (x == 1)`` is true. Values of different types are never equal, a boolean is
no number, and only numbers, or only texts, can be ordered; nothing raises.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.playground.expressions.normalized import same

type Variables = Mapping[str, Any]


class Node:
    """A part of an expression.

    The kinds of nodes are plain classes and not dataclasses: making ten of those takes
    3 ms of the start of each function that runs graphs.
    """

    __slots__ = ()

    def value(self, variables: Variables) -> Any:
        """Return what it stands for; None for what is unset."""
        raise NotImplementedError

    def parts(self) -> tuple["Node", ...]:
        """Return what it is made of itself."""
        return ()

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all that it is made of."""
        yield self
        for part in self.parts():
            yield from part.walk()


class Literal(Node):
    """A text, number, boolean, null, or a list (as a tuple) of these."""

    __slots__ = ("literal",)

    def __init__(self, literal: Any) -> None:
        self.literal = literal

    def value(self, variables: Variables) -> Any:  # noqa: ARG002  # the same for all
        return list(self.literal) if isinstance(self.literal, tuple) else self.literal


class Name(Node):
    """A variable."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def value(self, variables: Variables) -> Any:
        return variables.get(self.name)


class Missing(Node):
    """``missing(x)``: whether a variable is unset."""

    __slots__ = ("variable",)

    def __init__(self, variable: Name) -> None:
        self.variable = variable

    def value(self, variables: Variables) -> bool:
        return self.variable.value(variables) is None

    def parts(self) -> tuple[Node, ...]:
        return (self.variable,)


class Length(Node):
    """``len(x)``: characters of a text, entries of a list or object; of all else unset."""

    __slots__ = ("operand",)

    def __init__(self, operand: Node) -> None:
        self.operand = operand

    def value(self, variables: Variables) -> int | None:
        measured = self.operand.value(variables)
        return len(measured) if isinstance(measured, str | list | dict) else None

    def parts(self) -> tuple[Node, ...]:
        return (self.operand,)


class EqualNormalized(Node):
    """``eq_normalized(a, b, kind)``: whether two values are the same to a person."""

    __slots__ = ("kind", "left", "right")

    def __init__(self, left: Node, right: Node, kind: str) -> None:
        self.left = left
        self.right = right
        self.kind = kind

    def value(self, variables: Variables) -> bool:
        return same(self.left.value(variables), self.right.value(variables), self.kind)

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


class Comparison(Node):
    """Two operands and one of the operators in ``COMPARE``."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, left: Node, operator: str, right: Node) -> None:
        self.left = left
        self.operator = operator
        self.right = right

    def value(self, variables: Variables) -> bool:
        left, right = self.left.value(variables), self.right.value(variables)
        return left is not None and right is not None and COMPARE[self.operator](left, right)

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


class Not(Node):
    """True where its operand does not hold."""

    __slots__ = ("operand",)

    def __init__(self, operand: Node) -> None:
        self.operand = operand

    def value(self, variables: Variables) -> bool:
        return not self.operand.value(variables)

    def parts(self) -> tuple[Node, ...]:
        return (self.operand,)


class And(Node):
    """True where all of its operands hold; true or false, never an operand's own value."""

    __slots__ = ("operands",)

    def __init__(self, operands: tuple[Node, ...]) -> None:
        self.operands = operands

    def value(self, variables: Variables) -> bool:
        return all(operand.value(variables) for operand in self.operands)

    def parts(self) -> tuple[Node, ...]:
        return self.operands


class Or(Node):
    """True where one of its operands holds; true or false, never an operand's own value."""

    __slots__ = ("operands",)

    def __init__(self, operands: tuple[Node, ...]) -> None:
        self.operands = operands

    def value(self, variables: Variables) -> bool:
        return any(operand.value(variables) for operand in self.operands)

    def parts(self) -> tuple[Node, ...]:
        return self.operands


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def holds(left: Any, right: Any) -> bool:
        texts = isinstance(left, str) and isinstance(right, str)
        return (texts or (_is_number(left) and _is_number(right))) and compare(left, right)

    return holds


def _within(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    return isinstance(right, list) and any(_equal(left, entry) for entry in right)


def _not_within(left: Any, right: Any) -> bool:
    return not _within(left, right)


#: What each operator does with two values that are set.
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "in": _within,
    "not in": _not_within,
}
