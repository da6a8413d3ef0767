"""From the text of an expression to its tokens."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

#: Characters of an expression. The longest that people wrote had about a hundred.
MAX_LENGTH = 1_000
#: Characters of a literal text.
MAX_STRING = 500
#: Characters of a literal number; its value is held to what JSON readers keep exactly.
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
#: What other languages write, and what it is called here.
_HINTS = {
    "=": "Compare with ==",
    "&": "Write and",
    "|": "Write or",
    "!": "Write not, or != to compare",
    ".": "Attributes cannot be read: bind the value to a variable",
    '"': "The text is not closed",
    "'": "The text is not closed",
}


class ExpressionError(ValueError):
    """A text that is no expression.

    Attributes
    ----------
    message
        What is wrong, in a sentence without its full stop.
    position
        Where: the index of the character, from 0.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position})")
        self.message = message
        self.position = position


class Token(NamedTuple):
    """A token: its kind (``number``, ``string``, ``name``, ``mark`` or ``end``), text and place."""

    kind: str
    text: str
    position: int
    value: Any = None

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else repr(self.text)


def tokens(text: str) -> list[Token]:
    """Divide a text into tokens, the last of kind ``end``. Raises ``ExpressionError``."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"Longer than {MAX_LENGTH} characters", MAX_LENGTH)
    return [*_read(text), Token("end", "", len(text))]


def _read(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _TOKENS.match(text, position)
        if match is None:
            character = text[position]
            raise ExpressionError(
                _HINTS.get(character, f"{character!r} has no meaning here"), position
            )
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
        raise ExpressionError(f"A number has up to {MAX_NUMBER} characters, 0 to 9", position)
    if text.lstrip("-").isdigit():
        value = int(text)
        if abs(value) > MAX_INTEGER:
            raise ExpressionError(f"A whole number is at most {MAX_INTEGER}", position)
        return value
    number = float(text)
    if abs(number) == float("inf"):
        raise ExpressionError("The number is too large", position)
    return number


def _string(text: str, position: int) -> str:
    if len(text) - 2 > MAX_STRING:
        raise ExpressionError(f"A text has up to {MAX_STRING} characters", position)

    def character(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPED:
            place = position + 1 + match.start()
            raise ExpressionError(f"{match[0]} stands for nothing in a text", place)
        return _ESCAPED[match[1]]

    return _ESCAPE.sub(character, text[1:-1])
