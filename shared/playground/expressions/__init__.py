"""Expressions of a graph: conditions, ``done_when`` and the inputs of tools.

They compare variables and literals, and nothing else: ``parser.py`` has the grammar and its
limits, ``nodes.py`` the semantics.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shared.playground.expressions.lexer import ExpressionError
from shared.playground.expressions.nodes import Name, Node, Variables
from shared.playground.expressions.parser import parse_tree

__all__ = ["Expression", "ExpressionError", "parse"]

#: Expressions cached per process: more than the graphs of one turn have.
_CACHE_SIZE = 4_096


@dataclass(frozen=True, slots=True)
class Expression:
    """Expression with its syntax tree; ``names`` include the operands of ``missing``."""

    text: str
    root: Node
    names: frozenset[str]

    def evaluate(self, variables: Variables) -> Any:
        """Return the value: None for a single unset variable. Never raises."""
        return self.root.value(variables)

    def holds(self, variables: Variables) -> bool:
        """Return True unless the value is false, unset, zero or empty."""
        return bool(self.root.value(variables))


@lru_cache(maxsize=_CACHE_SIZE)
def parse(text: str) -> Expression:
    """Parse an expression. Raises ``ExpressionError`` with the position of the error."""
    root = parse_tree(text)
    names = frozenset(node.name for node in root.walk() if isinstance(node, Name))
    return Expression(text, root, names)
