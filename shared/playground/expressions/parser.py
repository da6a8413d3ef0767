"""Parser: builds a syntax tree by recursive descent.

::

    any         = all {"or" all}
    all         = negation {"and" negation}
    negation    = "not" negation | comparison
    comparison  = operand [("==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in") operand]
    operand     = literal | list | name | call | "(" any ")"
    call        = "missing" "(" name ")" | "len" "(" operand ")"
                | "eq_normalized" "(" operand "," operand "," kind ")"
    list        = "[" [literal {"," literal}] "]"
    literal     = number | text | "true" | "false" | "null"
"""

from collections.abc import Callable

from shared.playground.expressions.lexer import ExpressionError, Token, tokenize
from shared.playground.expressions.nodes import (
    And,
    Comparison,
    EqualNormalized,
    Length,
    Literal,
    Missing,
    Name,
    Node,
    Not,
    Or,
)
from shared.playground.expressions.normalized import KINDS

#: Nested parentheses, calls and "not": more than readable conditions have, and far from the
#: interpreter's recursion limit.
MAX_DEPTH = 20

_CONSTANTS = {
    "true": True, "True": True, "false": False, "False": False, "null": None, "None": None,
}  # fmt: skip
_WORDS = {"and", "or", "not", "in"}
#: Names that cannot be variables.
RESERVED = frozenset(_WORDS | set(_CONSTANTS))
_ORDER = {"==", "!=", "<", "<=", ">", ">="}
_CALLS = ("missing", "len", "eq_normalized")


def parse_tree(text: str) -> Node:
    """Parse an expression. Raises ``ExpressionError``."""
    return _Parser(tokenize(text)).parse()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._index = 0
        self._depth = 0

    def parse(self) -> Node:
        node = self._any()
        if self._next.kind != "end":
            raise self._unexpected("an operator or the end")
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        token = self._next
        self._index += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self._next.kind in {"mark", "name"} and self._next.text in texts

    def _expect(self, mark: str) -> None:
        if not self._is(mark):
            raise self._unexpected(repr(mark))
        self._index += 1

    def _unexpected(self, expected: str) -> ExpressionError:
        return ExpressionError(f"Expected {expected}, found {self._next}", self._next.position)

    def _any(self) -> Node:
        return self._joined("or", self._all, Or)

    def _all(self) -> Node:
        return self._joined("and", self._negation, And)

    def _joined(self, word: str, operand: Callable[[], Node], join: Callable[..., Node]) -> Node:
        operands = [operand()]
        while self._is(word):
            self._take()
            operands.append(operand())
        return operands[0] if len(operands) == 1 else join(*operands)

    def _negation(self) -> Node:
        if not self._is("not"):
            return self._comparison()
        self._enter(self._take())
        node = Not(self._negation())
        self._depth -= 1
        return node

    def _comparison(self) -> Node:
        left = self._operand()
        word = self._operator()
        if word is None:
            return left
        position = self._next.position
        right = self._operand()
        if any(isinstance(side, Literal) and side.literal is None for side in (left, right)):
            raise ExpressionError("null cannot be compared: use missing(x)", position)
        if self._is(*_ORDER, "in", "not"):
            raise ExpressionError(
                "Comparisons cannot be chained: join them with and", self._next.position
            )
        return Comparison(left, word, right)

    def _operator(self) -> str | None:
        if self._is(*_ORDER, "in"):
            return self._take().text
        if self._is("not"):
            self._take()
            self._expect("in")
            return "not in"
        return None

    def _operand(self) -> Node:
        if self._is("("):
            self._enter(self._take())
            node = self._any()
            self._expect(")")
            self._depth -= 1
            return node
        if self._is("["):
            return self._list()
        if self._next.kind == "name" and self._next.text not in RESERVED:
            return self._name_or_call()
        return self._literal("a variable, a literal or '('")

    def _literal(self, expected: str) -> Literal:
        token = self._next
        if token.kind in {"number", "string"}:
            return Literal(self._take().value)
        if token.kind == "name" and token.text in _CONSTANTS:
            return Literal(_CONSTANTS[self._take().text])
        raise self._unexpected(expected)

    def _list(self) -> Literal:
        self._take()
        literals = []
        while not self._is("]"):
            literals.append(self._literal("a literal or ']'").literal)
            if not self._is("]"):
                self._expect(",")
        self._take()
        return Literal(tuple(literals))

    def _name_or_call(self) -> Node:
        token = self._take()
        if not self._is("("):
            return Name(token.text)
        if token.text not in _CALLS:
            raise ExpressionError(f"Only {', '.join(_CALLS)} can be called", token.position)
        self._enter(self._take())
        node = self._call(token.text)
        self._expect(")")
        self._depth -= 1
        return node

    def _call(self, function: str) -> Node:
        if function == "missing":
            if self._next.kind != "name" or self._next.text in RESERVED:
                raise self._unexpected("a variable")
            return Missing(Name(self._take().text))
        left = self._operand()
        if function == "len":
            return Length(left)
        self._expect(",")
        right = self._operand()
        self._expect(",")
        if self._next.kind != "string" or self._next.value not in KINDS:
            raise self._unexpected("one of " + ", ".join(f'"{kind}"' for kind in KINDS))
        return EqualNormalized(left, right, self._take().value)

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"Must be nested at most {MAX_DEPTH} levels deep", token.position)
