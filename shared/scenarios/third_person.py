"""From what the user says of themselves to what is said of the user."""

import re

#: Longer forms first: the first that fits is taken.
_FORMS = {
    "am i": "are they",
    "was i": "were they",
    "and am": "and are",
    "but am": "but are",
    "and was": "and were",
    "i'm": "they are",
    "i am": "they are",
    "i was": "they were",
    "i've": "they have",
    "i'd": "they would",
    "i'll": "they will",
    "i": "they",
    "me": "them",
    "my": "their",
    "mine": "theirs",
    "myself": "themselves",
    "we're": "they are",
    "we've": "they have",
    "we'd": "they would",
    "we'll": "they will",
    "we": "they",
    "us": "them",
    "our": "their",
    "ours": "theirs",
    "ourselves": "themselves",
    "are you": "is the assistant",
    "do you": "does the assistant",
    "have you": "has the assistant",
    "you are": "the assistant is",
    "you're": "the assistant is",
    "you have": "the assistant has",
    "you've": "the assistant has",
    "you do": "the assistant does",
    "you": "the assistant",
    "your": "the assistant's",
    "yours": "the assistant's",
}
_WORDS = re.compile(
    r"(?<![\w'])(?:" + "|".join(sorted(_FORMS, key=len, reverse=True)) + r")(?![\w']|\.\w)",
    re.IGNORECASE,
)


def third_person(text: str) -> str:
    """Return a text with the user as "they" and its reader as "the assistant"."""
    return _WORDS.sub(_replace, text)


def _replace(found: re.Match[str]) -> str:
    words = found[0]
    # The country, not the pronoun.
    return words if words == "US" else _FORMS[words.lower()]
