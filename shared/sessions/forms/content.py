"""Content of a message: a text, or a list of parts."""

from collections.abc import Iterable
from typing import Any

from shared.sessions.content_parts import part_text


def plain_text(content: list[Any]) -> str | None:
    """Return the text of parts that are only text and media; None if one is anything else."""
    texts = [part_text(part) for part in content]
    return None if None in texts else joined([text or "" for text in texts])


def joined(texts: Iterable[str]) -> str:
    """Return texts as one, each on lines of its own."""
    return "\n".join(text for text in texts if text)


class Texts:
    """Texts of one place, compared with those that another place may repeat."""

    def __init__(self, texts: Iterable[str]) -> None:
        lines = [line for text in texts for line in _lines(text)]
        self._lines = set(lines)
        self._text = _framed(lines)
        self._letters = "".join("".join(lines).split())

    def contain(self, text: str) -> bool:
        """Return whether a text is among the lines, or the whole without regard to spaces.

        A part of a line is not enough: "no" is not said in "I know".
        """
        lines = _lines(text)
        if self._lines.issuperset(lines):
            return _framed(lines) in self._text
        return "".join(text.split()) == self._letters


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


def _framed(lines: list[str]) -> str:
    return "".join(f"\n{line}\n" for line in lines)
