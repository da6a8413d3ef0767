"""Rules about cycles: a conversation that goes round can leave, and does not spin."""

from collections.abc import Collection, Iterator, Mapping

from shared.playground.findings import Finding, Severity
from shared.playground.graph import AgentNode, ApprovalNode, Node
from shared.playground.validation.facts import Facts
from shared.playground.validation.parts import Way


def cycle_without_exit(facts: Facts) -> Iterator[Finding]:
    """From every node that can be come to, the conversation can end."""
    stuck = facts.reachable - _leading_to_an_end(facts, failing=True)
    for cycle in _cycles(facts, stuck):
        yield _finding(
            facts,
            cycle,
            "cycle_without_exit",
            Severity.ERROR,
            "No condition leads out of this cycle: a conversation that enters it never ends.",
            "Lead an edge out of it.",
        )


def cycle_left_only_by_failure(facts: Facts) -> Iterator[Finding]:
    """A cycle can be left otherwise than by failing."""
    stuck = _leading_to_an_end(facts, failing=True) & facts.reachable
    stuck -= _leading_to_an_end(facts, failing=False)
    for cycle in _cycles(facts, stuck):
        yield _finding(
            facts,
            cycle,
            "cycle_left_only_by_failure",
            Severity.WARNING,
            "Only a failure leads out of this cycle.",
            "Lead an edge out of it that is taken when the conversation has what it needs.",
        )


def cycle_without_change(facts: Facts) -> Iterator[Finding]:
    """What goes round waits for the user, or changes what its conditions read.

    An agent whose variables are set is passed without a question, so a cycle that asked
    once does not ask again: it would run on to the limit of a turn.
    """
    passed = {
        node_id for node_id in facts.reachable if not _waits_again(facts, facts.nodes[node_id])
    }
    for cycle in _cycles(facts, passed):
        if not _changes(facts, frozenset(cycle)):
            yield _finding(
                facts,
                cycle,
                "cycle_without_change",
                Severity.WARNING,
                "Nothing in this cycle waits for the user a second time or changes what its"
                " conditions read: a conversation that goes round runs into the limit of a turn.",
                "Let the second round ask for a variable of its own, or wait for an approval.",
            )


def _waits_again(facts: Facts, node: Node) -> bool:
    """Tell whether a node that was passed once can make the conversation wait again."""
    if isinstance(node, ApprovalNode):
        return True
    if isinstance(node, AgentNode) and (done_when := facts.done_when(node)) is not None:
        return any(facts.writers.get(name, set()) - {node.id} for name in done_when.names)
    return False


def _changes(facts: Facts, cycle: frozenset[str]) -> bool:
    """Tell whether a condition in the cycle can come to something else in the next round."""
    for node_id in cycle:
        for way in facts.ways[node_id]:
            for name in way.condition.names if way.condition else ():
                writers = facts.writers.get(name, set()) & cycle
                if writers - {node_id} or any(_writes_again(facts.nodes[one]) for one in writers):
                    return True
    return False


def _writes_again(node: Node) -> bool:
    """Tell whether a node does its work anew in each round: all but an agent that is done."""
    return not (isinstance(node, AgentNode) and node.required_writes)


def _leading_to_an_end(facts: Facts, *, failing: bool) -> set[str]:
    """Return the nodes from which the conversation can end, by failure paths too or not."""
    before: dict[str, list[str]] = {node_id: [] for node_id in facts.nodes}
    for ways in facts.ways.values():
        for way in ways:
            if failing or not way.fails:
                before[way.target].append(way.source)
    leading: set[str] = set()
    waiting = [node.id for node in facts.graph.nodes if facts.ends(node)]
    while waiting:
        node_id = waiting.pop()
        if node_id not in leading:
            leading.add(node_id)
            waiting.extend(before[node_id])
    return leading


def _cycles(facts: Facts, among: Collection[str]) -> list[list[str]]:
    """Return the groups of nodes that lead to one another, in the order of the graph."""
    inner = {
        node.id: [way for way in facts.ways[node.id] if way.target in among]
        for node in facts.graph.nodes
        if node.id in among
    }
    order = {node_id: place for place, node_id in enumerate(inner)}
    return [
        sorted(group, key=order.__getitem__)
        for group in _components(inner)
        if len(group) > 1 or any(way.target == group[0] for way in inner[group[0]])
    ]


def _components(inner: Mapping[str, list[Way]]) -> list[list[str]]:
    """Return the strongly connected components (Tarjan's algorithm, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    done: set[str] = set()
    for root in inner:
        work = [] if root in index else [(root, iter(inner[root]))]
        while work:
            node_id, ways = work[-1]
            if node_id not in index:
                index[node_id] = low[node_id] = len(index)
                stack.append(node_id)
            for way in ways:
                if way.target not in index:
                    work.append((way.target, iter(inner[way.target])))
                    break
                if way.target not in done:
                    low[node_id] = min(low[node_id], index[way.target])
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


def _finding(
    facts: Facts, cycle: list[str], rule_id: str, severity: Severity, message: str, fix: str
) -> Finding:
    inside = [way.id for node_id in cycle for way in facts.ways[node_id] if way.target in cycle]
    return Finding(
        rule_id=rule_id,
        category="cycles",
        severity=severity,
        message=f"{' → '.join(cycle[:10])}: {message}",
        node_id=cycle[0],
        related_node_ids=tuple(cycle[1:]),
        related_edge_ids=tuple(identifier for identifier in inside if identifier is not None),
        suggested_fix=fix,
    )
