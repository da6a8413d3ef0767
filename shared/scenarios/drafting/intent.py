"""Intent: the user's goal in a few plain sentences about the user.

Users often state a goal after a greeting, in parts, and revise it later. So its clauses are
collected from all messages and repetitions dropped; the rest is rendered in order. If not
all fits, clauses of higher rank are selected first.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from shared.scenarios.drafting.clauses import Clause, Form, Weight, extract_clauses
from shared.scenarios.drafting.third_person import to_third_person
from shared.scenarios.library.domain import MAX_INTENT
from shared.scenarios.text import (
    clean,
    collapse_spaces,
    shorten,
    split_sentences,
    truncate,
    word_set,
)

#: Characters of one clause in the intent, so that a long one leaves room for others.
_MAX_CLAUSE = 240
#: Messages analyzed from the start and from the end of a conversation.
_TURNS = 100
#: Clauses compared with one another, in quadratic time.
_CLAUSES = 120


def select_turns(turns: Sequence[str]) -> list[str]:
    """Return the messages that are analyzed for the goal, over-long ones shortened."""
    if len(turns) > 2 * _TURNS:
        turns = [*turns[:_TURNS], *turns[-_TURNS:]]
    return [shorten(turn) for turn in turns]


def extract_goal(turns: Sequence[str]) -> list[Clause]:
    """Return the clauses of these messages that make up the intent, in order."""
    by_turn = [extract_clauses(turn) for turn in turns]
    opening = next((n for n, of in enumerate(by_turn) if any(map(_is_specific_want, of))), -1)
    clauses = [
        replace(clause, opening=number <= opening, words=truncate(clause.words, _MAX_CLAUSE))
        for number, of in enumerate(by_turn)
        for clause in of
    ]
    return _select_fitting(_without_vague(_without_repeated(clauses[:_CLAUSES])))


def render_intent(turns: Sequence[str], goal: list[Clause], headline: Clause | None = None) -> str:
    """Return the intent (1 to 500 characters) of a user with these messages.

    ``headline`` is a summary of the goal from another source than the messages. Without a
    recognized goal, as in other languages, the user's first words are quoted.
    """
    if headline is not None:
        details = [clause for clause in goal if not _is_covered(clause, headline)]
        text = _render_clauses(_select_fitting([headline, *details]))
        # The next want specifies the headline; it is not an additional one.
        return text.replace(". They also want ", ". They want ", 1)
    return _render_clauses(goal) if goal else _quote(turns)


def _is_covered(clause: Clause, headline: Clause) -> bool:
    """Check whether the headline contains a want; "one way" is in "oneway"."""
    text = headline.words.lower()
    return clause.form is Form.WANTS and all(
        word in text or word in _SEEKING for word in _content_words(clause)
    )


def _without_repeated(clauses: list[Clause]) -> list[Clause]:
    """Drop clauses whose content another clause has as well."""
    unique: list[Clause] = []
    for clause in clauses:
        words = _content_words(clause)
        if not words:
            continue
        new = words.difference(*map(_content_words, unique))
        replaced = [
            one for one in unique if one.weight <= clause.weight and _content_words(one) <= words
        ]
        detailed = new and any(_content_words(one) <= words for one in unique)
        if not (detailed or (new and clause.changes) or len(new) > len(words) * _MIN_NEW):
            continue
        # A repetition with more detail replaces the earlier clause.
        unique = [one for one in unique if one not in replaced]
        opening = clause.opening or any(one.opening for one in replaced)
        unique.append(replace(clause, opening=opening))
    return unique


def _without_vague(clauses: list[Clause]) -> list[Clause]:
    """Drop "make a change to my booking" if another clause specifies the change."""
    specific = [clause for clause in clauses if not _is_vague(clause)]
    return specific if any(c.weight is Weight.WANT for c in specific) else clauses


def _is_vague(clause: Clause) -> bool:
    words = set(_WORD.findall(clause.words.lower()))
    return bool(words & _VAGUE_VERBS) and words <= _VAGUE_VERBS | _VAGUE_WORDS | _EMPTY


def _is_specific_want(clause: Clause) -> bool:
    return clause.weight is Weight.WANT and not _is_vague(clause)


def _rank(clause: Clause) -> int:
    """Return the rank of a clause: users open with the goal that they came for."""
    if clause.weight is Weight.WANT:
        return _OPENING_WANT if clause.opening else _CHANGE if clause.changes else _LATER_WANT
    opens = clause.opening and clause.weight is Weight.STATEMENT
    return _CHANGE if opens else clause.weight


def _select_fitting(clauses: list[Clause]) -> list[Clause]:
    """Select by rank the clauses that fit the limit; their order stays.

    The first want moves to the front. Only a few questions are selected, and later ones only
    if they mention the user: others concern what is offered, not the goal.
    """
    clauses = [clause for clause in clauses if not _is_side_question(clause)] or clauses
    first = next((c for c in clauses if c.weight is Weight.WANT), None)
    if first is not None:
        clauses = [first, *(clause for clause in clauses if clause is not first)]
    selected: list[int] = []
    questions = 0
    for index in sorted(range(len(clauses)), key=lambda index: (-_rank(clauses[index]), index)):
        clause = clauses[index]
        if clause.form is Form.ASKS and questions == _QUESTIONS:
            continue
        attempt = sorted([*selected, index])
        if len(_render_clauses([clauses[i] for i in attempt])) <= MAX_INTENT:
            selected = attempt
            questions += clause.form is Form.ASKS
    return [clauses[index] for index in selected]


def _is_side_question(clause: Clause) -> bool:
    return (
        clause.form is Form.ASKS
        and not clause.opening
        and _FIRST_PERSON.search(clause.words) is None
    )


def _render_clauses(clauses: list[Clause]) -> str:
    """Render the clauses as sentences; consecutive wants share one."""
    rendered: list[str] = []
    joined = 0
    for index, clause in enumerate(clauses):
        before = clauses[index - 1] if index else None
        shares = before is not None and before.form is clause.form is Form.WANTS
        if shares and index > 1 and not clause.changes and joined < _JOINED:
            rendered[-1] = f"{rendered[-1][:-1]}; {to_third_person(clause.words)}."
            joined += 1
        else:
            rendered.append(_sentence(clause, first=index == 0))
            joined = 1
    return " ".join(rendered)


def _sentence(clause: Clause, *, first: bool) -> str:
    words = to_third_person(clause.words)
    if clause.form is Form.ASKS:
        return f"{'The user asks' if first else 'They ask'}: \u201c{clause.words}\u201d"
    if clause.form is Form.TELLS:
        if first:
            words = words if _ACRONYM.match(words) else words[:1].lower() + words[1:]
            return f"The user says that {words}."
        return words[:1].upper() + words[1:] + "."
    if first:
        return f"The user wants {words}."
    return f"They {'then' if clause.changes else 'also'} want {words}."


def _quote(turns: Sequence[str]) -> str:
    """Quote the first message longer than a greeting, or else the first."""
    plain = [text for turn in turns if split_sentences(text := collapse_spaces(clean(turn)))]
    plain = plain or [text for turn in turns if (text := collapse_spaces(turn))]
    first = next((text for text in plain if len(text) > _GREETING), plain[0])
    opening = "The user says: \u201c"
    return opening + truncate(first, MAX_INTENT - len(opening) - 1) + "\u201d"


def _content_words(clause: Clause) -> frozenset[str]:
    """Return the content words of a clause, without endings."""
    words = set(_WORD.findall(clause.words.lower())) - _EMPTY
    return frozenset(_ENDING.sub("", word) for word in words)


#: Ranks above the weight of a statement.
_OPENING_WANT, _CHANGE, _LATER_WANT = 6, 5, 4
#: Minimum share of new words in a clause; one with fewer is a repetition.
_MIN_NEW = 0.34
#: Maximum wants in one sentence, and questions in all.
_JOINED = 3
_QUESTIONS = 2
#: Maximum characters of a greeting in any language.
_GREETING = 12
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i'd|i've|me|my|we|our|us)\b", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z]{2}")
_WORD = re.compile(r"[\w$%'-]+")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s)$|'s$")
#: Function words, and words without a meaning for the goal.
_EMPTY = word_set(
    """
    a about again all also am an and any are as at be been but by can could do does don't for
    from get had has have he help her him i i'd i'll i'm if in into is it its just let like may
    me more my need not now of on or our out please really she should so some that the their
    them then there these they this those to too try up us use want was we well were what when
    where which who will with would you your assistant know look find going go see
    """
)
#: Words for searching and booking, whatever the name of the tool.
_SEEKING = frozenset({"book", "get", "make", "reserve", "reservation", "search", "check", "want"})
_VAGUE_VERBS = word_set(
    "adjust assistance change changes do edit help modify requests take things update updates"
)
_VAGUE_WORDS = word_set(
    """
    make made upcoming few booking flight flights issue order orders problem question request
    reservation reservations something thing things trip account recent current details
    assistance a couple two three several both care done first quickly purchase purchases
    """
)
