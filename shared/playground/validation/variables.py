"""Rules about variables: declared once, of a type that values can have, set and read."""

from collections.abc import Iterator

from shared.playground.expressions.parser import RESERVED
from shared.playground.findings import Finding, Severity
from shared.playground.graph import AgentNode, Node
from shared.playground.system_variables import SYSTEM_VARIABLES
from shared.playground.validation.facts import Facts
from shared.playground.validation.structure import repeated

_DECLARE = "Declare it in context_variables."


def duplicate_variable(facts: Facts) -> Iterator[Finding]:
    """A variable has one name and one type."""
    for name in repeated(variable.name for variable in facts.graph.context_variables):
        yield Finding(
            rule_id="duplicate_id",
            category="variables",
            message=f"More than one variable is called {name!r}.",
            suggested_fix="Declare each variable once.",
        )


def reserved_name(facts: Facts) -> Iterator[Finding]:
    """A variable can be named in an expression."""
    for name in facts.variables:
        if name in RESERVED:
            yield Finding(
                rule_id="reserved_name",
                category="variables",
                severity=Severity.WARNING,
                message=f"{name!r} is a word of the expressions, so none can read this variable.",
                suggested_fix="Give the variable another name.",
            )


def enum_without_values(facts: Facts) -> Iterator[Finding]:
    """An enum has values, or nothing could ever be one of them."""
    for variable in facts.variables.values():
        if variable.type == "enum" and not variable.enum_values:
            yield Finding(
                rule_id="enum_without_values",
                category="variables",
                message=f"The enum {variable.name!r} has no enum_values.",
                suggested_fix="List its values, or make it a string.",
            )


def enum_value_repeated(facts: Facts) -> Iterator[Finding]:
    """Values of an enum differ in more than case: an answer is matched without it."""
    for variable in facts.variables.values():
        for value in repeated(value.casefold() for value in variable.enum_values):
            yield Finding(
                rule_id="enum_value_repeated",
                category="variables",
                severity=Severity.WARNING,
                message=f"More than one value of {variable.name!r} reads {value!r}:"
                " answers are matched without regard to case, so the first is always taken.",
                suggested_fix="Keep one of them.",
            )


def enum_values_unused(facts: Facts) -> Iterator[Finding]:
    """Only an enum's values are held to a list."""
    for variable in facts.variables.values():
        if variable.type != "enum" and variable.enum_values:
            yield Finding(
                rule_id="enum_values_unused",
                category="variables",
                severity=Severity.WARNING,
                message=f"{variable.name!r} is no enum, so its enum_values mean nothing.",
                suggested_fix="Make its type enum, or remove enum_values.",
            )


def unknown_system_variable(facts: Facts) -> Iterator[Finding]:
    """Only the service sets a system variable, so one it does not know stays unset."""
    for variable in facts.variables.values():
        if variable.source == "system" and variable.name not in SYSTEM_VARIABLES:
            yield Finding(
                rule_id="unknown_system_variable",
                category="variables",
                severity=Severity.WARNING,
                message=f"No system variable is called {variable.name!r}; it will have no value.",
                suggested_fix=f"There are {', '.join(SYSTEM_VARIABLES)}; or make it derived.",
            )


def unknown_variable(facts: Facts) -> Iterator[Finding]:
    """What nodes read, write and say are variables of the graph."""
    for use in facts.uses:
        for name in sorted(use.expression.names - facts.variables.keys()) if use.expression else ():
            yield Finding(
                rule_id="unknown_variable",
                category="variables",
                message=f"{use.where} reads a variable that is not declared: {name!r}.",
                node_id=use.place.node_id,
                edge_id=use.place.edge_id,
                suggested_fix=facts.nearest.fix(name, facts.variables, _DECLARE),
            )
    for node in facts.graph.nodes:
        for verb, name in _named(facts, node):
            if name not in facts.variables:
                yield Finding(
                    rule_id="unknown_variable",
                    category="variables",
                    message=f"{node.id!r} {verb} a variable that is not declared: {name!r}.",
                    node_id=node.id,
                    suggested_fix=facts.nearest.fix(name, facts.variables, _DECLARE),
                )


def _named(facts: Facts, node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, AgentNode):
        for name in dict.fromkeys((*node.required_writes, *node.writes)):
            yield "writes", name
    for name in facts.placeholders.get(node.id, ()):
        yield "says", name


def system_variable_written(facts: Facts) -> Iterator[Finding]:
    """Only the service sets a system variable."""
    for name, variable in facts.variables.items():
        if variable.source == "derived":
            continue
        writers = sorted(
            node_id
            for node_id in facts.writers.get(name, ())
            if name not in getattr(facts.nodes[node_id], "required_writes", ())
        )
        if writers:
            yield Finding(
                rule_id="system_variable_written",
                category="variables",
                message=f"{writers[0]!r} writes {name!r}, which only the service sets.",
                node_id=writers[0],
                related_node_ids=tuple(writers[1:]),
                suggested_fix="Write a variable of your own, or make this one derived.",
            )


def unfillable_write(facts: Facts) -> Iterator[Finding]:
    """What an agent has to find out, it can write: or it would ask for ever."""
    for node in facts.graph.nodes:
        for name in node.required_writes if isinstance(node, AgentNode) else ():
            if name in facts.variables and facts.variables[name].source == "system":
                yield Finding(
                    rule_id="unfillable_write",
                    category="variables",
                    message=f"{node.id!r} requires {name!r}, which no step can fill:"
                    " only the service sets it.",
                    node_id=node.id,
                    suggested_fix="Remove it from required_writes, or make it derived.",
                )


def variable_never_set(facts: Facts) -> Iterator[Finding]:
    """What is read is written somewhere."""
    first = dict(reversed(facts.reads))
    for name in dict.fromkeys(name for name, _ in facts.reads):
        variable = facts.variables.get(name)
        if variable and variable.source == "derived" and not facts.can_have_value(name):
            yield Finding(
                rule_id="variable_never_set",
                category="variables",
                severity=Severity.WARNING,
                message=f"{name!r} is read, but no node writes it: it never has a value.",
                node_id=first[name].node_id,
                edge_id=first[name].edge_id,
                suggested_fix="Let an agent write it, or bind a part of a tool's output to it.",
            )


def unused_variable(facts: Facts) -> Iterator[Finding]:
    """What is declared is used."""
    used = facts.writers.keys() | dict(facts.reads).keys()
    for variable in facts.variables.values():
        if variable.source == "derived" and variable.name not in used:
            yield Finding(
                rule_id="unused_variable",
                category="variables",
                severity=Severity.SUGGESTION,
                message=f"Nothing reads or writes {variable.name!r}.",
                suggested_fix="Remove it.",
            )
