"""Reader: personal data that the classifier finds in a text and no rule vetoes."""

import re
from collections.abc import Iterator, Sequence

from shared.scenarios.redaction.classifier import Classifier, Entity
from shared.scenarios.redaction.kinds import Kind, Span, normalize
from shared.scenarios.redaction.names.answered_names import names_in_answer, with_capitals
from shared.scenarios.redaction.names.latin import in_latin
from shared.scenarios.redaction.names.person_names import (
    IN_NAME,
    PARTICLES,
    TITLES,
    WORD,
    fold,
    name_at,
)
from shared.scenarios.redaction.names.positions import is_of_person, is_of_thing
from shared.scenarios.redaction.names.vetoes import NOT_STREETS, Vetoes, is_thing_with_number

_NAMES = frozenset({"GIVEN_NAME", "SURNAME"})
_NUMBERS = frozenset({"BUILDING_NUMBER", "ZIP_CODE"})
_STREETS = frozenset({"STREET_NAME", "SECONDARY_ADDRESS"})
_PLACES = frozenset({"CITY", "STATE"})
_ADDRESS = _NUMBERS | _STREETS | _PLACES
#: Digit of a number; "HAT229" is a flight.
_DIGIT = re.compile(r"(?<![^\W_])\d")
#: Text between two parts of a name, and of an address.
_IN_ADDRESS = re.compile(r"[\s,.#/\u2116-]{0,4}(?:(?:[^\W\d_]{1,4}\.|No|Nr)[\s,.]{0,2}){0,2}")
#: Text between two names of a list.
_IN_LIST = re.compile(
    r"(?: ?[<(][\w.@+-]+[>)])?[,;/&]?(?: (?:and|und|et|y|e|en|i|и|ve|plus|sowie|&)(?: an?)?)? "
)
_CAPITAL = re.compile(r"[^\W\d_a-zß-ÿ]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\"“”(])\s*$")
#: Probability of a name among words that are classified by themselves.
_LOOK = 0.5
_PLAIN = "Hi, I am "
#: Characters of an answer that names a person.
_MAX_ANSWER = 80
#: Runs of capitalized words that are classified by themselves: 3 ms each.
_MAX_LOOKS = 200
#: Probability from which a place with a house number is a street.
_HOUSE = 0.8
#: Letters of a code: "BA 2490" is a flight.
_CODE = 2


class Reader:
    """Reads texts with the classifier."""

    def __init__(self, classify: Classifier, vetoes: Vetoes) -> None:
        self._classify = classify
        self._vetoes = vetoes
        self._looks: dict[str, list[Entity]] = {}

    def read(self, text: str) -> list[Span]:
        """Find the names and addresses in a text, in order."""
        entities = _classify(self._classify, text)
        return sorted([*self._names(text, entities), *_addresses(text, entities)])

    def read_answer(self, text: str) -> list[tuple[int, int]]:
        """Find the names in an answer to the question for a name, whatever its case."""
        titled = with_capitals(text)
        found = _classify(self._classify, f"{_PLAIN}{titled}.") if len(text) <= _MAX_ANSWER else []
        by = len(_PLAIN)
        hits = [
            Entity(one.start - by, one.end - by, one.label, one.score)
            for one in found
            if one.label in _NAMES and one.score >= _LOOK and by <= one.start
        ]
        groups = [(group[0].start, group[-1].end) for group in _groups(titled, hits, IN_NAME)]
        return names_in_answer(text, groups) if len(text) <= _MAX_ANSWER else []

    def _names(self, text: str, entities: Sequence[Entity]) -> Iterator[Span]:
        hits = [entity for entity in entities if entity.label in _NAMES]
        accepted = None  # end of the last name
        for start, written_end in _written_names(text):
            inside = [one for one in hits if start < one.end and one.start < written_end]
            # "Carole May": the classifier knows where a common word is part of a name.
            capitals = [word.end() for one in inside for word in _capitals(text, one)]
            end = max([written_end, *capitals])
            listed = accepted is not None and _IN_LIST.fullmatch(text, accepted, start) is not None
            if span := self._name_in(text, start, end, inside, listed=listed):
                accepted = span[1]
                yield Span(*span, Kind.NAME, normalize(Kind.NAME, text[slice(*span)]))
        for group in _groups(text, hits, IN_NAME):  # in lower case
            start, end = group[0].start, group[-1].end
            scores = [one.score for one in group]
            capital = _CAPITAL.search(text, start, end)
            if not capital and self._vetoes.is_name(text, start, end, scores, given=True):
                yield Span(start, end, Kind.NAME, normalize(Kind.NAME, text[start:end]))

    def _name_in(
        self, text: str, start: int, end: int, inside: list[Entity], *, listed: bool
    ) -> tuple[int, int] | None:
        """Return the part of some capitalized words that is a name, if any is."""
        words = _words(text, start, end)
        scores = self._look_at(text, words, inside)
        if len(words) > 1 and not scores[0] and _starts_sentence(text, start):
            # "Call Mia Li": the first word has its capital letter from the sentence.
            words = words[1:]
            scores = self._look_at(text, words, inside)
        first = start if words[0][0] < _words(text, start, end)[0][1] else words[0][0]
        given = any(one.label == "GIVEN_NAME" for one in inside)
        if self._vetoes.is_name(text, first, end, scores, given=given, listed=listed):
            return first, end
        if not inside or is_of_thing(text, start, end):
            return None
        # "Lampe Rosa": of several capitalized words only some are a name.
        first, last = max(inside[0].start, start), min(inside[-1].end, end)
        scores = [max(one.score for one in inside)]
        named = self._vetoes.is_name(text, first, last, scores, given=given)
        return (first, last) if named else None

    def _look_at(
        self, text: str, words: list[tuple[int, int]], inside: list[Entity]
    ) -> list[float]:
        """Return the probability of each word to be part of a name.

        The classifier knows many a name only by itself, or in a plain sentence. The latter makes
        names of other words, too: it counts only where a person is expected.
        """
        scores = _scores(inside, words)
        if len(words) == 1 or all(scores):
            return scores
        start, end = words[0][0], words[-1][1]
        if is_of_thing(text, start, end):
            return scores
        scores = self._classify_again(text[start:end], "", words, scores, start)
        if not any(scores) and is_of_person(text, start, end):
            return self._classify_again(text[start:end], _PLAIN, words, scores, start)
        return scores

    def _classify_again(
        self, name: str, lead: str, words: list[tuple[int, int]], scores: list[float], start: int
    ) -> list[float]:
        sentence = f"{lead}{name}." if lead else name
        if sentence not in self._looks:
            if len(self._looks) >= _MAX_LOOKS:
                return scores
            found = [one for one in _classify(self._classify, sentence) if one.start >= len(lead)]
            sure = all(one.label in _NAMES and one.score >= _LOOK for one in found)
            self._looks[sentence] = found if sure else []
        by = start - len(lead)
        moved = [
            Entity(one.start + by, one.end + by, one.label, one.score)
            for one in self._looks[sentence]
        ]
        return [max(pair) for pair in zip(scores, _scores(moved, words), strict=True)]


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the words of a name without its particles."""
    words = list(WORD.finditer(text, start, end))
    return [word.span() for word in words if fold(word[0]) not in PARTICLES] or [words[0].span()]


def _written_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the runs of capitalized words that are not known as common words."""
    end = 0
    for word in WORD.finditer(text):
        if word.start() >= end and (word[0][0].isupper() or fold(word[0]) in PARTICLES):
            span = name_at(text, word.start())
            if (span and text[span[0]].isupper()) or (span and fold(word[0]) in PARTICLES):
                yield span
                end = span[1]


