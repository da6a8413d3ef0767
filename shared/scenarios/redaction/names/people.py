"""People of a session: their names, and mentions of them in a text."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from shared.scenarios.redaction.kinds import Kind, Span, normalize
from shared.scenarios.redaction.names.person_names import PARTICLES, TITLES, WORD, fold
from shared.scenarios.redaction.names.unspaced_names import HONORIFIC, split_name
from shared.scenarios.text import word_set

#: Names that are also common words: mentions only in the context of a name.
_FUNCTION = word_set(
    "an so do my in on at as is i a to me no city way west east north south mission major"
)
#: Names that are also verbs or months: mentions where neither can occur.
_VERBS = word_set("will may can")
_MONTHS = word_set("may april june august")
#: Names that are also other words at the start of a sentence.
_WEAK = (
    _FUNCTION
    | _VERBS
    | _MONTHS
    | word_set(
        """
        mark bill grant price page day long best rich case chase art summer hope faith joy grace
        love max sun guy frank miles van dean chance sky
        """
    )
)
#: Names that are also words: in lower case they are the words.
_WORDS_TOO = _WEAK | word_set(
    """
    brown green black white gray grey young king wood woods hill baker cook carter mason hunter
    fisher rose ivy lily daisy amber ruby crystal iris violet robin jack rob pat sue drew ray
    dawn eve stone banks bush reed marsh park parks lane field bell ball cash gold silver hall
    stern sharp short little small power rice fox wolf bird bear lamb lee son song min sang hope
    angel harper taylor tanner miller smith porter potter butler sawyer turner walker weaver
    cruz can ali ban dong jay kit ken dale glen cliff heath rocky rusty sandy stormy melody harmony
    """
)
_ADDRESSED = re.compile(
    r"(?:\b(?:hi|hello|hey|dear|thanks|thank you|sorry|mr|mrs|ms|miss|dr|named?|called|name is"
    r"|passenger|customer|friend|i'm|i am|this is)[,.:]?)\s+$",
    re.IGNORECASE,
)
_DATE_BEFORE = re.compile(r"(?:\d(?:st|nd|rd|th)?|\b(?:in|on|of|by|until|till|for))[ ,]+$", re.I)
_DATE_AFTER = re.compile(r"[ ,]+\d")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\"\u201c(])\s*$")
_NAME_END = re.compile(r"\s*(?:[,.!?;)\"\u201d]|-|$|(?:is|was|has|and|here|wants|needs)\b|'s\b)")
_PARTICLE = rf"(?:[^\W\d_]\.|{'|'.join(sorted(PARTICLES, key=len, reverse=True))})"
_BETWEEN = re.compile(rf"[ \t\u00a0]{{1,3}}(?:{_PARTICLE} ){{0,3}}|[-\u2010]", re.IGNORECASE)
_PARTICLES_BEFORE = re.compile(rf"(?<!\w)(?:{_PARTICLE} ){{1,3}}$", re.IGNORECASE)
#: Words with digits or marks in them: "mia_li_3668", "mia.li".
_IDENTIFIER = re.compile(r"(?<!\w)(?=[^\W\d_]*[\d._-]\w|\d+[^\W\d_])[^\W_](?:[\w.-]*\w)?")
_JOINED = re.compile(r"[@._]\w")
#: Name parts that are searched for; a larger list is data, not people of the session.
_MAX_PARTS = 4_000
_MAX_WORD = 40
#: Letters of a half of a double name that is recognized alone.
_SHORTEST_PART = 3
_POSSESSIVE = re.compile(r"['\u2019]s$")
#: Characters before a name that are examined.
_BEFORE = 24
_MAX_NAMESAKES = 50
#: Scripts without spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


class People:
    """People named in a session. A person can be mentioned by full name or a part of it."""

    def __init__(self, names: Iterable[str], places: Iterable[str]) -> None:
        """Index names in the order of the session, and the names of places."""
        self._places = {word for place in places for word in _words(place)}
        self._full: dict[tuple[str, ...], str] = {}
        self._part: dict[str, str] = {}
        #: Parts that a particle precedes in a full name: "van den Bosch".
        self._prefixed: set[str] = set()
        #: Family names of one character, which are recognized before an honorific only.
        self._short: dict[str, str] = {}
        #: Full names by each of their parts.
        self._namesakes: dict[str, list[tuple[str, ...]]] = {}
        self._family: set[str] = set()
        self._joined: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self.add(names)

    def add(self, names: Iterable[str]) -> None:
        """Index further names."""
        unique = dict.fromkeys(tuple(_words(name)) for name in names)
        # Full names first: an earlier part belongs to the full name.
        for words in sorted(unique, key=lambda words: len(words) < 2):
            self._add(words)
        self._pattern = self._compile()

    def _compile(self) -> re.Pattern[str] | None:
        parts = sorted(self._part, key=len, reverse=True)
        patterns = [_any_word(parts)] if parts else []
        if self._short:
            patterns.append(f"[{''.join(self._short)}](?={HONORIFIC})")
        return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def _add(self, words: tuple[str, ...]) -> None:
        self._prefixed.update(
            word
            for before, word in pairwise(words)
            if before in PARTICLES and word not in PARTICLES
        )
        words = tuple(word for word in words if _is_part(word))
        if not words or len(self._part) >= _MAX_PARTS:
            return
        known = self._part.get(words[0]) if len(words) == 1 else None
        person = known or " ".join(words)
        self._full.setdefault(words, person)
        for word in words:
            for part in _parts(word):
                self._part.setdefault(part, person)
                self._namesakes.setdefault(part, []).append(words)
            if _UNSPACED.match(word) and len(family := split_name(word)[0]) == 1:
                self._short.setdefault(family, person)
        if len(words) > 1 and all(map(_UNSPACED.match, words)):
            # Also without a space, and with the family name first.
            for spelling in (words, words[::-1]):
                for gap in ("", " ", "\u3000"):
                    self._part.setdefault(gap.join(spelling), person)
        if len(words) > 1:
            self._family.add(words[-1])
            self._joined.setdefault(words[0] + words[-1], person)
            self._joined.setdefault(words[-1] + words[0], person)

    @property
    def known_names(self) -> int:
        """Number of known names."""
        return len(self._full)

    def is_family_name(self, word: str) -> bool:
        return fold(word) in self._family

    def is_name_part(self, word: str) -> bool:
        """Check whether a word is part of a known name."""
        return fold(word) in self._part

    def resolve(self, name: str) -> str:
        """Return the person with this name, or part of a name."""
        words = tuple(word for word in _words(name) if _is_part(word)) or (fold(name),)
        if words in self._full:
            return self._full[words]
        known = [self._part[word] for word in words if word in self._part]
        known += [self._short[word] for word in words if word in self._short]
        first = self._namesakes.get(words[0], [])[:_MAX_NAMESAKES] if len(words) > 1 else []
        full = next((name for name in first if set(words) <= set(name)), None)
        if full is not None:
            return self._full[full]
        return known[0] if known else " ".join(words)

    def _find_in_identifier(self, token: str) -> str | None:
        """Return the person whose first and last name an identifier contains."""
        letters = [run.lower() for run in re.findall(r"[^\W\d_]+", token)]
        for first in range(len(letters)):
            for last in range(first + 1, min(first + 3, len(letters)) + 1):
                if person := self._joined.get("".join(letters[first:last])):
                    return person
        return None

    def find_spans(self, text: str) -> Iterator[Span]:
        """Find the mentions of people in a text, and the identifiers with their names."""
        if self._pattern is None:
            return
        for token in _IDENTIFIER.finditer(text) if self._joined else ():
            if self._find_in_identifier(token[0]):
                yield Span(*token.span(), Kind.USER_ID, normalize(Kind.USER_ID, token[0]))
        parts = list(self._pattern.finditer(text))
        index = 0
        while index < len(parts):
            last = index
            while last + 1 < len(parts) and self._continues(text, parts[last], parts[last + 1]):
                last += 1
            start, end = parts[index].start(), parts[last].end()
            if self._is_mention(text, start, end, [part[0] for part in parts[index : last + 1]]):
                if fold(parts[index][0]) in self._prefixed:
                    before = _PARTICLES_BEFORE.search(text, max(0, start - _BEFORE), start)
                    start = before.start() if before else start
                yield Span(start, end, Kind.NAME, self.resolve(text[start:end]))
            index = last + 1

    def _continues(self, text: str, part: re.Match[str], following: re.Match[str]) -> bool:
        """Check whether two parts are of one mention: "Benjamin Green", or "Green, Benjamin"."""
        start, end = part.end(), following.start()
        if text[start:end] == ", ":
            family, given = fold(part[0]), fold(following[0])
            named = following[0][0].isupper() and not _JOINED.match(text, following.end())
            return named and (given, family) in self._full
        return _BETWEEN.fullmatch(text, start, end) is not None

    def _is_mention(self, text: str, start: int, end: int, words: list[str]) -> bool:
        capital = all(not word[0].islower() for word in words)
        lower = [fold(word) for word in words]
        strong = any(word not in _WEAK and word not in self._places for word in lower)
        if len(words) > 1:
            return strong or capital
        if not capital:
            return strong and len(words[0]) > 2 and lower[0] not in _WORDS_TOO
        if strong or _ADDRESSED.search(text, max(0, start - _BEFORE), start):
            return True
        return lower[0] not in self._places and _is_no_word(lower[0], text, start, end)


def _is_no_word(word: str, text: str, start: int, end: int) -> bool:
    """Check whether a capitalized name that is also a word can only be the name here."""
    before = text[max(0, start - _BEFORE) : start]
    if word in _MONTHS and (_DATE_BEFORE.search(before) or _DATE_AFTER.match(text, end)):
        return False
    if word in _VERBS:
        return _SENTENCE_START.search(before) is None or _NAME_END.match(text, end) is not None
    return word not in _FUNCTION


def _words(name: str) -> list[str]:
    return [_POSSESSIVE.sub("", fold(word))[:_MAX_WORD] for word in WORD.findall(name)]


def _is_part(word: str) -> bool:
    return word not in PARTICLES | TITLES and (len(word) > 1 or _UNSPACED.match(word) is not None)


def _parts(word: str) -> list[str]:
    """Return a word of a name and the parts by which it is mentioned as well."""
    if _UNSPACED.match(word):
        return [part for part in (word, *split_name(word)) if len(part) > 1]
    double = word.split("-")
    return [word, *(part for part in double if len(double) > 1 and len(part) >= _SHORTEST_PART)]


def _any_word(words: list[str]) -> str:
    """Return the pattern of any of these words."""
    unspaced = [word for word in words if _UNSPACED.search(word)]
    spaced = [word for word in words if not _UNSPACED.search(word)]
    patterns = [re.escape(word) for word in unspaced]
    if spaced:
        patterns.append(rf"(?<!\w){trie(spaced)}(?!\w)")
    return "|".join(patterns)


def trie(words: list[str]) -> str:
    """Return a pattern of words as a trie: its matching time hardly depends on their number."""
    by_letter: dict[str, list[str]] = {}
    for word in words:
        if word:
            by_letter.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(letter) + trie(rest) for letter, rest in sorted(by_letter.items())]
    inner = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else ""
    return f"(?:{inner})?" if inner and "" in words else inner
