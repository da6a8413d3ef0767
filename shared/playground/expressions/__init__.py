"""The expressions of a graph: conditions, ``done_when`` and the inputs of tools.

They compare variables with one another and with literals, and can do nothing else: see
``parser.py`` for the language and its limits, ``nodes.py`` for what it means.
"""

from shared.playground.expressions.expression import Expression, parse
from shared.playground.expressions.lexer import ExpressionError

__all__ = ["Expression", "ExpressionError", "parse"]