def _capitals(text: str, entity: Entity) -> list[re.Match[str]]:
    words = WORD.finditer(text, entity.start, entity.end)
    return [word for word in words if word[0][0].isupper() and fold(word[0]) not in TITLES]


def _scores(entities: Sequence[Entity], words: Sequence[tuple[int, int]]) -> list[float]:
    """Return the probability of each word to be part of a name."""
    return [
        max([one.score for one in entities if one.start < end and start < one.end], default=0)
        for start, end in words
    ]


def _starts_sentence(text: str, start: int) -> bool:
    return _SENTENCE_START.search(text[max(0, start - 3) : start]) is not None


def _classify(classify: Classifier, text: str) -> list[Entity]:
    """Classify a text in Latin letters: the model knows names in no others."""
    letters = in_latin(text)
    if letters is None:
        return classify([text])[0]
    origin = [index for index, latin in enumerate(letters) for _ in latin]
    return [
        Entity(origin[one.start], origin[one.end - 1] + 1, one.label, one.score)
        for one in classify(["".join(letters)])[0]
    ]


def _groups(text: str, entities: Sequence[Entity], gap: re.Pattern[str]) -> Iterator[list[Entity]]:
    """Group the entities between which there is only a gap."""
    group: list[Entity] = []
    for entity in entities:
        if (
            group
            and not gap.fullmatch(text, group[-1].end, entity.start)
            and entity.start > group[-1].end
        ):
            yield group
            group = []
        group.append(entity)
    if group:
        yield group


def _addresses(text: str, entities: Sequence[Entity]) -> Iterator[Span]:
    for group in _groups(text, [e for e in entities if e.label in _ADDRESS], _IN_ADDRESS):
        yield from _address(text, group)


def _address(text: str, group: list[Entity]) -> Iterator[Span]:
    """Yield the street with its number, and the postal code after it; the city stays."""
    numbers = [one for one in group if one.label in _NUMBERS and _has_digit(text, one)]
    streets = [one for one in group if one.label in _STREETS] or _unlabeled_streets(group)
    if not _names_street(text, streets) or not (
        numbers or any(_has_digit(text, s) for s in streets)
    ):
        return
    codes = [one for one in numbers if one.label == "ZIP_CODE" and one.start > streets[-1].start]
    if len(codes) == len(numbers):  # a house number that the classifier takes for a postal code
        codes = codes[1:]
    parts = [*streets, *(one for one in numbers if one not in codes)]
    start, end = min(one.start for one in parts), max(one.end for one in parts)
    if is_thing_with_number(text, start, end):
        return
    codes = [one for one in codes if one.start >= end]
    yield Span(start, end, Kind.ADDRESS, normalize(Kind.ADDRESS, text[start:end]))
    for one in codes:
        code = text[one.start : one.end]
        yield Span(one.start, one.end, Kind.POSTAL_CODE, normalize(Kind.POSTAL_CODE, code))


def _has_digit(text: str, entity: Entity) -> bool:
    return _DIGIT.search(text, entity.start, entity.end) is not None


def _unlabeled_streets(group: list[Entity]) -> list[Entity]:
    """Return the streets that the classifier takes for a city, beside a house number."""
    return [
        one
        for before, one, after in zip([None, *group], group, [*group[1:], None], strict=False)
        if one.label in _PLACES
        and any(
            other and other.label == "BUILDING_NUMBER" and other.score >= _HOUSE
            for other in (before, after)
        )
    ]


def _names_street(text: str, streets: list[Entity]) -> bool:
    words = [word for one in streets for word in WORD.findall(text, one.start, one.end)]
    return any(
        len(word) > _CODE and not word[0].islower() and fold(word) not in NOT_STREETS
        for word in words
    )
