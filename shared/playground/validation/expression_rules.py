"""Rules about expressions: readable, and able to hold."""

from collections.abc import Iterator
from typing import Any

from shared.playground.expressions.nodes import Comparison, Literal, Name
from shared.playground.findings import Finding, Severity
from shared.playground.graph import Variable
from shared.playground.validation.facts import Facts
from shared.playground.validation.parts import Use

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "enum": (str,), "int": (int, float), "float": (int, float), "bool": (bool,),
}  # fmt: skip
_ORDER = {"<", "<=", ">", ">="}


def bad_expression(facts: Facts) -> Iterator[Finding]:
    """Every expression can be read."""
    for use in facts.uses:
        if use.error is not None:
            yield Finding(
                rule_id="bad_expression",
                category="expressions",
                message=f"{use.where}: {use.error}.",
                node_id=use.place.node_id,
                edge_id=use.place.edge_id,
                suggested_fix="Compare variables and literals with == != < <= > >= and in; join"
                " with and, or, not; call only missing, len and eq_normalized.",
            )


def comparison_never_true(facts: Facts) -> Iterator[Finding]:
    """A variable is compared with what it can be."""
    for use in facts.uses:
        for reason in _mismatches(facts, use):
            yield Finding(
                rule_id="comparison_never_true",
                category="expressions",
                severity=Severity.WARNING,
                message=f"{use.where}: {reason}.",
                node_id=use.place.node_id,
                edge_id=use.place.edge_id,
                suggested_fix="Compare with a value that the variable can have.",
            )


def _mismatches(facts: Facts, use: Use) -> Iterator[str]:
    for node in use.expression.root.walk() if use.expression else ():
        if isinstance(node, Comparison) and (reason := _mismatch(facts, node)):
            yield reason


def _mismatch(facts: Facts, comparison: Comparison) -> str | None:
    """Return what is wrong with a variable beside a literal that it can never be."""
    left, word, right = comparison.left, comparison.operator, comparison.right
    if isinstance(left, Literal) and isinstance(right, Name) and word in _ORDER | {"==", "!="}:
        left, right = right, left
    if not isinstance(left, Name) or not isinstance(right, Literal):
        return None
    variable = facts.variables.get(left.name)
    if variable is None:
        return None
    if word not in {"in", "not in"}:
        return _unlike(variable, right.literal, word)
    if not isinstance(right.literal, tuple):
        return None
    reasons = [_unlike(variable, literal, "==") for literal in right.literal]
    return next((reason for reason in reasons if reason), None)


def _unlike(variable: Variable, literal: Any, word: str) -> str | None:
    if word in _ORDER and variable.type == "bool":
        return f"{variable.name!r} is a bool, and these have no order"
    bools_differ = isinstance(literal, bool) and variable.type != "bool"
    if bools_differ or not isinstance(literal, _TYPES[variable.type]):
        return f"{variable.name!r} is of type {variable.type} and never {_written(literal)}"
    if variable.type == "enum" and word not in _ORDER and literal not in variable.enum_values:
        return f"{_written(literal)} is not among the values of {variable.name!r}"
    return None


def _written(literal: Any) -> str:
    if isinstance(literal, bool) or literal is None:
        return {True: "true", False: "false", None: "null"}[literal]
    return "a list" if isinstance(literal, tuple) else f"{literal!r}"


def condition_never_holds(facts: Facts) -> Iterator[Finding]:
    """A condition can hold, given what its variables can be."""
    for use in facts.uses:
        if use.decides and not _is_done_when(use) and _never_holds(facts, use):
            yield _never(use, Severity.WARNING, "Change it, or remove what it leads to.")


def done_when_never_holds(facts: Facts) -> Iterator[Finding]:
    """An agent can be done, or it would ask until its cap is exceeded, every time."""
    for use in facts.uses:
        if _is_done_when(use) and _never_holds(facts, use):
            yield _never(use, Severity.ERROR, "Let it depend on what the node finds out.")


def _is_done_when(use: Use) -> bool:
    return use.where.startswith("done_when ")


def _never_holds(facts: Facts, use: Use) -> bool:
    if use.expression is None:
        return False
    if not _is_done_when(use) and (
        any(_mismatches(facts, use)) or not all(map(facts.can_have_value, use.expression.names))
    ):
        return False  # told by comparison_never_true or variable_never_set
    return facts.possibilities.never(use.expression.root)


def _never(use: Use, severity: Severity, fix: str) -> Finding:
    rule = "done_when" if _is_done_when(use) else "condition"
    return Finding(
        rule_id=f"{rule}_never_holds",
        category="expressions",
        severity=severity,
        message=f"{use.where} never holds, whatever the variables are: {use.text[:200]}",
        node_id=use.place.node_id,
        edge_id=use.place.edge_id,
        suggested_fix=fix,
    )
