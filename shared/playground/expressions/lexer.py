"""Lexer: splits an expression into tokens."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

#: Characters of an expression. Typical ones have at most a hundred.
MAX_LENGTH = 1_000
#: Characters of a string literal.
MAX_STRING = 500
#: Characters of a number literal; its value is limited to what JSON readers keep exactly.
MAX_NUMBER = 32
MAX_INTEGER = 2**53 - 1

_TOKENS = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>-?(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?(?!\w))
      | (?P<string>"(?:[^"\\\x00-\x1f]|\\.)*"|'(?:[^'\\\x00-\x1f]|\\.)*')
      | (?P<name>[A-Za-z_]\w*)
      | (?P<mark>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "t": "\t"}
#: Hints for syntax of other languages.
_HINTS = {
    "=": "Compare with ==",
    "&": "Write and",
    "|": "Write or",
    "!": "Write not, or != to compare",
    ".": "Attributes cannot be read: bind the value to a variable",
    '"': "The string is not closed",
    "'": "The string is not closed",
}


class ExpressionError(ValueError):
    """Syntax error of an expression, without a full stop; ``position`` counts from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position})")
        self.message = message
        self.position = position


class Token(NamedTuple):
    """Token of the kind ``number``, ``string``, ``name``, ``mark`` or ``end``."""

    kind: str
    text: str
    position: int
    value: Any = None

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else repr(self.text)


def tokenize(text: str) -> list[Token]:
    """Split a text into tokens, the last of kind ``end``. Raises ``ExpressionError``."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"Must have at most {MAX_LENGTH} characters", MAX_LENGTH)
    return [*_read(text), Token("end", "", len(text))]


def _read(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _TOKENS.match(text, position)
        if match is None:
            character = text[position]
            hint = _HINTS.get(character, f"Unexpected character {character!r}")
            raise ExpressionError(hint, position)
        kind, found = match.lastgroup or "", match.group()
        if kind == "number":
            yield Token(kind, found, position, _number(found, position))
        elif kind == "string":
            yield Token(kind, found, position, _string(found, position))
        elif kind != "space":
            yield Token(kind, found, position)
        position = match.end()


def _number(text: str, position: int) -> int | float:
    if len(text) > MAX_NUMBER or not text.isascii():
        raise ExpressionError(f"A number must have at most {MAX_NUMBER} digits 0 to 9", position)
    if text.lstrip("-").isdigit():
        value = int(text)
        if abs(value) > MAX_INTEGER:
            raise ExpressionError(f"An integer must be at most {MAX_INTEGER}", position)
        return value
    number = float(text)
    if abs(number) == float("inf"):
        raise ExpressionError("The number is too large", position)
    return number


def _string(text: str, position: int) -> str:
    if len(text) - 2 > MAX_STRING:
        raise ExpressionError(f"A string must have at most {MAX_STRING} characters", position)

    def character(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPED:
            start = position + 1 + match.start()
            raise ExpressionError(f"{match[0]} is not an escape sequence", start)
        return _ESCAPED[match[1]]

    return _ESCAPE.sub(character, text[1:-1])
