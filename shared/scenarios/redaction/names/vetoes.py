"""Vetoes: what the classifier labels as personal, and rules know not to be.

The classifier alone replaces most order numbers, and products, places and companies with a
person's name.
"""

import re
from collections.abc import Iterable, Sequence

from shared.core.months import month_number
from shared.scenarios.redaction.forms.streets import WORDS as STREET_WORDS
from shared.scenarios.redaction.names.brands import BRANDS, NAMED_BRANDS
from shared.scenarios.redaction.names.people import trie
from shared.scenarios.redaction.names.person_names import NOT_NAMES, PARTICLES, WORD, fold
from shared.scenarios.redaction.names.positions import (
    is_addressed,
    is_english,
    is_of_person,
    is_of_place,
    is_of_thing,
)
from shared.scenarios.text import word_set

#: Probability from which one capitalized word is a given name; from which one of several words
#: makes a name of them, also after a preposition of places; and from which, on average, words do
#: where a person is expected.
_ALONE = 0.98
_TOGETHER = 0.9
_IN_PLACE = 0.97
_SUPPORTED = 0.4
#: Probability from which two words in lower case are a name, in a text without capitals.
_LOWER_CASE = 0.9
#: Letters of a word in capitals that is no code: "HATHAT" is a booking.
_INITIALS = 3
_MONTHS_AND_VERBS = word_set("april may june august will mark bill grant")
#: Words after a name that make it a place, a company or a product.
_THINGS = word_set(
    """
    street avenue road airport hotel station university college hospital clinic inc llc ltd gmbh
    corp restaurant museum airlines airways edition series collection kitchen grill café cafe
    """
)
#: Further ones, which are family names as well: not as the last word of a name.
_THINGS_OR_NAMES = word_set(
    """
    park bank store shop bridge square beach island city county lake river valley pro max plus table
    house bar school center centre day tower hall
    """
)
_WORD_AFTER = re.compile(r"(?:['’]?s)? (?P<word>[^\W\d_a-z][^\W\d_]*)")
#: Characters that join a word to an identifier, an address of mail or the web, or a path.
_JOINED_BEFORE = frozenset("@_/\\#=$~&.")
_JOINED_AFTER = re.compile(r"[@_/\\=~]|[.:]\w|\(|-?\d")
#: Words with a number that are no street.
NOT_STREETS = word_set(
    """
    size sizes gate seat seats room row terminal platform track model version chapter page flight
    train bus order ticket table number item box lot pack set step part level zone unit units
    größe gleis sitz zimmer modell taille place chambre quai siège talla asiento habitación puerta
    taglia posto camera binario tamanho assento portão quarto maat stoel kamer rozmiar miejsce peron
    размер место номер beden numara koltuk
    """
)
#: Name before a number: no address in English, and a date or a quantity in any language.
_NAME_FIRST = re.compile(r"(?:[^\W\d_]+[ .]{1,2}){1,3}\d+")
_STREET_WORD = re.compile(rf"\b{STREET_WORDS}\b", re.IGNORECASE)
#: Decimal number, or one with a unit after it: "1.4", "642,75 TL".
_QUANTITY = re.compile(r"\d[.,]\d{1,2}(?!\d)|^[\d., ]+$")
_MAX_PHRASES = 2_000


def is_thing_with_number(text: str, start: int, end: int) -> bool:
    """Check whether a span that the classifier takes for an address is something else."""
    if _QUANTITY.search(text, start, min(end + 3, len(text))):
        return True
    if not _NAME_FIRST.fullmatch(text, start, end):
        return False
    words = WORD.findall(text, start, end)
    if month_number(words[-1].lower()):
        return True
    return is_english(text) and _STREET_WORD.search(text, start, end) is None


class Vetoes:
    """Vetoes of one session."""

    def __init__(self, things: Iterable[str], own: Iterable[str]) -> None:
        """Index the values of fields that name no person, and the agent's and tools' words."""
        phrases = sorted({fold(one) for one in things if one.strip()})[:_MAX_PHRASES]
        self._things = re.compile(rf"(?<!\w){trie([*NAMED_BRANDS, *phrases])}(?!\w)", re.IGNORECASE)
        self._last: tuple[str, list[tuple[int, int]]] = ("", [])
        self._own = {fold(word) for text in own for word in WORD.findall(text.replace("_", " "))}

    def spans_of_things(self, text: str) -> list[tuple[int, int]]:
        """Return where a text names a product, a place or another thing of the tools."""
        if self._last[0] != text:  # it is asked for every name in a text
            self._last = text, [found.span() for found in self._things.finditer(text)]
        return self._last[1]

    def is_name(
        self,
        text: str,
        start: int,
        end: int,
        scores: Sequence[float],
        *,
        given: bool,
        listed: bool = False,
    ) -> bool:
        """Check whether the words of a span, with their probabilities, can name a person.

        ``given`` tells whether the classifier takes one of them for a given name, and ``listed``
        whether another name precedes them in a list.
        """
        words = [word for word in WORD.findall(text, start, end) if fold(word) not in PARTICLES]
        lower = {fold(word) for word in words}
        if lower <= NOT_NAMES | self._own or self._is_thing(text, start, end):
            return False
        if not any(word[0].isupper() for word in words):
            return min(scores) >= _LOWER_CASE and len(words) > 1 and text == text.lower()
        branded = lower <= BRANDS | _MONTHS_AND_VERBS
        if len(words) > 1:
            expected = listed or is_of_person(text, start, end)
            return not branded and _are_name(
                text, start, end, scores, given=given, expected=expected
            )
        if is_addressed(text, start):
            return scores[0] >= _SUPPORTED
        code = words[0].isupper() and len(words[0]) > _INITIALS and not text.isupper()
        place = is_of_place(text, start, end) or is_of_thing(text, start, end)
        return given and min(scores) >= _ALONE and not (branded or code or place)

    def _is_thing(self, text: str, start: int, end: int) -> bool:
        """Check whether a span is of an identifier, a place, a product or another thing."""
        joined = start > 0 and text[start - 1] in _JOINED_BEFORE
        after = _WORD_AFTER.match(text, end)
        if joined or _JOINED_AFTER.match(text, end) or _is_code(text, start, end):
            return True
        if after and fold(after["word"]) in _THINGS | _THINGS_OR_NAMES:
            return True
        if fold(text[start:end].rsplit(maxsplit=1)[-1]) in _THINGS:
            return True
        return any(
            (begin <= start and end <= last)
            or (" " in text[begin:last] and begin < end and start < last)
            for begin, last in self.spans_of_things(text)
        )


def _are_name(
    text: str, start: int, end: int, scores: Sequence[float], *, given: bool, expected: bool
) -> bool:
    """Check whether several words are a name by their probabilities and their position."""
    score = sum(scores) / len(scores)
    if expected:
        return score >= _SUPPORTED
    if is_of_thing(text, start, end):
        return False
    if is_of_place(text, start, end):
        return score >= _IN_PLACE
    return score >= _TOGETHER or (given and max(scores) >= _TOGETHER)


def _is_code(text: str, start: int, end: int) -> bool:
    last = text[start:end].rsplit(maxsplit=1)[-1]
    return last.isupper() and len(last) <= _INITIALS and text[end : end + 2].strip().isdigit()
