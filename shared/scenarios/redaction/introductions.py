"""Names that a conversation gives away: people introduce themselves, and tell of others."""

import re
from collections.abc import Iterator

from shared.scenarios.text import any_of, word_set

_I = re.IGNORECASE
#: A word with a capital; never "I".
_CAP = (
    r"(?-i:(?!I\b|I')[A-Z\u00c0-\u00d6\u00d8-\u00de\u0386-\u03ab\u0400-\u042f][^\W\d_]*"
    r"(?:['\u2019-][^\W\d_]+)*)"
)
_NEXT = (
    r"[ \u00a0](?:(?-i:[A-Z])\. )?(?:(?:van|von|de|der|den|del|di|da|la|al|el|bin) ){0,2}" + _CAP
)
_CAPS = f"{_CAP}(?:{_NEXT}){{0,3}}"
_FULL = f"{_CAP}(?:{_NEXT}){{1,3}}"
_ANY = r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*(?: [^\W\d_]+(?:['\u2019-][^\W\d_]+)*){0,2}"
_OTHERS = any_of(
    "passengers?", "friends?", "husband", "wife", "son", "daughter", "brother", "sister",
    "mother", "father", "mom", "mum", "dad", "partner", "colleague", "co-?worker", "boss",
    "girlfriend", "boyfriend", "fianc[e\u00e9]e?", "cousin", "uncle", "aunt", "niece", "nephew",
    "roommate", "neighbou?r", "kid", "child", "baby", "travell?er", "guest", "companion",
    "assistant", "manager", "grandmother", "grandfather", "grandson", "granddaughter",
)  # fmt: skip
#: Said by the user, in small letters as well.
_INTRODUCED = re.compile(
    any_of(
        r"\bmy (?:full |legal |whole )?name(?:'s| is|:)(?: is)? ",
        r"\bcall me ",
        r"\bme llamo ",
        r"\bmi nombre es ",
        r"\bje m'appelle ",
        r"\bmon nom est ",
        r"\bich hei(?:\u00df|ss)e ",
        r"\bmein name ist ",
        r"\bmi chiamo ",
        r"\bmeu nome \u00e9 ",
        r"\bik heet ",
        r"\u043c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442 ",
        r"\u0627\u0633\u0645\u064a ",
        r"\u05e9\u05de\u05d9 ",
    )
    + rf"(?P<name>{_ANY})",
    _I,
)
#: In Chinese a name has two to four characters, and no space behind it.
_INTRODUCED_UNSPACED = re.compile(
    "(?:\u6211\u53eb|\u6211\u7684\u540d\u5b57\u662f|\u6211\u7684\u59d3\u540d\u662f)"
    "(?P<name>[\u4e00-\u9fff]{2,4}?)(?=[\u3002\uff0c,.!\uff01\\s\u548c\u6211]|$)"
)
_BELONGS = "(?:my|our|his|her|their|the|another|a|whose|this|that)"
_TITLE = r"\b(?:mr|mrs|ms|miss|dr|prof)\.? "
#: Said by anybody, with capitals.
_NAMED = [
    re.compile(pattern, _I)
    for pattern in (
        (
            rf"\b(?:first|last|given|family|sur)[ -]?name[*_]{{0,2}}(?:'s| is|:)[*_ ]{{1,4}}"
            rf"(?P<name>{_CAP})"
        ),
        (
            r"\b(?:full|passenger|customer|guest|contact|cardholder) names?"
            rf"[*_]{{0,2}}(?: is|:)[*_ ]{{1,4}}(?P<name>{_CAPS})"
        ),
        rf"(?:^|\n)[\W_]{{0,6}}name[*_]{{0,2}}:[*_ ]{{1,4}}(?P<name>{_FULL})",
        (
            rf"\b(?:passenger|customer|guest|traveler|patient)s?[*_]{{0,2}}:[*_ ]{{1,4}}"
            rf"(?P<name>{_FULL})"
        ),
        rf"\b(?:myself,|to me,|my name,) (?P<name>{_CAPS})",
        rf"\b(?:my|his|her|their|whose) (?:full )?names?(?:'s| is| to)? (?P<name>{_CAPS})",
        (
            rf"\b(?:i am|i'm|this is|it's under|name is) "
            rf"(?P<name>{_FULL})(?=[,.!?]|$|\n| and\b| here\b)"
        ),
        rf"\b(?:i am|i'm|this is) (?P<name>{_CAP}) (?:here|speaking|calling)\b",
        rf"\b(?:i'm|i am|this is) (?P<name>{_CAP})[,.!] (?:my|i|and|could|can|i'd)\b",
        (
            rf"\b{_BELONGS} (?:\w+ )?{_OTHERS}(?:'s name is|,| (?:is )?(?:named|called))? "
            rf"(?P<name>{_CAPS})"
        ),
        rf"{_TITLE}(?P<name>{_CAPS})",
        rf"\bmy name\b[^.?!\n]{{0,20}}[.?!,:]\s(?:it's |it is |is )?(?P<name>{_FULL})",
        rf"\bfor (?P<name>{_CAPS}) and (?:another|one|the other)(?: \w+)? for {_CAP}",
        rf"\bfor {_CAP} and (?:another|one|the other)(?: \w+)? for (?P<name>{_CAPS})",
        rf"\bunder the name(?: of)? (?P<name>{_CAPS})",
    )
]
#: Said by the assistant: it calls the user by name.
_ADDRESSED = re.compile(
    r"(?:^|[.!?\n] ?)(?:thank you(?: so much| very much)?|thanks|hi|hello|dear|welcome(?: back)?"
    rf"|nice to meet you|sorry),? (?P<name>{_CAP}(?: {_CAP})?)(?=[,.!])",
    _I,
)
#: A second person, beside one who is known: "one for Aarav and another for Evelyn".
_BESIDE = r"(?:,| and| &| or)(?: (?:another|one|the other)(?: one)?)?(?: for| to| with)? "
_ASKS_NAME = re.compile(
    r"\b(?:your|passengers?'?s?'?|full|first|last|their|contact|guest|account holder'?s?)"
    r"(?: \w+){0,2} names?\b|who (?:am i|do i have)|what (?:is|are) (?:the|your) names?",
    _I,
)
_ANSWER = re.compile(
    (
        rf"(?:(?:it's|it is|this is|the name is|sure|yes|i'm|i am|hi|ok|okay)[,.!:]? )*"
        rf"(?P<name>{_CAPS}|{_ANY})[.!]?$"
    ),
    _I,
)
_NOT_A_NAME = word_set(
    """
    i you he she it we they me my your the a an and or but so if yes no not sure okay ok thanks
    thank please hello hi hey sorry all everyone everybody there here again team folks friend sir
    madam customer guest support just also only still really very too is are was in on at to for
    from with of by as what which who how when where why can could would will need want like have
    going looking trying calling writing one two three economy business first basic none nothing
    that this these those good great fine correct right wrong missing misspelled spelled under
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december today tomorrow
    sounds perfect exactly absolutely actually unfortunately alright never mind back because
    same different any both either neither new old other another ready done happy glad afraid
    """
)
#: Words that end a name that was said in small letters: "my name is mia and …".
_BEHIND = re.compile(r"\b(?:and|but|i|my|from|the|with|here|please|so|is|on|in|at|for|or)\b.*", _I)
#: Characters of an answer that is nothing but a name.
_MAX_ANSWER = 60


def names_given(text: str, *, by_user: bool) -> Iterator[str]:
    """Find names that a turn gives away."""
    if by_user:
        for pattern in (_INTRODUCED, _INTRODUCED_UNSPACED):
            for found in pattern.finditer(text):
                yield from _name(_BEHIND.sub("", found["name"]))
    else:
        for found in _ADDRESSED.finditer(text):
            yield from _name(found["name"])
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            yield from _name(found["name"])


def asks_for_name(text: str) -> bool:
    """Tell whether the assistant asks what somebody is called."""
    return _ASKS_NAME.search(text) is not None


def name_answered(text: str) -> Iterator[str]:
    """Find the name in an answer to that question, which may be nothing but the name."""
    for line in map(str.strip, re.split(r"[\n;,]", text)):
        if line and len(line) <= _MAX_ANSWER and (found := _ANSWER.match(line)):
            yield from _name(found["name"])


def beside(known: str) -> re.Pattern[str]:
    """Return the pattern of somebody who is mentioned together with one who is known."""
    return re.compile(rf"\b{re.escape(known)}{_BESIDE}(?P<name>{_CAP}(?: {_CAP})?)", _I)


def _name(words: str) -> Iterator[str]:
    """Yield a name without what is none at its ends."""
    kept = words.split()
    while kept and kept[0].lower().strip(".'") in _NOT_A_NAME:
        return
    for place, word in enumerate(kept):
        if word.lower().strip(".") in _NOT_A_NAME:
            kept = kept[:place]
            break
    if kept:
        yield " ".join(kept)
