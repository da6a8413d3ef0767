"""Expression rules: expressions can be parsed and can hold."""

from collections.abc import Iterator
from typing import Any

from shared.playground.expressions.nodes import Comparison, Literal, Name
from shared.playground.graph import Variable
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Violation
from shared.playground.validation.parts import ExpressionUse

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "enum": (str,), "int": (int, float), "float": (int, float), "bool": (bool,),
}  # fmt: skip
_ORDER = {"<", "<=", ">", ">="}


def bad_expression(facts: Facts) -> Iterator[Violation]:
    """Check that each expression can be parsed."""
    for use in facts.uses:
        if use.error is not None:
            yield Violation(
                f"{use.field}: {use.error}.",
                "Compare variables and literals with == != < <= > >= and in; join with and, or,"
                " not; call only missing, len and eq_normalized.",
                use.node_id,
                use.edge_id,
            )


def comparison_never_true(facts: Facts) -> Iterator[Violation]:
    """Check that variables are compared with values that they can have."""
    for use in facts.uses:
        for reason in _mismatches(facts, use):
            fix = "Compare with a value that the variable can have."
            yield Violation(f"{use.field}: {reason}.", fix, use.node_id, use.edge_id)


def _mismatches(facts: Facts, use: ExpressionUse) -> Iterator[str]:
    for node in use.expression.root.walk() if use.expression else ():
        if isinstance(node, Comparison) and (reason := _mismatch(facts, node)):
            yield reason


def _mismatch(facts: Facts, comparison: Comparison) -> str | None:
    """Return the reason why a comparison of a variable with a literal is never true."""
    (left, right), word = comparison.operands, comparison.operator
    if isinstance(left, Literal) and isinstance(right, Name) and word in _ORDER | {"==", "!="}:
        left, right = right, left
    if not isinstance(left, Name) or not isinstance(right, Literal):
        return None
    variable = facts.variables.get(left.name)
    if variable is None:
        return None
    if word not in {"in", "not in"}:
        return _literal_mismatch(variable, right.literal, word)
    if not isinstance(right.literal, tuple):
        return None
    reasons = [_literal_mismatch(variable, literal, "==") for literal in right.literal]
    return next((reason for reason in reasons if reason), None)


def _literal_mismatch(variable: Variable, literal: Any, word: str) -> str | None:
    if word in _ORDER and variable.type == "bool":
        return f"{variable.name!r} must not be ordered; it is a bool"
    bools_differ = isinstance(literal, bool) and variable.type != "bool"
    if bools_differ or not isinstance(literal, _TYPES[variable.type]):
        return f"{variable.name!r} is of type {variable.type}, never {_format(literal)}"
    if variable.type == "enum" and word not in _ORDER and literal not in variable.enum_values:
        return f"{_format(literal)} is not a value of the enum {variable.name!r}"
    return None


def _format(literal: Any) -> str:
    if isinstance(literal, bool) or literal is None:
        return {True: "true", False: "false", None: "null"}[literal]
    return "a list" if isinstance(literal, tuple) else f"{literal!r}"


def condition_never_holds(facts: Facts) -> Iterator[Violation]:
    """Check that each condition can hold."""
    for use in facts.uses:
        if (
            use.kind == "condition"
            and use.expression is not None
            # Otherwise comparison_never_true or variable_never_set reports it.
            and not any(_mismatches(facts, use))
            and all(map(facts.can_have_value, use.expression.names))
        ):
            yield from _never_holds(facts, use, "Change it, or remove the edge or approval.")


def done_when_never_holds(facts: Facts) -> Iterator[Violation]:
    """Check that each ``done_when`` can hold; otherwise the agent asks until its reask cap."""
    for use in facts.uses:
        if use.kind == "done_when":
            yield from _never_holds(facts, use, "Let it depend on variables of the node.")


def _never_holds(facts: Facts, use: ExpressionUse, fix: str) -> Iterator[Violation]:
    if use.expression is not None and facts.solver.never_holds(use.expression.root):
        message = f"{use.field}: never holds for any values: {use.text[:200]}"
        yield Violation(message, fix, use.node_id, use.edge_id)
