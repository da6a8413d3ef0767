"""What an expression is made of, and what each part means for given variables.

A variable is unset when it has no value or the value null. An unset variable makes the
comparison that it stands in false, whatever the operator: ``x != 1`` is false without x,
and so ``not (x == 1)`` is true. Values of different types are never equal, a boolean is
no number, and only numbers, or only texts, can be ordered; nothing raises.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.playground.expressions.normalized import same

type Variables = Mapping[str, Any]


class Node:
    """A part of an expression."""

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


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A text, number, boolean, null, or a list (as a tuple) of these."""

    literal: Any

    def value(self, variables: Variables) -> Any:  # noqa: ARG002  # the same for all
        return list(self.literal) if isinstance(self.literal, tuple) else self.literal


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable."""

    name: str

    def value(self, variables: Variables) -> Any:
        return variables.get(self.name)


@dataclass(frozen=True, slots=True)
class Missing(Node):
    """``missing(x)``: whether a variable is unset."""

    variable: Name

    def value(self, variables: Variables) -> bool:
        return self.variable.value(variables) is None

    def parts(self) -> tuple[Node, ...]:
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class Length(Node):
    """``len(x)``: characters of a text, entries of a list or object; of all else unset."""

    operand: Node

    def value(self, variables: Variables) -> int | None:
        measured = self.operand.value(variables)
        return len(measured) if isinstance(measured, str | list | dict) else None

    def parts(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class EqualNormalized(Node):
    """``eq_normalized(a, b, kind)``: whether two values are the same to a person."""

    left: Node
    right: Node
    kind: str

    def value(self, variables: Variables) -> bool:
        return same(self.left.value(variables), self.right.value(variables), self.kind)

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two operands and one of the operators in ``COMPARE``."""

    left: Node
    operator: str
    right: Node

    def value(self, variables: Variables) -> bool:
        left, right = self.left.value(variables), self.right.value(variables)
        return left is not None and right is not None and COMPARE[self.operator](left, right)

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Not(Node):
    """True where its operand does not hold."""

    operand: Node

    def value(self, variables: Variables) -> bool:
        return not self.operand.value(variables)

    def parts(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class And(Node):
    """True where all of its operands hold; true or false, never an operand's own value."""

    operands: tuple[Node, ...]

    def value(self, variables: Variables) -> bool:
        return all(operand.value(variables) for operand in self.operands)

    def parts(self) -> tuple[Node, ...]:
        return self.operands


@dataclass(frozen=True, slots=True)
class Or(Node):
    """True where one of its operands holds; true or false, never an operand's own value."""

    operands: tuple[Node, ...]

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
