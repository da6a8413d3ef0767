"""Variable rules: declared once, with a usable type, written and read."""

from collections.abc import Iterator

from shared.playground.engine.system_variables import SYSTEM_VARIABLES
from shared.playground.expressions.parser import RESERVED
from shared.playground.graph import AgentNode, Node
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Violation
from shared.playground.validation.structure_rules import find_repeated


def duplicate_variable(facts: Facts) -> Iterator[Violation]:
    """Check that variable names are unique."""
    for name in find_repeated(variable.name for variable in facts.graph.context_variables):
        message = f"context_variables: names must be unique, but {name!r} is repeated."
        yield Violation(message, "Declare each variable once.")


def reserved_name(facts: Facts) -> Iterator[Violation]:
    """Check that expressions can read each variable."""
    for name in facts.variables:
        if name in RESERVED:
            message = f"{name!r}: must not be a keyword; expressions cannot read this variable."
            yield Violation(message, "Rename the variable.")


def enum_without_values(facts: Facts) -> Iterator[Violation]:
    """Check that each enum has values."""
    for variable in facts.variables.values():
        if variable.type == "enum" and not variable.enum_values:
            message = f"enum_values of {variable.name!r}: must not be empty."
            yield Violation(message, "List its values, or make it a string.")


def enum_value_repeated(facts: Facts) -> Iterator[Violation]:
    """Check that an enum's values differ in more than case, which answers may vary."""
    for variable in facts.variables.values():
        for value in find_repeated(value.casefold() for value in variable.enum_values):
            yield Violation(
                f"enum_values of {variable.name!r}: must differ in more than case, but {value!r}"
                " is repeated; answers match the first.",
                "Keep one of them.",
            )


def enum_values_unused(facts: Facts) -> Iterator[Violation]:
    """Check that only enums have enum values."""
    for variable in facts.variables.values():
        if variable.type != "enum" and variable.enum_values:
            message = f"enum_values of {variable.name!r}: have no effect on type {variable.type}."
            yield Violation(message, "Make its type enum, or remove enum_values.")


def unknown_system_variable(facts: Facts) -> Iterator[Violation]:
    """Check that the service sets each system variable."""
    for variable in facts.variables.values():
        if variable.source == "system" and variable.name not in SYSTEM_VARIABLES:
            yield Violation(
                f"{variable.name!r}: is not a system variable, so it never has a value.",
                f"Use one of {', '.join(SYSTEM_VARIABLES)}; or make it derived.",
            )


def unknown_variable(facts: Facts) -> Iterator[Violation]:
    """Check that nodes and edges use declared variables."""
    for use in facts.uses:
        for name in sorted(use.expression.names - facts.variables.keys()) if use.expression else ():
            message = f"{use.field}: must read declared variables; {name!r} is not declared."
            yield Violation(message, facts.suggest_variable(name), use.node_id, use.edge_id)
    for node in facts.graph.nodes:
        for field, name in _used_names(facts, node):
            if name not in facts.variables:
                message = f"{field} of {node.id!r}: must be declared variables; {name!r} is not."
                yield Violation(message, facts.suggest_variable(name), node.id)


def _used_names(facts: Facts, node: Node) -> Iterator[tuple[str, str]]:
    for name in node.writable if isinstance(node, AgentNode) else ():
        yield "writes", name
    for name in facts.placeholders.get(node.id, ()):
        yield "placeholders", name


def system_variable_written(facts: Facts) -> Iterator[Violation]:
    """Check that no node writes a system variable."""
    for name, variable in facts.variables.items():
        if variable.source == "derived":
            continue
        writers = sorted(
            node_id
            for node_id in facts.writers.get(name, ())
            if name not in getattr(facts.nodes[node_id], "required_writes", ())
        )
        if writers:
            yield Violation(
                f"{writers[0]!r}: must not write {name!r}, which only the service sets.",
                "Write another variable, or make this one derived.",
                writers[0],
                related_node_ids=tuple(writers[1:]),
            )


def unfillable_write(facts: Facts) -> Iterator[Violation]:
    """Check that no agent requires a system variable, which it would request forever."""
    for node in facts.graph.nodes:
        for name in node.required_writes if isinstance(node, AgentNode) else ():
            if name in facts.variables and facts.variables[name].source == "system":
                yield Violation(
                    f"required_writes of {node.id!r}: must not contain {name!r},"
                    " which only the service sets.",
                    "Remove it from required_writes, or make it derived.",
                    node.id,
                )


def variable_never_set(facts: Facts) -> Iterator[Violation]:
    """Check that each variable that is read is also written."""
    first: dict[str, tuple[str | None, str | None]] = {}
    for name, node_id, edge_id in facts.reads:
        first.setdefault(name, (node_id, edge_id))
    for name, place in first.items():
        variable = facts.variables.get(name)
        if variable and variable.source == "derived" and not facts.can_have_value(name):
            yield Violation(
                f"{name!r}: must be written by a node; it is read but never has a value.",
                "Let an agent write it, or bind a part of a tool's output to it.",
                *place,
            )


def unused_variable(facts: Facts) -> Iterator[Violation]:
    """Check that each variable is used."""
    used = facts.writers.keys() | {name for name, _, _ in facts.reads}
    for variable in facts.variables.values():
        if variable.source == "derived" and variable.name not in used:
            yield Violation(f"{variable.name!r}: is neither read nor written.", "Remove it.")
