"""Tool goals: a goal derived from the names of the called tools.

``ReserveRestaurant`` implies that the user wants to reserve a restaurant. Most tools, though,
only serve the assistant, such as an account lookup or a calculation. So a goal is derived
only if the user's own words request the action of every tool.
"""

import re
from collections.abc import Sequence

from shared.scenarios.drafting.clauses import Clause, Form, Weight
from shared.scenarios.text import word_set
from shared.sessions.transcript import Transcript

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERB = re.compile(r"(?:the assistant )?to (\w+)")
_WORD = re.compile(r"[^\W_]+")
#: Maximum tools of a goal; more are a toolbox.
_MAX_TOOLS = 4
#: Verbs of tool names, as phrases before a thing.
_VERBS = {"search": "search for", "lookup": "look up", "request": "request", "query": "look up"}
#: Groups of synonyms of users and tool names.
_SYNONYMS = tuple(
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
_ACTIONS = frozenset().union(*_SYNONYMS)
#: Things without an article.
_UNCOUNTED = word_set("money music weather information insurance help support availability media")


def extract_tool_goal(transcript: Transcript, goal: Sequence[Clause]) -> Clause | None:
    """Return the goal in the words of the tools; None if a tool serves anything else."""
    tools = list(dict.fromkeys(called.tool for called, _ in transcript.calls()))
    if not 0 < len(tools) <= _MAX_TOOLS:
        return None
    requests = [clause.words.lower() for clause in goal if clause.form is Form.WANTS]
    wants = []
    for tool in tools:
        words = [word.lower() for word in _PARTS.findall(tool)]
        if len(words) < 2 or not any(_requests(request, words) for request in requests):
            return None
        wants.append(_want(words))
    return Clause(Form.WANTS, Weight.WANT, _joined(wants))


def _requests(request: str, words: list[str]) -> bool:
    """Check whether a request names a tool's object, and no other action on it."""
    if words[0] not in _ACTIONS or _stem(words[-1]) not in map(_stem, _WORD.findall(request)):
        return False
    verb = _VERB.match(request)
    return verb is None or any({words[0], verb[1]} <= group for group in _SYNONYMS)


def _want(words: list[str]) -> str:
    verb, thing = words[0], " ".join(words[1:])
    if not (words[-1].endswith("s") or words[-1] in _UNCOUNTED):
        thing = f"{'an' if thing[0] in 'aeiu' else 'a'} {thing}"
    return f"to {_VERBS.get(verb, verb)} {thing}"


def _joined(wants: list[str]) -> str:
    return wants[0] if len(wants) == 1 else f"{', '.join(wants[:-1])} and {wants[-1]}"


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
