"""Replacements: the personal values of a session, as they are called in its draft."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shared.scenarios.redaction.kinds import Kind

#: Replacements of a draft, at most.
MAX_REPLACEMENTS = 500


@dataclass(frozen=True, slots=True)
class Replacement:
    """Personal value of a session, by what stands in its place; the value itself is not here.

    ``pseudonyms`` has one for each notation and part of the value.
    """

    kind: Kind
    placeholder: str | None
    pseudonyms: tuple[str, ...]


@dataclass(slots=True)
class Replacements:
    """Placeholders and pseudonyms by kind and normal form of the value, as they are used."""

    _placeholders: dict[tuple[Kind, str], str] = field(default_factory=dict)
    _pseudonyms: dict[tuple[Kind, str], dict[str, None]] = field(default_factory=dict)

    def add_placeholder(self, kind: Kind, value: str, placeholder: str) -> None:
        self._placeholders[kind, value] = placeholder

    def add_pseudonym(self, kind: Kind, value: str, pseudonym: str) -> None:
        self._pseudonyms.setdefault((kind, value), {})[pseudonym] = None

    def within(self, texts: Sequence[str], invented: Sequence[str]) -> tuple[Replacement, ...]:
        """Return those that are in a draft: in its texts, or where it has invented values."""
        return tuple(self._within("\n".join(texts), "\n".join(invented)))[:MAX_REPLACEMENTS]

    def _within(self, texts: str, invented: str) -> Iterator[Replacement]:
        for kind, value in dict.fromkeys([*self._placeholders, *self._pseudonyms]):
            placeholder = self._placeholders.get((kind, value))
            if placeholder is not None and placeholder not in texts:
                placeholder = None
            used = self._pseudonyms.get((kind, value), ())
            pseudonyms = tuple(one for one in used if one in invented)
            if placeholder or pseudonyms:
                yield Replacement(kind, placeholder, pseudonyms)
