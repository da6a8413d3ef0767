"""Utterances: the sentences of the user that say something, without the courtesies around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile

from shared.scenarios.drafting.languages import CHANGE, COURTESY, FILLER, HESITATION, THANKS
from shared.scenarios.text import clean, collapse_spaces, split_sentences

_I = re.IGNORECASE
#: Marks of Indic vowels are letters, too.
_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff])+(?:'[^\W_]+)?")
DIGIT = re.compile(r"\d")
PLACEHOLDER = re.compile(r"<[A-Z_]{2,20}_\d+>")
#: First letter of scripts that are compared by pairs of letters, for want of spaces.
_UNSPACED = "\u2e80"
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
#: Block that a harness adds, with its content; of other blocks only the tags are removed.
_BLOCK = re.compile(
    r"<(?P<tag>instructions?|system\w{0,20}|environment\w{0,20}|uploaded_files|important|rules"
    r"|tools?|format)>.*?(?:</(?P=tag)>|\Z)",
    _I | re.DOTALL,
)
_TAG = re.compile(r"</?[a-z][\w-]{0,40}>")
#: Heading of a section; one of instructions to the assistant ends at the next.
_HEADING = re.compile(
    r"[ \t]{0,8}(?:(?:#{1,6} |\*\*)[^\n]{1,60}$|[A-Z][A-Z _-]{2,30}:|[A-Z][a-z ]{2,30}:$)"
)
_RULES = re.compile(
    r"\b(?:instructions?|important|notes?|rules|guidelines|tools?|format|system|hints?|tips"
    r"|reminders?|constraints?|environment)\b",
    _I,
)
_LABEL = re.compile(r"(?:#{1,6} |[A-Z]{3,20}: )")
#: Roles and orders for the assistant, and questions about itself.
_ROLE = re.compile(
    r"(?:you are an? |you (?:can use|have access to) |your (?:task|job|role) is |think step by "
    r"|ignore (?:all|any|previous) |respond (?:in|with|only) |how are you\b"
    r"|how(?:'s| is| was) your (?:day|weekend|morning)|what's the weather like where you "
    r"|are you (?:an? )?(?:ro)?(?:bot|human|real))",
    _I,
)
_ASIDE = re.compile(
    r",?(?<!do)(?<!if)(?<!let)(?<!as) (?:you know(?: what i mean)?|i mean|y'know)(?=[,.!?]|$)", _I
)
#: Start of a clause.
CLAUSE = re.compile(
    r"(?<=[,;\uff0c\u3001])\s*|(?<!\s)\s+(?=(?:and|und|y|et|en|oraz|dan|ve|и)\s(?![A-Z<]))"
)
_SEGMENT = re.compile(r"(?<=[,;\u2014\uff0c\u3001])\s*|(?<= - )")
_PLAIN = re.compile(r"[^\W\d_]+(?![\w(=]|\.\w)")
_JOINED = re.compile(r"(?<=[\uff0c\u3001]) ")
_END_MARKS = ".!?\u2026\u0964\u3002\uff01\uff1f\u061f"
#: Words of an answer to a question that names its subject: "Seattle", "7 pm".
_ANSWER = 3


@dataclass(frozen=True, slots=True)
class Utterance:
    """Sentence of the user.

    ``words`` are the stems of its content words, ``turn`` the number of its message. An
    ``answer`` is the whole message, too short to be understood without the question.
    ``chatty`` is a remark in a message that begins with a courtesy.
    """

    text: str
    words: frozenset[str]
    turn: int
    changes: bool = False
    answer: bool = False
    chatty: bool = False

    @property
    def asks(self) -> bool:
        return self.text.endswith(("?", "\uff1f", "\u061f"))

    @property
    def counts(self) -> bool:
        """Presence of a number, such as a date, an amount or an order number."""
        return any(map(DIGIT.search, self.words))


def extract_utterances(message: str, turn: int, *, answers: bool = False) -> list[Utterance]:
    """Return the sentences of a message; ``answers`` if it follows a question."""
    text = _BLOCK.sub("\n", _CODE.sub("\n", clean(message)))
    sentences = split_sentences("\n".join(_without_rules(_TAG.sub("\n", text).split("\n"))))
    found = []
    for sentence in sentences:
        bare = strip_courtesies(sentence)
        if bare and not _ROLE.match(bare):
            found.append(Utterance(bare, content_words(bare), turn, bool(CHANGE.search(bare))))
    if len(sentences) > len(found):
        found = [replace(one, chatty=not (one.asks or one.counts)) for one in found]
    if answers and len(found) == 1 and not (found[0].asks or found[0].changes):
        return [replace(found[0], answer=_length(found[0].text) <= _ANSWER)]
    return found


def strip_courtesies(sentence: str) -> str:
    """Return a sentence without greeting, fillers and thanks; "" if nothing is left."""
    text = _LABEL.sub("", collapse_spaces(sentence), count=1)
    text = _ASIDE.sub("", HESITATION.sub(" ", text)).strip()
    end = text[-1:] if text[-1:] in _END_MARKS else ""
    parts = _SEGMENT.split(text)
    parts = list(dropwhile(_says_nothing, parts))[::-1]
    parts = list(dropwhile(_says_nothing, parts))[::-1]
    text = _JOINED.sub("", collapse_spaces(" ".join(parts)))
    while (filler := FILLER.match(text)) and filler.end():
        text = text[filler.end() :]
    text = text.strip(" ,;\uff0c\u3001-\u2014")
    if _says_nothing(text):
        return ""
    if text[-1] not in f"{_END_MARKS}:":
        text += end or ("\u3002" if text[-1] >= _UNSPACED else ".")
    return capitalize(text)


def capitalize(text: str) -> str:
    """Return a text with a capital letter, unless it begins with a name of code."""
    return text[:1].upper() + text[1:] if _PLAIN.match(text) else text


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry the meaning of a text."""
    stems: set[str] = set()
    for word in _WORD.findall(PLACEHOLDER.sub(" ", text).lower()):
        if word[0] >= _UNSPACED:
            stems.update(word[n : n + 2] for n in range(max(1, len(word) - 1)))
        elif DIGIT.search(word):
            stems.add(word)
        elif len(word) > 2 and word not in COURTESY:
            stems.add(word[:6])
    return frozenset(stems)


def _without_rules(lines: list[str]) -> Iterator[str]:
    """Yield the lines outside sections of instructions."""
    is_rule = False
    for line in lines:
        if heading := _HEADING.match(line):
            is_rule = _RULES.search(heading[0]) is not None
        if not is_rule:
            yield line


def _says_nothing(text: str) -> bool:
    return bool(THANKS.match(text)) or all(w in COURTESY for w in _WORD.findall(text.lower()))


def _length(text: str) -> int:
    """Return the number of words; five letters without spaces count as three."""
    return len(text) // 2 if text[0] >= _UNSPACED else text.count(" ") + 1
