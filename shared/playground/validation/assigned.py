"""Which variables surely have a value where."""

from collections import deque
from collections.abc import Mapping, Sequence

from shared.playground.graph import AgentNode, Graph
from shared.playground.system_variables import SYSTEM_VARIABLES
from shared.playground.validation.parts import Way


class SurelySet:
    """For each node that a conversation can come to: what is set whenever it does.

    A variable once set stays set. Surely set are the system's, and what agents on every way
    to the node require; what tools answer may lack any part of it.
    """

    def __init__(self, graph: Graph, ways: Mapping[str, Sequence[Way]]) -> None:
        # Sets of variables are bits of a number: the largest graph takes 1 ms so, not 20.
        self._bits = {v.name: 1 << place for place, v in enumerate(graph.context_variables)}
        adds = {
            node.id: self._mask(node.required_writes) if isinstance(node, AgentNode) else 0
            for node in graph.nodes
        }
        filled_in = [
            v.name
            for v in graph.context_variables
            if v.source == "system" and v.name in SYSTEM_VARIABLES
        ]
        system = self._mask(filled_in)
        self._known = {graph.entry_node_id: system} if graph.entry_node_id in adds else {}
        waiting = deque(self._known)
        while waiting:
            node_id = waiting.popleft()
            before = self._known[node_id]
            for way in ways[node_id]:
                there = before if way.fails else before | adds[node_id]
                merged = self._known.get(way.target, there) & there
                if merged != self._known.get(way.target):
                    self._known[way.target] = merged
                    waiting.append(way.target)
        self.nodes = frozenset(self._known)

    def at(self, node_id: str) -> frozenset[str]:
        """Return the variables that are set whenever a node is entered."""
        mask = self._known.get(node_id, 0)
        return frozenset(name for name, bit in self._bits.items() if mask & bit)

    def _mask(self, names: Sequence[str]) -> int:
        mask = 0
        for name in names:
            mask |= self._bits.get(name, 0)
        return mask
