"""What the names of the tools that were called tell about the goal.

``ReserveRestaurant`` was called because the user wants to reserve a restaurant. That holds
where a tool does what a user asks for; most tools only serve the assistant, which looks up
an account or adds two numbers on the way. So a goal is taken from the tools only where the
user asks, in their own words, for what every one of them does.
"""

import re
from collections.abc import Sequence

from shared.scenarios.clauses import Clause, Form, Weight
from shared.scenarios.text import word_set
from shared.sessions.transcript import Transcript

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERB = re.compile(r"(?:the assistant )?to (\w+)")
_WORD = re.compile(r"[^\W_]+")
#: More kinds of tools than this are a tool-box, not wishes.
_MAX_TOOLS = 4
#: Verbs that a tool's name begins with, as they stand before a thing.
_VERBS = {"search": "search for", "lookup": "look up", "request": "request", "query": "look up"}
#: Verbs that a user and a tool's name may use for the same.
_SAME = tuple(
    map(
        word_set,
        (
            "search find look lookup query get check see show know explore pull want need",
            "reserve book make get schedule order take request call arrange",
            "buy book get purchase order",
            "rent book get reserve hire",
            "change modify update edit adjust reschedule move switch",
            "play listen hear watch put start",
            "pay send transfer settle",
            "add set create make",
            "cancel drop",
            "return exchange send",
            "share send tell",
        ),
    )
)
_ACTIONS = frozenset().union(*_SAME)
#: Things that have no "a" before them.
_UNCOUNTED = word_set("money music weather information insurance help support availability media")


def goals_of_tools(transcript: Transcript, goal: Sequence[Clause]) -> Clause | None:
    """Return what a user with this goal wanted done, in the words of the tools that did it.

    None where a tool was called for anything else.
    """
    tools = list(dict.fromkeys(called.tool for called, _ in transcript.calls()))
    if not 0 < len(tools) <= _MAX_TOOLS:
        return None
    wanted = [clause.words.lower() for clause in goal if clause.form is Form.WANTS]
    wishes = []
    for tool in tools:
        words = [word.lower() for word in _PARTS.findall(tool)]
        if len(words) < 2 or not any(_asks_for(said, words) for said in wanted):
            return None
        wishes.append(_wish(words))
    return Clause(Form.WANTS, Weight.WANT, _joined(wishes))


def _asks_for(said: str, words: list[str]) -> bool:
    """Tell whether a want names a tool's object, and no other thing to be done with it."""
    if words[0] not in _ACTIONS or _stem(words[-1]) not in map(_stem, _WORD.findall(said)):
        return False
    verb = _VERB.match(said)
    return verb is None or any({words[0], verb[1]} <= same for same in _SAME)


def _wish(words: list[str]) -> str:
    verb, thing = words[0], " ".join(words[1:])
    if not (words[-1].endswith("s") or words[-1] in _UNCOUNTED):
        thing = f"{'an' if thing[0] in 'aeiu' else 'a'} {thing}"
    return f"to {_VERBS.get(verb, verb)} {thing}"


def _joined(wishes: list[str]) -> str:
    return wishes[0] if len(wishes) == 1 else f"{', '.join(wishes[:-1])} and {wishes[-1]}"


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
