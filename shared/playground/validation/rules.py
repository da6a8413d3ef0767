"""Rule registry: all validation rules, in the order in which their findings are reported.

To add a rule, write its function, register it here, test it with a graph that breaks only
it, and describe it in docs/graphs.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import NamedTuple

from shared.playground.validation import (
    cycle_rules,
    expression_rules,
    routing_rules,
    structure_rules,
    tool_rules,
    variable_rules,
)
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Finding, Severity, Violation

_ERROR, _WARNING, _SUGGESTION = Severity.ERROR, Severity.WARNING, Severity.SUGGESTION


class Rule(NamedTuple):
    """Rule with its id, category and severity; ``check`` yields its violations."""

    check: Callable[[Facts], Iterator[Violation]]
    category: str
    severity: Severity
    #: The function's name, unless several functions report one rule.
    rule_id: str = ""

    @property
    def id(self) -> str:
        return self.rule_id or self.check.__name__

    def findings(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each violation in a graph."""
        for violation in self.check(facts):
            yield Finding(
                rule_id=self.id,
                category=self.category,
                severity=self.severity,
                **asdict(violation),
            )


RULES: tuple[Rule, ...] = (
    Rule(structure_rules.unknown_entry_node, "structure", _ERROR),
    Rule(structure_rules.duplicate_node_id, "structure", _ERROR, "duplicate_id"),
    Rule(structure_rules.duplicate_step_id, "structure", _ERROR, "duplicate_id"),
    Rule(structure_rules.edge_to_nowhere, "structure", _ERROR),
    Rule(structure_rules.approval_target_missing, "structure", _ERROR),
    Rule(structure_rules.approval_without_choice, "structure", _WARNING),
    Rule(structure_rules.empty_action, "structure", _SUGGESTION),
    Rule(variable_rules.duplicate_variable, "variables", _ERROR, "duplicate_id"),
    Rule(variable_rules.reserved_name, "variables", _WARNING),
    Rule(variable_rules.enum_without_values, "variables", _ERROR),
    Rule(variable_rules.enum_value_repeated, "variables", _WARNING),
    Rule(variable_rules.enum_values_unused, "variables", _WARNING),
    Rule(variable_rules.unknown_system_variable, "variables", _WARNING),
    Rule(variable_rules.unknown_variable, "variables", _ERROR),
    Rule(variable_rules.system_variable_written, "variables", _ERROR),
    Rule(variable_rules.unfillable_write, "variables", _ERROR),
    Rule(variable_rules.variable_never_set, "variables", _WARNING),
    Rule(variable_rules.unused_variable, "variables", _SUGGESTION),
    Rule(expression_rules.bad_expression, "expressions", _ERROR),
    Rule(expression_rules.comparison_never_true, "expressions", _WARNING),
    Rule(tool_rules.tool_without_mock, "tools", _WARNING),
    Rule(tool_rules.mock_without_tool, "tools", _SUGGESTION),
    Rule(tool_rules.duplicate_tool, "tools", _WARNING),
    Rule(tool_rules.binding_without_target, "tools", _ERROR),
    Rule(tool_rules.binding_not_in_mock, "tools", _WARNING),
)
#: Rules that follow paths through the graph. They are skipped after a finding of
#: ``ROOT_CAUSES``, which would otherwise be repeated at every node that it cuts off.
FLOW_RULES: tuple[Rule, ...] = (
    Rule(structure_rules.unreachable_node, "structure", _WARNING),
    Rule(structure_rules.dead_end, "structure", _WARNING),
    Rule(expression_rules.condition_never_holds, "expressions", _WARNING),
    Rule(expression_rules.done_when_never_holds, "expressions", _ERROR),
    Rule(routing_rules.way_out_not_sure, "routing", _ERROR),
    Rule(routing_rules.failure_path_not_sure, "routing", _WARNING),
    Rule(routing_rules.edge_never_taken, "routing", _WARNING),
    Rule(routing_rules.no_failure_path, "routing", _WARNING),
    Rule(cycle_rules.cycle_without_exit, "cycles", _ERROR),
    Rule(cycle_rules.cycle_left_only_by_failure, "cycles", _WARNING),
    Rule(cycle_rules.cycle_without_change, "cycles", _WARNING),
)
ROOT_CAUSES = frozenset({
    "unknown_entry_node", "duplicate_id", "edge_to_nowhere", "approval_target_missing",
    "bad_expression",
})  # fmt: skip
