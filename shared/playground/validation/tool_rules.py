"""Tool rules: tools, their bindings, and the mock world that answers for them."""

from collections.abc import Iterator

from shared.playground.engine.values import InvalidValue, convert, value_at_path
from shared.playground.graph import AgentNode, MockOutput
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Violation
from shared.playground.validation.structure_rules import find_repeated


def tool_without_mock(facts: Facts) -> Iterator[Violation]:
    """Check that the mock world answers for each tool."""
    mocks = facts.graph.mock_world
    for slug in dict.fromkeys(use.slug for use in facts.tool_uses if use.slug not in mocks):
        users = list(dict.fromkeys(use.node_id for use in facts.tool_uses if use.slug == slug))
        yield Violation(
            f"mock_world: must answer for {slug!r}; the tool fails in the playground.",
            facts.names.suggest(slug, mocks, "Add it to mock_world."),
            users[0],
            related_node_ids=tuple(users[1:]),
        )


def mock_without_tool(facts: Facts) -> Iterator[Violation]:
    """Check that a node calls each tool of the mock world."""
    used = {use.slug for use in facts.tool_uses}
    for slug in facts.graph.mock_world:
        if slug not in used:
            message = f"mock_world: answers for {slug!r}, which no node calls."
            yield Violation(message, facts.names.suggest(slug, used, "Remove it."))


def duplicate_tool(facts: Facts) -> Iterator[Violation]:
    """Check that an agent's tools have unique slugs, by which it calls them."""
    for node in facts.graph.nodes:
        for slug in find_repeated(
            tool.slug for tool in (node.tools if isinstance(node, AgentNode) else ())
        ):
            message = f"tools of {node.id!r}: slugs must be unique; the first {slug!r} is used."
            yield Violation(message, "Keep one of them.", node.id)


def binding_without_target(facts: Facts) -> Iterator[Violation]:
    """Check that bindings set declared variables."""
    for use in facts.tool_uses:
        for name, path in use.bindings:
            if name not in facts.variables:
                yield Violation(
                    f"output_bindings of {use.slug!r}: must name declared variables;"
                    f" {name!r}, set from {path!r}, is not declared.",
                    facts.suggest_variable(name),
                    use.node_id,
                )


def binding_not_in_mock(facts: Facts) -> Iterator[Violation]:
    """Check that the mock output has a valid value for each binding."""
    for use in facts.tool_uses:
        mock = facts.graph.mock_world.get(use.slug)
        if not isinstance(mock, MockOutput):
            continue
        for name, path in use.bindings:
            reason = _check_binding(facts, mock.output, name, path)
            if reason is not None:
                yield Violation(
                    f"output_bindings of {use.slug!r}: {reason}; {name!r} stays unchanged.",
                    "Correct the path, the mock or the variable's type.",
                    use.node_id,
                )


def _check_binding(facts: Facts, output: object, name: str, path: str) -> str | None:
    variable, value = facts.variables.get(name), value_at_path(output, path)
    if value is None:
        return f"the mock output has no value at {path!r}"
    try:
        if variable is not None:
            convert(variable, value)
    except InvalidValue as invalid:
        return f"the mock output's value at {path!r} {invalid}"
    return None
