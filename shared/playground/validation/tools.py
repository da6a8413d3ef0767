"""Rules about tools and the mock world that answers for them in the playground."""

from collections.abc import Iterator

from shared.playground.engine_values import Unfit, at_path, fit
from shared.playground.findings import Finding, Severity
from shared.playground.graph import AgentNode, MockOutput
from shared.playground.validation.facts import Facts
from shared.playground.validation.structure import repeated


def tool_without_mock(facts: Facts) -> Iterator[Finding]:
    """Each tool has an answer in the mock world; without, it fails in the playground."""
    mocks = facts.graph.mock_world
    for slug in dict.fromkeys(use.slug for use in facts.tool_uses if use.slug not in mocks):
        users = list(dict.fromkeys(use.node_id for use in facts.tool_uses if use.slug == slug))
        yield Finding(
            rule_id="tool_without_mock",
            category="tools",
            severity=Severity.WARNING,
            message=f"The mock world has no answer of {slug!r}: in the playground it fails.",
            node_id=users[0],
            related_node_ids=tuple(users[1:]),
            suggested_fix=facts.nearest.fix(slug, mocks, "Add it to mock_world."),
        )


def mock_without_tool(facts: Facts) -> Iterator[Finding]:
    """What the mock world answers, a node asks."""
    used = {use.slug for use in facts.tool_uses}
    for slug in facts.graph.mock_world:
        if slug not in used:
            yield Finding(
                rule_id="mock_without_tool",
                category="tools",
                severity=Severity.SUGGESTION,
                message=f"The mock world answers for {slug!r}, which no node calls.",
                suggested_fix=facts.nearest.fix(slug, used, "Remove it."),
            )


def duplicate_tool(facts: Facts) -> Iterator[Finding]:
    """An agent calls a tool by its slug, so no two of its tools may share one."""
    for node in facts.graph.nodes:
        for slug in (
            repeated(tool.slug for tool in node.tools) if isinstance(node, AgentNode) else ()
        ):
            yield Finding(
                rule_id="duplicate_tool",
                category="tools",
                severity=Severity.WARNING,
                message=f"{node.id!r} has more than one tool called {slug!r}; the first is used.",
                node_id=node.id,
                suggested_fix="Keep one of them.",
            )


def binding_without_target(facts: Facts) -> Iterator[Finding]:
    """What is bound of a tool's output goes into a variable of the graph."""
    for use in facts.tool_uses:
        for name, path in use.bindings:
            if name not in facts.variables:
                yield Finding(
                    rule_id="binding_without_target",
                    category="tools",
                    message=f"{path!r} of {use.slug!r} goes into a variable that is not declared:"
                    f" {name!r}.",
                    node_id=use.node_id,
                    suggested_fix=facts.nearest.fix(
                        name, facts.variables, "Declare it in context_variables."
                    ),
                )


def binding_not_in_mock(facts: Facts) -> Iterator[Finding]:
    """What is bound stands in the mock's output, and is of the variable's type."""
    for use in facts.tool_uses:
        mock = facts.graph.mock_world.get(use.slug)
        if not isinstance(mock, MockOutput):
            continue
        for name, path in use.bindings:
            variable = facts.variables.get(name)
            value = at_path(mock.output, path)
            reason = None
            if value is None:
                reason = f"has nothing at {path!r}"
            elif variable is not None:
                try:
                    fit(variable, value)
                except Unfit as unfit:
                    reason = f"has at {path!r} what {name!r} cannot be: {unfit}"
            if reason is not None:
                yield Finding(
                    rule_id="binding_not_in_mock",
                    category="tools",
                    severity=Severity.WARNING,
                    message=f"The mock output of {use.slug!r} {reason}; {name!r} stays as it is.",
                    node_id=use.node_id,
                    suggested_fix="Correct the path, the mock or the variable's type.",
                )
