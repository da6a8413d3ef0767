"""Check of a played user's words: numbers, e-mail addresses and ids that nobody gave it."""

import re
from collections.abc import Iterable

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Words with the marks that numbers and ids have inside; the digits of other scripts are text.
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,/:#-]*")
_RUN = re.compile(r"[A-Za-z0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_NO_RUN = re.compile(r"[^A-Za-z0-9]+")
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)$")
_SENTENCE = re.compile(r"(?<=[.!?\u3002\uff1f\uff01])\s+|\n+")
#: Digits that may come from words: "two lamps" are "2 lamps".
_FREE_DIGITS = 1
#: Characters of a part of a longer value, at least: the last digits of a card.
_SHORTEST_PART = 4


class Supported:
    """Values that a user may say: those of its brief and of the conversation."""

    def __init__(self, texts: Iterable[str]) -> None:
        source = "\n".join(texts).casefold()
        self._emails = frozenset(_EMAIL.findall(source))
        runs = {*_RUN.findall(source), *_DIGITS.findall(source)}
        self._runs = runs | {run.lstrip("0") for run in runs}
        self._joined = _NO_RUN.sub("", source)

    def unsupported(self, text: str) -> list[str]:
        """Return the values of a text that are in none of the sources, in their order."""
        found = [one for one in _EMAIL.findall(text) if one.casefold() not in self._emails]
        rest = _EMAIL.sub(" ", text)
        tokens = (one.strip("./:#-,") for one in _TOKEN.findall(rest))
        found += [one for one in tokens if not self._has(one.casefold())]
        return list(dict.fromkeys(found))

    def without_unsupported(self, text: str) -> str:
        """Return a text without the sentences that have such values; "" if none is left."""
        kept = [one for one in _SENTENCE.split(text) if not self.unsupported(one)]
        return " ".join(kept).strip()

    def _has(self, token: str) -> bool:
        if _is_free(token):
            return True
        joined = _NO_RUN.sub("", token)
        if len(joined) >= _SHORTEST_PART and joined in self._joined:
            return True
        runs = (_ORDINAL.sub("", run) for run in _RUN.findall(token))
        return all(_is_free(run) or {run, run.lstrip("0")} & self._runs for run in runs)


def _is_free(text: str) -> bool:
    return sum(map(str.isdigit, text)) <= _FREE_DIGITS
