"""Introductions: names and secrets that messages reveal, of the user and of others."""

import re
from collections.abc import Iterator

from shared.scenarios.text import any_of, word_set

_I = re.IGNORECASE
#: Capitalized word, except "I".
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
_OTHERS = (
    "passenger", "friend", "husband", "wife", "son", "daughter", "brother", "sister", "mother",
    "father", "mom", "mum", "dad", "partner", "colleague", "coworker", "co-worker", "boss",
    "cousin", "fianc\u00e9", "fianc\u00e9e", "fiance", "fiancee", "uncle", "aunt", "niece",
    "nephew", "roommate", "neighbor", "neighbour", "kid", "child", "baby", "traveler",
    "traveller", "guest", "companion", "assistant", "manager",
)  # fmt: skip
#: Introductions by the user, also in lower case.
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
#: Chinese names have two to four characters and no space after them.
_INTRODUCED_UNSPACED = re.compile(
    "(?:\u6211\u53eb|\u6211\u7684\u540d\u5b57\u662f|\u6211\u7684\u59d3\u540d\u662f)"
    "(?P<name>[\u4e00-\u9fff]{2,4}?)(?=[\u3002\uff0c,.!\uff01\\s\u548c\u6211]|$)"
)
_BELONGS = "(?:my|our|his|her|their|the|another|a|whose|this|that)"
_LABEL = r"[*_]{0,2}(?:'s| is|:)[*_ ]{1,4}"
_COLON = r"[*_]{0,2}:[*_ ]{1,4}"
_WHOSE = "(?:full|passenger|customer|guest|contact|cardholder)"
_CALLED = "(?:'s name is|,| (?:is )?(?:named|called))?"
_DONE = r"(?=[,.!?]|$|\n| and\b| here\b)"
_GREETING = r"(?:hi|hello|hey)\b[^.,?!\n]{0,30}[,.!]"
#: Capitalized names in any message: hints, one of which the lower-case text must contain,
#: and the patterns that are searched then.
_NAMED = [
    (hints, [re.compile(pattern, _I) for pattern in patterns])
    for hints, *patterns in (
        (
            ("name",),
            rf"\b(?:first|last|given|family|sur)[ -]?name{_LABEL}(?P<name>{_CAP})",
            rf"\b{_WHOSE} names?{_LABEL}(?P<name>{_CAPS})",
            rf"(?:^|\n)[\W_]{{0,6}}name[*_]{{0,2}}:[*_ ]{{1,4}}(?P<name>{_FULL})",
            rf"\b(?:my|his|her|their|whose) (?:full )?names?(?:'s| is| to)? (?P<name>{_CAPS})",
            rf"\bmy name\b[^.?!\n]{{0,20}}[.?!,:]\s(?:it's |it is |is )(?P<name>{_CAPS})",
            rf"\bmy name\b[^.?!\n]{{0,20}}[.?!,:]\s(?P<name>{_FULL})",
            rf"\b(?P<name>{_CAPS}) is my (?:full |first |last )?name\b",
            rf"\b(?:under|in) the name(?: of)? (?P<name>{_CAPS})",
            rf"\bname is (?P<name>{_FULL}){_DONE}",
            rf"\bmy name, (?P<name>{_CAPS})",
        ),
        (
            ("i am", "i'm", "this is", "it's under"),
            rf"\b(?:i am|i'm|this is|it's under) (?P<name>{_FULL}){_DONE}",
            rf"\b(?:i am|i'm|this is) (?P<name>{_CAP}) (?:here|speaking|calling)\b",
            rf"\b(?:i'm|i am|this is) (?P<name>{_CAP})[,.!] (?:my|i|and|could|can|i'd)\b",
            rf"\b(?:i'm|i am) (?P<name>{_CAP})(?=[,.!]| [-\u2013\u2014] | the\b|$)",
            rf"\bthis is (?P<name>{_CAP})(?= (?:the|from)\b)",
        ),
        (
            ("hi", "hello", "hey", " here"),
            rf"^{_GREETING} (?:it's|it is|this is|i'm|i am) (?P<name>{_CAP})(?=[,.!]|$)",
            rf"^(?:{_GREETING} )?(?P<name>{_CAPS}) here\b",
        ),
        (_OTHERS, rf"\b{_BELONGS} (?:\w+ )?{any_of(*_OTHERS)}s?{_CALLED} (?P<name>{_CAPS})"),
        (
            ("passenger", "customer", "guest", "traveler", "patient"),
            rf"\b(?:passenger|customer|guest|traveler|patient)s?{_COLON}(?P<name>{_FULL})",
        ),
        (("myself,", "to me,"), rf"\b(?:myself,|to me,) (?P<name>{_CAPS})"),
        (("mr", "ms", "miss", "dr", "prof"), rf"\b(?:mr|mrs|ms|miss|dr|prof)\.? (?P<name>{_CAPS})"),
        (
            ("another", "one for", "the other"),
            rf"\bfor (?P<name>{_CAPS}) and (?:another|one|the other)(?: \w+)? for {_CAP}",
            rf"\bfor {_CAP} and (?:another|one|the other)(?: \w+)? for (?P<name>{_CAPS})",
        ),
    )
]
#: Names by which the assistant addresses the user.
_ADDRESSED = re.compile(
    r"(?:^|[.!?\n] ?)(?:thank you(?: so much| very much)?|thanks|hi|hello|dear|welcome(?: back)?"
    rf"|nice to meet you|sorry),? (?P<name>{_CAP}(?: {_CAP})?)(?=[,.!])",
    _I,
)
#: Words between two people: "one for Aarav and another for Evelyn".
_COMPANION = r"(?:,| and| &| or)(?: (?:another|one|the other)(?: one)?)?(?: for| to| with)? "
_ASKS_NAME = re.compile(
    r"\b(?:your|passengers?'?s?'?|full|first|last|their|contact|guest|account holder'?s?)"
    r"(?: \w+){0,2} names?\b|who (?:am i|do i have|(?:is|are|will be) (?:the|your|hosting))"
    r"|who's (?:the|your|hosting)|what (?:is|are) (?:the|your) names?",
    _I,
)
_ASKS_SECRET = re.compile(
    r"\bpin\b|\bpin (?:code|number)|passcode|password|maiden name|security (?:question|answer|word)"
    r"|\b(?:first|childhood) pet\b|pet's name|\bsecret (?:question|answer|word)",
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
    tell ask let make book reserve find cancel change show give call add remove check
    that this these those good great fine correct right wrong missing misspelled spelled under
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december today tomorrow
    sounds perfect exactly absolutely actually unfortunately alright never mind back because
    over anyone someone nobody everything something anything
    same different any both either neither new old other another ready done happy glad afraid
    """
)
#: Nationalities and other attributes: "I'm Canadian".
_NATIONS = word_set(
    """
    american african asian australian austrian belgian brazilian british canadian chilean chinese
    colombian cuban czech danish dutch english european filipino finnish french german greek
    hungarian indian indonesian iranian irish israeli italian japanese jewish christian muslim
    catholic hindu buddhist kenyan korean latin latino latina mexican nigerian norwegian pakistani
    peruvian polish portuguese romanian russian scottish spanish swedish swiss taiwanese thai
    turkish ukrainian vegan vegetarian vietnamese welsh
    """
)
#: Words after a lower-case name: "my name is mia and …".
_AFTER_NAME = re.compile(
    r"\b(?:and|but|i|my|from|the|with|here|please|so|is|on|in|at|for|or)\b.*", _I
)
#: Characters of an answer that consists of a name.
_MAX_ANSWER = 60


def find_introduced_names(text: str, *, by_user: bool) -> Iterator[str]:
    """Find the names that a message reveals."""
    text = text.replace("\u2019", "'")
    lower = text.lower()
    if by_user:
        for pattern in (_INTRODUCED, _INTRODUCED_UNSPACED):
            for found in pattern.finditer(text):
                yield from _name(_AFTER_NAME.sub("", found["name"]))
    else:
        for found in _ADDRESSED.finditer(text):
            yield from _name(found["name"])
    for hints, patterns in _NAMED:
        for pattern in patterns if any(hint in lower for hint in hints) else ():
            for found in pattern.finditer(text):
                yield from _name(found["name"])


def asks_for_name(text: str) -> bool:
    """Check whether the assistant asks for a name."""
    lower = text.lower()
    return ("name" in lower or "who " in lower) and _ASKS_NAME.search(text) is not None


def parse_name_answer(text: str) -> Iterator[str]:
    """Find the name in an answer to that question, which can consist of the name."""
    short = len(text) <= _MAX_ANSWER
    for line in map(str.strip, re.split(r"[\n;,]", text)):
        found = _ANSWER.match(line) if len(line) <= _MAX_ANSWER else None
        # A lower-case name is recognized only in a short answer.
        if found and (short or not found["name"][0].islower()):
            yield from _name(found["name"])


def asks_for_secret(text: str) -> bool:
    """Check whether the assistant asks for a secret."""
    return _ASKS_SECRET.search(text) is not None


def parse_secret_answer(text: str) -> Iterator[str]:
    """Find possible secrets in an answer to that question: numbers, capitalized words."""
    if len(text) <= _MAX_ANSWER:
        yield from re.findall(r"(?<!\w)\d{3,12}(?!\w)", text)
        for word in re.findall(rf"(?<!\w){_CAP}", text):
            if word.lower() not in _NOT_A_NAME:
                yield word


def companion_pattern(known: str) -> re.Pattern[str]:
    """Return the pattern of a person mentioned together with a known one."""
    return re.compile(rf"\b{re.escape(known)}{_COMPANION}(?P<name>{_CAP}(?: {_CAP})?)", _I)


def _name(words: str) -> Iterator[str]:
    """Yield the name at the start of some words, if any."""
    name = words.split()
    if name and name[0].lower().strip(".'") in _NOT_A_NAME | _NATIONS:
        return
    for index, word in enumerate(name):
        if word.lower().strip(".") in _NOT_A_NAME:
            name = name[:index]
            break
    if name:
        yield " ".join(name)
