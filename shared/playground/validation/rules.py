"""All rules, in the order in which their findings are told."""

from collections.abc import Callable, Iterator

from shared.playground.findings import Finding
from shared.playground.validation import (
    cycles,
    expression_rules,
    routing,
    structure,
    tools,
    variables,
)
from shared.playground.validation.facts import Facts

type Rule = Callable[[Facts], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    structure.unknown_entry_node,
    structure.duplicate_node_id,
    structure.duplicate_step_id,
    structure.edge_to_nowhere,
    structure.approval_target_missing,
    structure.approval_without_choice,
    structure.empty_action,
    variables.duplicate_variable,
    variables.reserved_name,
    variables.enum_without_values,
    variables.enum_value_repeated,
    variables.enum_values_unused,
    variables.unknown_system_variable,
    variables.unknown_variable,
    variables.system_variable_written,
    variables.unfillable_write,
    variables.variable_never_set,
    variables.unused_variable,
    expression_rules.bad_expression,
    expression_rules.comparison_never_true,
    tools.tool_without_mock,
    tools.mock_without_tool,
    tools.duplicate_tool,
    tools.binding_without_target,
    tools.binding_not_in_mock,
)

#: Rules that follow ways through the graph: asked only where its ends are known and each
#: node is one, so that one slip is told once and not at every node that it cuts off.
FLOW_RULES: tuple[Rule, ...] = (
    structure.unreachable_node,
    structure.dead_end,
    expression_rules.condition_never_holds,
    expression_rules.done_when_never_holds,
    routing.way_out_not_sure,
    routing.failure_path_not_sure,
    routing.edge_never_taken,
    routing.no_failure_path,
    cycles.cycle_without_exit,
    cycles.cycle_left_only_by_failure,
    cycles.cycle_without_change,
)
#: What would make them tell the same slip again.
ROOT_CAUSES = frozenset({
    "unknown_entry_node", "duplicate_id", "edge_to_nowhere", "approval_target_missing",
    "bad_expression",
})  # fmt: skip
