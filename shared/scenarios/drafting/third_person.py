"""Third person: the user's own words as statements about the user."""

import re

from shared.scenarios.text import word_set

#: First and second person forms, each with its third person form.
_FORMS = dict(
    pair.split(": ")
    for pair in (
        *("am i: are they", "was i: were they", "and am: and are", "but am: but are"),
        *("and was: and were", "i'm: they are", "i am: they are", "i was: they were"),
        *("i've: they have", "i'd: they would", "i'll: they will", "i: they", "me: them"),
        *("my: their", "mine: theirs", "myself: themselves", "we're: they are"),
        *("we've: they have", "we'd: they would", "we'll: they will", "we: they", "us: them"),
        *("our: their", "ours: theirs", "ourselves: themselves", "are you: is the assistant"),
        *("do you: does the assistant", "have you: has the assistant"),
        *("you are: the assistant is", "you're: the assistant is"),
        *("you have: the assistant has", "you've: the assistant has"),
        *("you do: the assistant does", "you: the assistant", "your: the assistant's"),
        "yours: the assistant's",
    )
)
#: Verbs that are inflected after "you" ("you carry"); others stay as they are.
_INFLECTED = word_set(
    "allow carry charge confirm find finish give go know list look make mean need offer recommend"
    " require say see sell send show stock suggest tell think verify want"
)
_YOU_DO = re.compile(
    rf"(?<![\w'])you (?P<verb>{'|'.join(sorted(_INFLECTED))})(?![\w'])", re.IGNORECASE
)
_ASKED_BEFORE = re.compile(
    r"\b(?:do|did|can|could|will|would|should|may|might|must) $", re.IGNORECASE
)
# Longer forms first.
_WORDS = re.compile(
    r"(?<![\w'])(?:" + "|".join(sorted(_FORMS, key=len, reverse=True)) + r")(?![\w']|\.\w)",
    re.IGNORECASE,
)


def to_third_person(text: str) -> str:
    """Return a text with the user as "they" and its reader as "the assistant"."""
    return _WORDS.sub(_replace, _YOU_DO.sub(_inflect, text))


def _inflect(found: re.Match[str]) -> str:
    verb = found["verb"]
    if _ASKED_BEFORE.search(found.string, 0, found.start()):
        return f"the assistant {verb}"
    ending = "ies" if verb.endswith("ry") else "es" if verb.endswith(("o", "sh")) else "s"
    return f"the assistant {verb.removesuffix('y') if ending == 'ies' else verb}{ending}"


def _replace(found: re.Match[str]) -> str:
    words = found[0]
    # "US" is the country.
    return words if words == "US" else _FORMS[words.lower()]
