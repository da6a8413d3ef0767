"""An expression, ready to be asked."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shared.playground.expressions.nodes import Name, Node, Variables
from shared.playground.expressions.parser import tree

#: Expressions that a process keeps: more than the graphs that one turn can touch have.
_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been read.

    Attributes
    ----------
    names
        The variables that it reads, those that it only asks ``missing`` of included.
    root
        Its tree, for what reasons about expressions.
    """

    text: str
    root: Node
    names: frozenset[str]

    def evaluate(self, variables: Variables) -> Any:
        """Return its value: None for a lone variable that is unset. Never raises."""
        return self.root.value(variables)

    def holds(self, variables: Variables) -> bool:
        """Tell whether its value is true, or is neither unset, zero nor empty."""
        return bool(self.root.value(variables))


@lru_cache(maxsize=_KEPT)
def parse(text: str) -> Expression:
    """Read an expression. Raises ``ExpressionError``, with the place of what is wrong."""
    root = tree(text)
    names = frozenset(node.name for node in root.walk() if isinstance(node, Name))
    return Expression(text, root, names)
