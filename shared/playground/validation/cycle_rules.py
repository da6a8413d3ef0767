"""Cycle rules: a conversation can leave each cycle, and each round differs."""

from collections.abc import Collection, Iterator, Mapping

from shared.playground.graph import AgentNode, ApprovalNode, Node
from shared.playground.validation.facts import Facts
from shared.playground.validation.findings import Violation
from shared.playground.validation.parts import Transition


def cycle_without_exit(facts: Facts) -> Iterator[Violation]:
    """Check that the conversation can end from each reachable node."""
    stuck = facts.reachable - _nodes_that_can_end(facts, failing=True)
    for cycle in _cycles(facts, stuck):
        reason = "must have an exit; a conversation in this cycle never ends."
        yield _violation(facts, cycle, reason, "Add an edge out of the cycle.")


def cycle_left_only_by_failure(facts: Facts) -> Iterator[Violation]:
    """Check that each cycle can be left without a failure."""
    stuck = _nodes_that_can_end(facts, failing=True) & facts.reachable
    stuck -= _nodes_that_can_end(facts, failing=False)
    for cycle in _cycles(facts, stuck):
        reason = "must have another exit; only a failure leads out of this cycle."
        fix = "Add an edge out of the cycle for a conversation that has what it needs."
        yield _violation(facts, cycle, reason, fix)


def cycle_without_change(facts: Facts) -> Iterator[Violation]:
    """Check that each round waits for the user or changes what the cycle's conditions read.

    An agent whose variables are set is passed without a question, so a cycle that has asked
    once would run on to the limit of a turn.
    """
    passed = {
        node_id for node_id in facts.reachable if not _waits_again(facts, facts.nodes[node_id])
    }
    for cycle in _cycles(facts, passed):
        if not _changes(facts, frozenset(cycle)):
            yield _violation(
                facts,
                cycle,
                "must wait for the user in each round, or change what its conditions read;"
                " this cycle runs into the limit of a turn.",
                "Let the second round ask for another variable, or wait for an approval.",
            )


def _waits_again(facts: Facts, node: Node) -> bool:
    """Return True if a node that was passed once can wait for the user again."""
    if isinstance(node, ApprovalNode):
        return True
    if isinstance(node, AgentNode) and (done_when := facts.done_when(node)) is not None:
        return any(facts.writers.get(name, set()) - {node.id} for name in done_when.names)
    return False


def _changes(facts: Facts, cycle: frozenset[str]) -> bool:
    """Return True if a condition of the cycle can change in the next round."""
    for node_id in cycle:
        for transition in facts.transitions[node_id]:
            for name in transition.condition.names if transition.condition else ():
                writers = facts.writers.get(name, set()) & cycle
                if writers - {node_id} or any(_writes_again(facts.nodes[one]) for one in writers):
                    return True
    return False


def _writes_again(node: Node) -> bool:
    """Return True if a node writes in each round: any but an agent that is done."""
    return not (isinstance(node, AgentNode) and node.required_writes)


def _nodes_that_can_end(facts: Facts, *, failing: bool) -> set[str]:
    """Return the nodes from which the conversation can end; ``failing`` adds failure paths."""
    sources: dict[str, list[str]] = {node_id: [] for node_id in facts.nodes}
    for transitions in facts.transitions.values():
        for transition in transitions:
            if failing or not transition.fails:
                sources[transition.target].append(transition.source)
    found: set[str] = set()
    waiting = [node.id for node in facts.graph.nodes if facts.ends(node)]
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting.extend(sources[node_id])
    return found


def _cycles(facts: Facts, among: Collection[str]) -> list[list[str]]:
    """Return the cycles among some nodes, in the order of the graph."""
    inner = {
        node.id: [one for one in facts.transitions[node.id] if one.target in among]
        for node in facts.graph.nodes
        if node.id in among
    }
    order = {node_id: index for index, node_id in enumerate(inner)}
    return [
        sorted(group, key=order.__getitem__)
        for group in _components(inner)
        if len(group) > 1 or any(one.target == group[0] for one in inner[group[0]])
    ]


def _components(inner: Mapping[str, list[Transition]]) -> list[list[str]]:
    """Return the strongly connected components (Tarjan's algorithm, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    done: set[str] = set()
    for root in inner:
        work = [] if root in index else [(root, iter(inner[root]))]
        while work:
            node_id, transitions = work[-1]
            if node_id not in index:
                index[node_id] = low[node_id] = len(index)
                stack.append(node_id)
            for transition in transitions:
                target = transition.target
                if target not in index:
                    work.append((target, iter(inner[target])))
                    break
                if target not in done:
                    low[node_id] = min(low[node_id], index[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node_id])
                if low[node_id] == index[node_id]:
                    group = stack[stack.index(node_id) :]
                    del stack[-len(group) :]
                    done.update(group)
                    found.append(group)
    return found


def _violation(facts: Facts, cycle: list[str], reason: str, fix: str) -> Violation:
    inside = [
        one.id for node_id in cycle for one in facts.transitions[node_id] if one.target in cycle
    ]
    return Violation(
        f"{' → '.join(cycle[:10])}: {reason}",
        fix,
        cycle[0],
        related_node_ids=tuple(cycle[1:]),
        related_edge_ids=tuple(identifier for identifier in inside if identifier is not None),
    )
